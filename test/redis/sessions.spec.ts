import { describeSessions } from '../e2e/sessions.contract.js';
import { sharedRedis } from './shared-redis.js';

describeSessions('Redis', sharedRedis());
