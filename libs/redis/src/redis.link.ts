import { randomInt } from 'node:crypto';

import { Logger } from '@nestjs/common';
import type { Redis, RedisOptions as ConnectionOptions } from 'ioredis';

import { RedisAddress } from './redis.address.js';
import { RedisConnection } from './redis.connection.js';
import type { RedisOptions } from './redis.options.js';
import { ServerInfo } from './server.info.js';
import { StartFailure } from './start.failure.js';

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
  private readonly logger = new Logger('LiveRedis');
  private readonly readers = new Set<Redis>();
  private readonly address: RedisAddress;
  private readonly startTimeoutMs: number;
  readonly prefix: string;
  private appId = '';
  private server?: Promise<ServerInfo>;
  private lastGeneration = '';
  private lastFailure: unknown;
  private isDown = false;
  private isDoubted = false;

  /** @throws LiveSetupError `OPTION_INVALID` when nothing says where Redis is, or a setting cannot be meant */
  constructor(options: RedisOptions = {}) {
    const { prefix = 'nl:', commandTimeoutMs = 1_000, startTimeoutMs = 10_000 } = options;
    this.address = new RedisAddress(options);
    this.startTimeoutMs = startTimeoutMs;
    this.prefix = prefix;
    this.commands = this.dial({
      commandTimeout: commandTimeoutMs,
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

  /**
   * Connects, and waits until the server has said who it is.
   *
   * @param appId whose channels these are: applications that share a server do not hear each other
   * @throws LiveSetupError with cause and remedy, when it does not within `startTimeoutMs` or never will
   */
  async connect(appId = ''): Promise<ServerInfo> {
    this.appId = appId;
    const until = performance.now() + this.startTimeoutMs;
    // Its outcome is seen below: it may take longer than we may, and the reason is told by an event.
    if (this.commands.status === 'wait') this.commands.connect().catch(() => undefined);
    let failure = new StartFailure(undefined);
    while (performance.now() < until && !failure.isFinal) {
      try {
        return await this.within(until, this.identified());
      } catch (error) {
        failure = new StartFailure(this.lastFailure ?? (this.server && error));
        await this.within(until, new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS))).catch(() => undefined);
      }
    }
    throw failure.toError(this.startTimeoutMs);
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
    const reader = this.dial({
      maxRetriesPerRequest: null,
      enableOfflineQueue: true,
      autoResubscribe: true,
      autoResendUnfulfilledCommands: true,
    });
    this.readers.add(reader);
    return reader;
  }

  /** Ends a reader. */
  release(reader: Redis): void {
    reader.disconnect();
    this.readers.delete(reader);
  }

  /** Pub/Sub knows no databases, and other applications may have our prefix: the names of channels hold both. */
  channel(topic: string): string {
    return this.key('topic', this.appId, String(this.address.database), topic);
  }

  key(...parts: readonly string[]): string {
    return this.prefix + parts.join(':');
  }

  close(): void {
    [this.commands, ...this.readers].forEach((connection) => connection.disconnect());
    this.readers.clear();
  }

  private dial(more: ConnectionOptions): Redis {
    const { url, connection } = this.address;
    const options: ConnectionOptions = {
      disconnectTimeout: 500,
      // With Sentinel: the old master is left when it is replaced, and not when its connection breaks.
      failoverDetector: true,
      ...connection,
      lazyConnect: true,
      retryStrategy: pauseBefore,
      // A master that became a replica refuses every write for ever: look for the new one.
      reconnectOnError: ({ message }) => message.includes('READONLY'),
      ...more,
    };
    const made = url ? new RedisConnection(url, options) : new RedisConnection(options);
    // An 'error' that nobody listens to would end the process.
    return made.on('error', (error: Error) => this.lost(error));
  }

  private async within<T>(until: number, waiting: Promise<T>): Promise<T> {
    let alarm: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      alarm = setTimeout(() => reject(new Error('no answer')), Math.max(0, until - performance.now()));
    });
    return Promise.race([waiting, late]).finally(() => clearTimeout(alarm));
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
    const { database } = this.address;
    // ioredis says nothing of a database that is not there, and works in database 0.
    const selected = database > 0 ? this.commands.select(database) : Promise.resolve();
    const server = Promise.all([this.commands.info(), selected]).then(([text]) => {
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
    this.lastFailure = undefined;
  }

  // One line for each outage, not for each attempt.
  private lost(error: Error): void {
    this.lastFailure = error;
    if (this.isDown) return;
    this.isDown = true;
    this.logger.warn(`Redis is out of reach: ${error.message}`);
  }
}
