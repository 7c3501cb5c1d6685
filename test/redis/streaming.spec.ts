import { RedisBackend } from 'nest-live/redis';

import { describeStreamingNodes } from '../e2e/streaming-nodes.contract.js';
import { describeStreaming } from '../e2e/streaming.contract.js';
import { RedisServer } from './redis.server.js';
import { sharedRedis } from './shared-redis.js';

describeStreaming('one Redis', sharedRedis());

describeStreamingNodes('one Redis', async () => {
  const server = await RedisServer.start();
  return { join: () => new RedisBackend({ url: server.url }), stop: () => server.stop() };
});
