import { RedisBackend } from 'nest-live/redis';

import { describeRates } from '../e2e/rates.contract.js';
import { RedisServer } from './redis.server.js';

describeRates('one Redis', async () => {
  const server = await RedisServer.start();
  return { join: () => new RedisBackend({ url: server.url }), stop: () => server.stop() };
});
