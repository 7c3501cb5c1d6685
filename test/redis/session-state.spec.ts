import { describeSessionState } from '../e2e/session-state.contract.js';
import { sharedRedis } from './shared-redis.js';

describeSessionState('Redis', sharedRedis());
