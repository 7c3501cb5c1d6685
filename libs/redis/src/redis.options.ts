import type { InjectionToken, ModuleMetadata, OptionalFactoryDependency } from '@nestjs/common';
import type { RedisOptions as ConnectionOptions } from 'ioredis';
import type { StateStoreOptions } from 'nest-live/extend';

/** Times and bounds of instances kept in Redis. */
export interface RedisStateStoreOptions extends Omit<StateStoreOptions, 'now' | 'ttlMs'> {
  /** How long an instance is remembered after its last contact, in milliseconds. @default 86_400_000 (24 hours) */
  readonly ttlMs?: number;
  /** Client sessions on one instance; beyond, the least recently active one goes. @default 10_000 */
  readonly maxClientSessions?: number;
}

/** What `RedisModule.forRoot()` accepts. */
export interface RedisOptions {
  /** `memory` leaves Redis alone: for development and tests of one process. @default `NEST_LIVE_BACKEND`, else 'redis' */
  backend?: 'redis' | 'memory';
  /** `redis://` or `rediss://` address. @default `NEST_LIVE_REDIS_URL`, else `REDIS_URL` */
  url?: string;
  /** Further settings of ioredis: TLS, credentials, sentinels. */
  connection?: ConnectionOptions;
  /** Put before every key and channel, so that two applications can share a server. @default 'nl:' */
  prefix?: string;
  /** How long a command may take before it counts as unanswered, in milliseconds. @default 1_000 */
  commandTimeoutMs?: number;
  /** How long the application waits for Redis when it starts, in milliseconds. @default 10_000 */
  startTimeoutMs?: number;
  /** Times and bounds of instances. */
  state?: RedisStateStoreOptions;
}

/** `forRootAsync`: the options from a factory, as in any Nest module. */
export interface RedisAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  inject?: (InjectionToken | OptionalFactoryDependency)[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the parameters are what `inject` names
  useFactory: (...dependencies: any[]) => RedisOptions | Promise<RedisOptions>;
}
