import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { RedisLink } from '../../libs/redis/src/redis.link.js';
import { RedisSessionStore } from '../../libs/redis/src/redis.session-store.js';
import { describeSessionStore } from '../../src/sessions/session-store.contract.js';
import { RedisServer } from './redis.server.js';

let server: RedisServer;
let link: RedisLink;

beforeAll(async () => {
  server = await RedisServer.start();
  link = new RedisLink({ url: server.url });
  await link.commands.connect();
});

afterAll(async () => {
  link?.close();
  await server?.stop();
});

describeSessionStore('Redis', async (options) => {
  await link.commands.flushall();
  return new RedisSessionStore(link, options);
});

describe('the Redis session store', () => {
  it('is one store for all nodes', async () => {
    const other = new RedisLink({ url: server.url });
    await other.commands.connect();
    const [here, there] = [new RedisSessionStore(link), new RedisSessionStore(other)];
    try {
      const { id } = await here.create({ userId: 'ada' });
      expect(await there.validate(id)).toBe(0);
      await there.delete(id);
      expect(await here.get(id)).toBeNull();
    } finally {
      other.close();
    }
  });

  it('leaves no key without an end but the grants', async () => {
    await link.commands.flushall();
    const store = new RedisSessionStore(link);
    const { id } = await store.create({ userId: 'ada', roles: ['editor'] });
    await store.update(id, { roles: ['viewer'] });
    const keys = await link.commands.keys('*');
    expect(keys).toHaveLength(3);
    for (const key of keys) expect({ key, ttl: await link.commands.pttl(key) }).not.toMatchObject({ ttl: -1 });
    expect(keys.every((key) => key.startsWith('nl:{sessions}:'))).toBe(true);
  });

  it('keeps nothing of an ended session', async () => {
    await link.commands.flushall();
    const store = new RedisSessionStore(link);
    const { id } = await store.create({ userId: 'ada', data: { cart: 1 } });
    await store.delete(id);
    await store.update(id, { data: { cart: 2 } });
    expect(await link.commands.keys('*')).toEqual(['nl:{sessions}:g:ada']);
  });
});
