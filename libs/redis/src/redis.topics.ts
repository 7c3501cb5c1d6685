import type { Redis } from 'ioredis';
import {
  MessageQueue,
  packMessage,
  subscription,
  topicMatches,
  unpackMessage,
  type Listener,
  type SubscribeOptions,
  type Subscription,
} from 'nest-live/extend';

import { PoisonLog } from './poison.log.js';
import type { RedisLink } from './redis.link.js';
import { ask, closed } from './unavailable.js';

interface Subscribed {
  readonly queues: Set<MessageQueue>;
  readonly ready: Promise<void>;
}

/** The topics of the event bus on Pub/Sub: one connection, one Redis subscription for each pattern in use. */
export class RedisTopics {
  private readonly patterns = new Map<string, Subscribed>();
  private readonly poison = new PoisonLog();
  private reader?: Redis;
  private pulse?: NodeJS.Timeout;
  private isClosed = false;

  constructor(
    private readonly link: RedisLink,
    private readonly silenceMs: number,
  ) {}

  /** Known once the link knows its application. */
  private get base(): string {
    return this.link.channel('');
  }

  subscribe(pattern: string, listener: Listener, options?: SubscribeOptions): Subscription {
    if (this.isClosed) {
      return subscription(() => undefined, Promise.reject(closed('event bus')));
    }
    const queue = new MessageQueue(pattern, listener, options);
    const known = this.patterns.get(pattern) ?? { queues: new Set(), ready: this.enter(pattern) };
    known.queues.add(queue);
    this.patterns.set(pattern, known);
    return subscription(() => {
      queue.end();
      if (known.queues.delete(queue) && known.queues.size === 0 && this.patterns.get(pattern) === known) {
        this.patterns.delete(pattern);
        this.leave(pattern);
      }
    }, known.ready);
  }

  async publish(topic: string, message: unknown): Promise<void> {
    if (this.isClosed) {
      throw closed('event bus');
    }
    const text = packMessage(message);
    await ask(() => this.link.commands.publish(this.base + topic, text));
  }

  close(): void {
    this.isClosed = true;
    clearInterval(this.pulse);
    this.patterns.forEach(({ queues }) => queues.forEach((queue) => queue.end()));
    this.patterns.clear();
    this.reader?.disconnect();
  }

  private async enter(pattern: string): Promise<void> {
    const reader = (this.reader ??= this.connect());
    await (pattern.includes('*') ? reader.psubscribe(this.globOf(pattern)) : reader.subscribe(this.base + pattern));
  }

  private leave(pattern: string): void {
    const gone = pattern.includes('*')
      ? this.reader?.punsubscribe(this.globOf(pattern))
      : this.reader?.unsubscribe(this.base + pattern);
    // Rejected when the connection is closed first: then nothing is subscribed either.
    gone?.catch(() => undefined);
  }

  /** Redis subscribes again by itself after a lost connection; what was published meanwhile is gone, as hints may be. */
  private connect(): Redis {
    const reader = this.link.reader();
    reader.on('message', (channel: string, text: string) => this.arrived(this.topicOf(channel), channel, text));
    reader.on('pmessage', (glob: string, channel: string, text: string) =>
      this.arrived(patternOf(this.topicOf(glob)), channel, text),
    );
    this.pulse = setInterval(() => void this.feelPulse(reader), this.silenceMs).unref();
    return reader;
  }

  private topicOf(channel: string): string {
    return channel.slice(this.base.length);
  }

  /** `*` of Redis runs over dots, ours does not: the exact test comes when a message arrives. */
  private globOf(pattern: string): string {
    return escapeGlob(this.base) + escapeGlob(pattern).replaceAll('\\*', '*');
  }

  private arrived(pattern: string, channel: string, text: string): void {
    const topic = this.topicOf(channel);
    const known = this.patterns.get(pattern);
    if (!known || !topicMatches(pattern, topic)) {
      return;
    }
    const read = unpackMessage(text);
    if ('poison' in read) {
      this.poison.ignored(channel, read.poison);
      return;
    }
    const [first, ...others] = known.queues;
    first?.put(read.message, topic);
    others.forEach((queue) => queue.put((unpackMessage(text) as { message: unknown }).message, topic));
  }

  /** A connection whose other end has vanished looks like a quiet one; only an answer tells them apart. */
  private async feelPulse(reader: Redis): Promise<void> {
    if (reader.status !== 'ready') {
      return;
    }
    const silence = setTimeout(() => reader.disconnect(true), this.silenceMs).unref();
    // A rejection means that the connection was lost, which is what this looks for: ioredis makes it anew.
    await reader.ping().catch(() => undefined);
    clearTimeout(silence);
  }
}

const escapeGlob = (text: string): string => text.replace(/[\\*?[\]^]/g, '\\$&');

const patternOf = (glob: string): string => glob.replace(/\\(.)/g, '$1');
