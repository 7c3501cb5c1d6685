import { afterAll, beforeAll } from '@jest/globals';
import { RedisModule } from 'nest-live/redis';

import type { SharedBackend } from '../e2e/shared-backend.js';
import { RedisServer } from './redis.server.js';

/** One server of the suite that calls it, and in it a place of its own for each test. */
export const sharedRedis = (): (() => SharedBackend) => {
  let server: RedisServer;
  let places = 0;

  beforeAll(async () => {
    server = await RedisServer.start();
  });

  afterAll(() => server.stop());

  return () => {
    places += 1;
    const module = RedisModule.forRoot({ backend: 'redis', url: server.url, prefix: `test-${places}:` });
    return { module, end: () => Promise.resolve() };
  };
};
