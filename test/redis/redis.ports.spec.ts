import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import {
  RedisConnectionRouter,
  RedisEventBus,
  RedisFormStore,
  RedisLink,
  RedisRateCounter,
  RedisRenderCache,
} from 'nest-live/redis';

import { describeRenderCache } from '../../src/caching/render-cache.contract.js';
import { describeConnectionRouter } from '../../src/connections/connection-router.contract.js';
import { describeEventBus } from '../../src/events/event-bus.contract.js';
import { describeRateCounter } from '../../src/rates/rate-counter.contract.js';
import { describeFormStore } from '../../src/state/form-store.contract.js';
import { RedisServer } from './redis.server.js';

let server: RedisServer;
let links: readonly [RedisLink, RedisLink];
let rounds = 0;

beforeAll(async () => {
  server = await RedisServer.start();
  links = [new RedisLink({ url: server.url }), new RedisLink({ url: server.url, prefix: 'nl:' })];
  await Promise.all(links.map((link) => link.connect()));
});

afterAll(async () => {
  links.forEach((link) => link.close());
  await server.stop();
});

beforeEach(() => links[0].commands.flushall());

/** Two nodes, each with a link of its own, that share nothing with the round before. */
const twice = <T>(make: (link: RedisLink) => T): [T, T] => [make(links[0]), make(links[1])];

describeEventBus('Redis', async (options) => {
  // Buses of one test may differ in their options, and none sees the feeds of another pair.
  rounds += 1;
  const prefix = `nl${rounds}:`;
  const pair = [1, 2].map(() => new RedisLink({ url: server.url, prefix }));
  await Promise.all(pair.map((link) => link.connect()));
  const [one, two] = pair.map((link) => new ClosingEventBus(link, options));
  return [one, two];
});

/** Ends the link with the bus, as its backend does. */
class ClosingEventBus extends RedisEventBus {
  constructor(
    private readonly own: RedisLink,
    options: ConstructorParameters<typeof RedisEventBus>[1],
  ) {
    super(own, options);
  }

  override async close(): Promise<void> {
    await super.close();
    this.own.close();
  }
}

describeConnectionRouter('Redis', async (options) => ({
  routers: twice((link) => new RedisConnectionRouter(link, options)),
  count: () => links[0].commands.dbsize(),
}));

describeRateCounter(
  'Redis',
  async (now) => {
    if (now) await links[0].commands.flushall();
    return twice((link) => new RedisRateCounter(link, { now }));
  },
  30,
);

describeRenderCache('Redis', async () => twice((link) => new RedisRenderCache(link)));

describeFormStore('Redis', () => Promise.resolve(twice((link) => new RedisFormStore(link))));
