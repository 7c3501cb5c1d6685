import { randomInt } from 'node:crypto';

import { Logger } from '@nestjs/common';
import type { Redis, RedisOptions as ConnectionOptions } from 'ioredis';
import { LiveSetupError } from 'nest-live';

import { RedisConnection } from './redis.connection.js';
import type { RedisOptions } from './redis.options.js';
import { ServerInfo } from './server.info.js';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** Questions without an answer, one after the other, after which the connection itself counts as dead. */
const DEAD_AFTER_QUESTIONS = 4;

/** For ever, with jitter: all nodes lose a server at the same moment. */
const pauseBefore = (attempt: number): number => {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt, 10));
  return randomInt(longest / 2, longest);
};

/** The connections of one backend: one for commands, one more for each reader that blocks or subscribes. */
export class RedisLink {
  readonly commands: Redis;
  readonly prefix: string;
  private readonly logger = new Logger('LiveRedis');
  private readonly readers = new Set<Redis>();
  private readonly options: RedisOptions;
  private readonly url?: string;
  private server?: Promise<ServerInfo>;
  private lastGeneration = '';
  private isDown = false;
  private isDoubted = false;

  /** @throws LiveSetupError when nothing says where Redis is */
  constructor(options: RedisOptions = {}) {
    const { url = process.env.NEST_LIVE_REDIS_URL ?? process.env.REDIS_URL, prefix = 'nl:' } = options;
    const { host, path, sentinels } = options.connection ?? {};
    if (!url && !host && !path && !sentinels) {
      throw new LiveSetupError(
        'OPTION_INVALID',
        'RedisModule does not know where Redis is: set NEST_LIVE_REDIS_URL=redis://host:6379, or forRoot({ url }).',
      );
    }
    this.options = options;
    this.url = url;
    this.prefix = prefix;
    const commandTimeout = options.commandTimeoutMs ?? 1_000;
    this.commands = this.dial({
      commandTimeout,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      // A command says which generation it speaks to: sent again to a server that was restarted, it would lie.
      autoResendUnfulfilledCommands: false,
    });
    this.commands.on('ready', () => this.identify());
    this.commands.on('close', () => (this.server = undefined));
  }

  /** Generation of the server last spoken to; kept while it is away. */
  get generation(): string {
    return this.lastGeneration;
  }

  /** Connects, waits until the server has said who it is, and returns that. @throws LiveSetupError when it does not in time */
  async connect(): Promise<ServerInfo> {
    const { startTimeoutMs = 10_000 } = this.options;
    const until = performance.now() + startTimeoutMs;
    let reason: unknown;
    if (this.commands.status === 'wait') await this.commands.connect().catch((error: unknown) => (reason = error));
    while (performance.now() < until) {
      try {
        return await this.identified();
      } catch (error) {
        reason ??= error;
        await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS));
      }
    }
    throw new LiveSetupError(
      'BACKEND_UNREACHABLE',
      `Redis did not answer within ${startTimeoutMs} ms (${reason instanceof Error ? reason.message : 'no answer'}): is it running, and is NEST_LIVE_REDIS_URL right?`,
    );
  }

  /** Who is at the other end of the present connection. @throws Error while there is none */
  identified(): Promise<ServerInfo> {
    return this.server ?? Promise.reject(new Error('there is no connection to Redis'));
  }

  /** A command was not answered: looks whether the connection is dead, which nobody may tell us for minutes. */
  doubt(): void {
    if (this.isDoubted) return;
    this.isDoubted = true;
    void this.revive().finally(() => (this.isDoubted = false));
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
    this.readers.clear();
  }

  private dial(more: ConnectionOptions): Redis {
    const options = {
      lazyConnect: true,
      retryStrategy: pauseBefore,
      disconnectTimeout: 500,
      ...this.options.connection,
      ...more,
    };
    const connection = this.url ? new RedisConnection(this.url, options) : new RedisConnection(options);
    // An 'error' that nobody listens to would end the process.
    return connection.on('error', (error: Error) => this.lost(error));
  }

  // Not by ioredis' socketTimeout: up to 5.11 its timer outlives a connection and ends the next one (redis/ioredis#2147).
  private async revive(): Promise<void> {
    for (let asked = 0; asked < DEAD_AFTER_QUESTIONS; asked++) {
      if (this.commands.status !== 'ready' || (await this.answers())) return;
    }
    if (this.commands.status === 'ready') this.commands.disconnect(true);
  }

  private answers(): Promise<boolean> {
    return this.commands.ping().then(
      () => true,
      () => false,
    );
  }

  private identify(): void {
    const server = this.commands.info().then((text) => {
      const info = new ServerInfo(text);
      if (!info.isMaster) throw new Error('the server is a replica');
      if (!info.generation) throw new Error('the server does not tell its run_id');
      this.found(info.generation);
      return info;
    });
    this.server = server;
    server.catch((error: Error) => {
      this.lost(error);
      if (this.server === server) this.commands.disconnect(true);
    });
  }

  private found(generation: string): void {
    const known = this.lastGeneration;
    this.lastGeneration = generation;
    if (this.isDown) this.logger.log('Redis answers again');
    if (known && known !== generation) this.logger.warn('Redis was restarted or another server has taken over');
    this.isDown = false;
  }

  // One line for each outage, not for each attempt.
  private lost(error: Error): void {
    if (this.isDown) return;
    this.isDown = true;
    this.logger.warn(`Redis is out of reach: ${error.message}`);
  }
}
