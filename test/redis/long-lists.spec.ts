import { RedisBackend } from 'nest-live/redis';

import { describeLongLists } from '../e2e/long-lists.contract.js';
import { RedisServer } from './redis.server.js';

describeLongLists('one Redis', async () => {
  const server = await RedisServer.start();
  return { join: () => new RedisBackend({ url: server.url }), stop: () => server.stop() };
});
