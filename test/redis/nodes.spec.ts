import { RedisBackend } from 'nest-live/redis';

import { describeNodes } from '../e2e/nodes.contract.js';
import { RedisServer } from './redis.server.js';

describeNodes('one Redis', async () => {
  const server = await RedisServer.start();
  return { join: () => new RedisBackend({ url: server.url }), stop: () => server.stop() };
});
