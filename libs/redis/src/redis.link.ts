import { Redis, type RedisOptions as ConnectionOptions } from 'ioredis';

import type { RedisOptions } from './redis.options.js';

/** The connections of one backend: one for commands, one more for each reader that blocks or subscribes. */
export class RedisLink {
  readonly commands: Redis;
  readonly prefix: string;
  private readonly readers = new Set<Redis>();
  private readonly url: string;
  private readonly options: RedisOptions;

  constructor(options: RedisOptions = {}) {
    this.options = options;
    this.url = options.url ?? process.env.NEST_LIVE_REDIS_URL ?? process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';
    this.prefix = options.prefix ?? 'nl:';
    this.commands = this.dial({ commandTimeout: options.commandTimeoutMs ?? 1_000, enableOfflineQueue: false });
  }

  /** A connection of its own for a blocking or subscribing reader; it keeps trying for ever. */
  reader(): Redis {
    const reader = this.dial({ maxRetriesPerRequest: null });
    this.readers.add(reader);
    return reader;
  }

  key(...parts: readonly string[]): string {
    return this.prefix + parts.join(':');
  }

  close(): void {
    [this.commands, ...this.readers].forEach((connection) => connection.disconnect());
  }

  private dial(more: ConnectionOptions): Redis {
    return new Redis(this.url, { lazyConnect: true, ...this.options.connection, ...more });
  }
}
