import { afterAll, beforeAll } from '@jest/globals';
import { RedisModule } from 'nest-live/redis';

import { describeLeftForms } from '../security/left-forms.js';
import { RedisServer } from './redis.server.js';

let server: RedisServer;

beforeAll(async () => {
  server = await RedisServer.start();
});

afterAll(() => server.stop());

describeLeftForms('Redis', () => Promise.resolve([RedisModule.forRoot({ url: server.url })]));
