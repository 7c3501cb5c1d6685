import type { RedisOptions as ConnectionOptions } from 'ioredis';

/** What `RedisModule.forRoot()` accepts. */
export interface RedisOptions {
  /** `redis://` or `rediss://` address. @default `NEST_LIVE_REDIS_URL`, else `REDIS_URL` */
  url?: string;
  /** Further settings of ioredis: TLS, credentials, sentinels. */
  connection?: ConnectionOptions;
  /** Put before every key and channel, so that two applications can share a server. @default 'nl:' */
  prefix?: string;
  /** How long a command may take before it counts as unanswered, in milliseconds. @default 1_000 */
  commandTimeoutMs?: number;
}
