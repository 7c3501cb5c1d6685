import { afterAll, beforeAll } from '@jest/globals';

import { RedisLink } from '../../libs/redis/src/redis.link.js';
import { RedisWidgetStore } from '../../libs/redis/src/redis.widget-store.js';
import { describeWidgetStore } from '../../src/state/widget-store.contract.js';
import { RedisServer } from './redis.server.js';

let server: RedisServer;
let link: RedisLink;

beforeAll(async () => {
  server = await RedisServer.start();
  link = new RedisLink({ url: server.url });
  await link.commands.connect();
});

afterAll(async () => {
  link.close();
  await server.stop();
});

describeWidgetStore('redis', async (options) => {
  await link.commands.flushall();
  return new RedisWidgetStore(link, options);
});
