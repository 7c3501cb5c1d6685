import { RedisBackend } from 'nest-live/redis';

import { describeSharedInstances } from '../e2e/shared.contract.js';
import { RedisServer } from './redis.server.js';

describeSharedInstances('one Redis', async () => {
  const server = await RedisServer.start();
  return { join: () => new RedisBackend({ url: server.url }), stop: () => server.stop() };
});
