import { RedisBackend } from 'nest-live/redis';

import { describePresence } from '../e2e/presence.contract.js';
import { RedisServer } from './redis.server.js';

describePresence('one Redis', async () => {
  const server = await RedisServer.start();
  return { join: () => new RedisBackend({ url: server.url }), stop: () => server.stop() };
});
