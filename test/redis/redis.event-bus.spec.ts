import { setTimeout as wait } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { RedisConnectionRouter } from '../../libs/redis/src/redis.connection-router.js';
import { RedisEventBus } from '../../libs/redis/src/redis.event-bus.js';
import { RedisLink } from '../../libs/redis/src/redis.link.js';
import { RedisRateCounter } from '../../libs/redis/src/redis.rate-counter.js';
import { RedisRenderCache } from '../../libs/redis/src/redis.render-cache.js';
import { RedisServer } from './redis.server.js';

const until = async (isDone: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isDone())) await wait(5);
};

describe('the Redis event bus under faults', () => {
  let server: RedisServer;
  let link: RedisLink;
  let outside: RedisLink;
  let bus: RedisEventBus;

  beforeEach(async () => {
    server = await RedisServer.start();
    link = new RedisLink({ url: server.url });
    outside = new RedisLink({ url: server.url });
    await Promise.all([link.connect(), outside.connect()]);
    bus = new RedisEventBus(link, { silenceMs: 300 });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await bus.close();
    link.close();
    outside.close();
    await server.stop();
  });

  /** Ends the connections whose last command was this one. */
  const cut = async (command: string): Promise<number> => {
    const list = (await outside.commands.client('LIST')) as string;
    const ids = list
      .split('\n')
      .flatMap((line) => (line.includes(` cmd=${command} `) ? (/id=(\d+)/.exec(line)?.[1] ?? []) : []));
    for (const id of ids) await outside.commands.client('KILL', 'ID', id);
    return ids.length;
  };

  it('ignores what is no message, says so once, and goes on', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const topics: unknown[] = [];
    const entries: unknown[] = [];
    await bus.subscribe('a.*', (message) => void topics.push(message)).ready;
    await bus.follow('f', ({ message }) => void entries.push(message)).ready;
    const poison = [
      '',
      'garbage',
      '\u0000\ufffd',
      '[]',
      '"x"',
      'null',
      '{"m":1,"kind":"disconnect"}',
      '{"m":',
      `{"m":"${'x'.repeat(1024 * 1024)}"}`,
    ];
    for (const text of poison) {
      await outside.commands.publish('nl:topic::0:a.x', text);
      await outside.commands.xadd('nl:feed:f', '*', 'n', '1', 'm', text);
    }
    await outside.commands.xadd('nl:feed:f', '*', 'm', '{"m":"no number"}');
    await outside.commands.xadd('nl:feed:f', '*', 'other', 'fields');
    await outside.commands.publish('nl:topic::0:a.x.y', '{"m":"of another topic"}');
    await bus.publish('a.x', 'good');
    await bus.append('f', 'good');
    await until(() => topics.length > 0 && entries.length > 0);
    expect(topics).toEqual(['good']);
    expect(entries).toEqual(['good']);
    expect(warn.mock.calls.map(([line]) => line)).toEqual([
      'a message on "nl:topic::0:a.x" was ignored: not JSON',
      'a message on "f" was ignored: not JSON',
    ]);
  });

  it('subscribes again after its connection was lost', async () => {
    const heard: unknown[] = [];
    await Promise.all(
      ['a', 'b.*'].map((pattern) => bus.subscribe(pattern, (_, topic) => void heard.push(topic)).ready),
    );
    for (let round = 0; round < 3; round += 1) {
      await outside.commands.client('KILL', 'TYPE', 'pubsub');
      heard.length = 0;
      await until(async () => {
        await bus.publish('a', 1);
        await bus.publish('b.c', 1);
        return heard.includes('a') && heard.includes('b.c');
      });
    }
  });

  it('reads each entry of a feed once and in order while its connection is cut again and again', async () => {
    const heard: unknown[] = [];
    let gaps = 0;
    await bus.follow(
      'f',
      ({ message }) => void heard.push(message),
      () => (gaps += 1),
    ).ready;
    let cuts = 0;
    for (let entry = 0; entry < 300; entry += 1) {
      await bus.append('f', entry);
      if (entry % 30 === 0) cuts += await cut('xread');
    }
    await until(() => heard.length >= 300);
    await wait(20);
    expect(heard).toEqual(Array.from({ length: 300 }, (_, entry) => entry));
    expect(gaps).toBe(0);
    expect(cuts).toBeGreaterThan(0);
  });

  it('reads on when its server stands still and comes back', async () => {
    const heard: unknown[] = [];
    await bus.follow('f', ({ message }) => void heard.push(message)).ready;
    await bus.append('f', 1);
    await until(() => heard.length === 1);
    server.signal('SIGSTOP');
    await wait(900);
    server.signal('SIGCONT');
    await until(async () =>
      bus.append('f', 2).then(
        () => true,
        () => false,
      ),
    );
    await until(() => heard.includes(2));
    expect(heard[0]).toBe(1);
  });

  it('tells a follower when the server has lost what it had, and reads what is new', async () => {
    const heard: unknown[] = [];
    await bus.follow(
      'f',
      ({ message }) => void heard.push(message),
      () => heard.push('gap'),
    ).ready;
    await bus.append('f', 1);
    await until(() => heard.length === 1);
    await server.down('SIGKILL');
    await server.up();
    await until(async () =>
      bus.append('f', 2).then(
        () => true,
        () => false,
      ),
    );
    await until(() => heard.includes(2));
    expect(heard).toEqual([1, 'gap', 2]);
  });

  it('is not stuck behind a place that a restored server has not reached yet', async () => {
    const heard: unknown[] = [];
    await bus.follow(
      'f',
      ({ message }) => void heard.push(message),
      () => heard.push('gap'),
    ).ready;
    await outside.commands.xadd('nl:feed:f', '9999999999999-0', 'n', '1', 'm', '{"m":"of a clock ahead"}');
    await until(() => heard.length === 1);
    await outside.commands.del('nl:feed:f', 'nl:feed-count:f');
    await cut('xread');
    await until(async () => {
      await bus.append('f', 'new');
      return heard.includes('new');
    });
    expect(heard.slice(0, 2)).toEqual(['of a clock ahead', 'gap']);
  });

  it('opens two connections, however many subscribe and follow, and ends them', async () => {
    const clients = async () => ((await outside.commands.client('LIST')) as string).trim().split('\n').length;
    const before = await clients();
    const ports = [new RedisConnectionRouter(link), new RedisRateCounter(link), new RedisRenderCache(link)] as const;
    const ready: Promise<void>[] = [];
    for (let round = 0; round < 30; round += 1) {
      ready.push(bus.subscribe(`t${round}.*`, () => undefined).ready, bus.follow(`f${round}`, () => undefined).ready);
      await Promise.all([bus.publish('t', 1), bus.append('f', 1), ports[0].announce('n'), ports[2].get('k')]);
      await ports[1].take('k', { limit: 1, windowMs: 1_000 });
    }
    await Promise.all(ready);
    await until(async () => (await clients()) === before + 2);
    await Promise.all([bus, ...ports].map((port) => port.close()));
    await until(async () => (await clients()) === before);
  });

  it('leaves no key without an end but the living router entries', async () => {
    await bus.append('f', 1);
    await new RedisRateCounter(link).take('k', { limit: 1, windowMs: 1_000 });
    await new RedisRenderCache(link).set('k', { html: 'x', tags: ['t'] }, 1_000);
    const keys = await outside.commands.keys('*');
    expect(keys.sort()).toEqual(['nl:feed-count:f', 'nl:feed:f', 'nl:rate:1/1000:k', 'nl:render-tag:t', 'nl:render:k']);
    for (const key of keys) expect(await outside.commands.pttl(key)).toBeGreaterThan(0);
  });

  it('answers STORE_UNAVAILABLE when Redis is away', async () => {
    await server.down('SIGKILL');
    const calls = [
      () => bus.publish('a', 1),
      () => bus.append('f', 1),
      () => new RedisConnectionRouter(link).nodes(),
      () => new RedisRateCounter(link).take('k', { limit: 1, windowMs: 1 }),
      () => new RedisRenderCache(link).get('k'),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});
