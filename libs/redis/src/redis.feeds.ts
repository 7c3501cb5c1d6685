import { setTimeout as wait } from 'node:timers/promises';

import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { packMessage, subscription, type FeedListener, type Subscription } from 'nest-live/extend';

import { Follower, offsetOf, type FeedItem } from './follower.js';
import { PoisonLog } from './poison.log.js';
import type { RedisLink } from './redis.link.js';
import { ask, closed } from './unavailable.js';

/** Entries are counted, so that a reader sees by the numbers whether it has missed one. KEYS stream, count. */
const APPEND = `
local n = redis.call('INCR', KEYS[2])
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'n', n, 'm', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3]) redis.call('PEXPIRE', KEYS[2], ARGV[3])
return id`;

/** Where a feed ends: id and number of its last entry. */
const END = `
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
return {last[1] and last[1][1] or '0-0', redis.call('GET', KEYS[2]) or '0'}`;

const RETRY_MS = 200;
const BATCH = 100;
/** How long a reader waits that nobody can wake, in milliseconds. */
const UNWOKEN_MS = 200;

export interface FeedsOptions {
  readonly feedLength: number;
  readonly feedTtlMs: number;
  readonly silenceMs: number;
}

/** The feeds of the event bus on Streams: one connection reads them all, each follower from where it was. */
export class RedisFeeds {
  private readonly logger = new Logger('Live');
  private readonly followers = new Set<Follower>();
  private readonly poison = new PoisonLog();
  private reader?: Redis;
  private readerId?: number | 'untold';
  private isReconnected = false;
  private isFailing = false;
  private isClosed = false;
  private reading?: Promise<void>;

  constructor(
    private readonly link: RedisLink,
    private readonly options: FeedsOptions,
  ) {}

  async append(feed: string, message: unknown): Promise<string> {
    if (this.isClosed) {
      throw closed('event bus');
    }
    const text = packMessage(message);
    const { feedLength, feedTtlMs } = this.options;
    // Sent whole, not by its hash: a second try after NOSCRIPT could be overtaken by the next append.
    const id = await ask(() => this.link.commands.eval(APPEND, 2, ...this.keysOf(feed), text, feedLength, feedTtlMs));
    return offsetOf(id as string);
  }

  follow(feed: string, listener: FeedListener, onGap?: () => void): Subscription {
    if (this.isClosed) {
      return subscription(() => undefined, Promise.reject(closed('event bus')));
    }
    const follower = new Follower(feed, { listener, onGap, poison: this.poison });
    this.followers.add(follower);
    return subscription(() => {
      follower.end();
      this.followers.delete(follower);
    }, this.begin(follower));
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.followers.forEach((follower) => follower.end());
    this.followers.clear();
    this.reader?.disconnect();
    await this.reading;
  }

  private keysOf(feed: string): [stream: string, count: string] {
    return [this.link.key('feed', feed), this.link.key('feed-count', feed)];
  }

  /**
   * Finds the end of the feed. Asked on the connection that appends, at once: what this bus appends later comes after
   * the answer. While Redis cannot be reached, nothing can be appended either, and the question is asked again.
   */
  private async begin(follower: Follower): Promise<void> {
    while (!follower.hasEnded) {
      try {
        follower.beginAt(await this.endOf(follower.feed, this.link.commands));
        this.wake();
        return;
      } catch (error) {
        this.failed(error);
        await wait(RETRY_MS, undefined, { ref: false });
      }
    }
    throw closed('subscription');
  }

  private async endOf(feed: string, connection: Redis): Promise<FeedItem> {
    const [id, count] = (await connection.eval(END, 2, ...this.keysOf(feed))) as [string, string];
    return { id, number: Number(count) };
  }

  /** Reads on with the new follower: interrupts a read that waits for the others. */
  private wake(): void {
    this.reading ??= this.read().finally(() => (this.reading = undefined));
    if (typeof this.readerId === 'number') {
      // Not being woken only costs the rest of one waiting time, and where it is not allowed the times become short.
      this.link.commands.client('UNBLOCK', this.readerId).catch((error: Error) => {
        if (isForbidden(error)) this.readerId = 'untold';
      });
    }
  }

  private async read(): Promise<void> {
    const reader = (this.reader ??= this.connect());
    while (!this.isClosed && this.followers.size > 0) {
      try {
        await this.step(reader);
        this.isFailing = false;
      } catch (error) {
        this.failed(error);
        await wait(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  private async step(reader: Redis): Promise<void> {
    // Permissions may leave out CLIENT: such a reader cannot be woken.
    this.readerId ??= await reader.client('ID').catch((error: Error) => {
      if (!isForbidden(error)) throw error;
      return 'untold' as const;
    });
    if (this.isReconnected) {
      await this.compareAll(reader);
    }
    const begun = [...this.followers].filter(({ position }) => position);
    const open = begun.filter(({ isFull }) => !isFull);
    if (open.length === 0) {
      await wait(20, undefined, { ref: false });
      return;
    }
    // A follower that is full is left behind for now and read on from its place; the stream keeps what it misses.
    const longestMs =
      this.readerId === 'untold' ? Math.min(UNWOKEN_MS, this.options.silenceMs) : this.options.silenceMs;
    const blockMs = open.length < begun.length ? 20 : longestMs;
    const from = earliest(open);
    const streams = [...from.keys()].map((feed) => this.keysOf(feed)[0]);
    const silence = setTimeout(() => reader.disconnect(true), blockMs + this.options.silenceMs).unref();
    try {
      const found = await reader.xread('COUNT', BATCH, 'BLOCK', blockMs, 'STREAMS', ...streams, ...from.values());
      for (const [stream, entries] of found ?? []) {
        const feed = [...from.keys()][streams.indexOf(stream)];
        const readers = open.filter((follower) => follower.feed === feed);
        entries.forEach(([id, fields]) => readers.forEach((follower) => follower.take(id, fields)));
      }
    } finally {
      clearTimeout(silence);
    }
  }

  /** After a lost connection: a server that was restored or replaced may have forgotten entries we have read. */
  private async compareAll(reader: Redis): Promise<void> {
    this.isReconnected = false;
    for (const follower of this.followers) {
      follower.compare(await this.endOf(follower.feed, reader));
    }
  }

  private connect(): Redis {
    const reader = this.link.reader();
    reader.on('close', () => {
      this.readerId = undefined;
      this.isReconnected = true;
    });
    return reader;
  }

  private failed(error: unknown): void {
    if (!this.isFailing && !this.isClosed) {
      this.logger.warn(`feeds cannot be read, trying again: ${(error as Error).message}`);
    }
    this.isFailing = true;
  }
}

const isForbidden = ({ message }: Error): boolean => /NOPERM|unknown command/i.test(message);

/** Where to read each feed from: the place of its follower that is least far. */
const earliest = (followers: readonly Follower[]): ReadonlyMap<string, string> => {
  const from = new Map<string, string>();
  for (const { feed, position } of followers) {
    const known = from.get(feed);
    if (position && (known === undefined || offsetOf(position.id) < offsetOf(known))) {
      from.set(feed, position.id);
    }
  }
  return from;
};
