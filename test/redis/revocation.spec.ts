import { describeRevocation } from '../e2e/revocation.contract.js';
import { sharedRedis } from './shared-redis.js';

describeRevocation('one Redis', sharedRedis());
