export type { RedisOptions } from './redis.options.js';
