import { RedisBackend } from 'nest-live/redis';

import { describeRendersProperty } from '../properties/renders.properties.js';
import { RedisServer } from './redis.server.js';

describeRendersProperty(
  'one Redis',
  async () => {
    const server = await RedisServer.start();
    return { join: () => new RedisBackend({ url: server.url }), stop: () => server.stop() };
  },
  // Each step waits for a server: fewer runs in the same time.
  1 / 8,
);
