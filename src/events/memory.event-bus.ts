import { Logger } from '@nestjs/common';

import { LiveError } from '../errors/live-error.js';
import {
  EventBus,
  type EventBusOptions,
  type FeedEntry,
  type FeedListener,
  type Listener,
  type SubscribeOptions,
  type Subscription,
} from './event-bus.js';
import { MessageQueue } from './message-queue.js';
import { packMessage, unpackMessage } from './packed-message.js';
import { subscription } from './subscription.js';
import { topicMatches } from './topic-pattern.js';

const MAX_COUNTED = 100;

/** Within one process: each listener is called in turn, after the publisher's own step. */
export class MemoryEventBus extends EventBus {
  private readonly logger = new Logger('Live');
  private readonly topics = new Map<string, Set<MessageQueue>>();
  private readonly feeds = new Map<string, Set<MessageQueue>>();
  /** How many listeners a topic has, until somebody comes or goes. */
  private readonly listeners = new Map<string, number>();
  private readonly feedLength: number;
  private appended = 0;
  private closed = false;

  constructor({ feedLength = 10_000 }: EventBusOptions = {}) {
    super();
    this.feedLength = feedLength;
  }

  subscribe(pattern: string, listener: Listener, options?: SubscribeOptions): Subscription {
    return this.enlist(this.topics, pattern, new MessageQueue(pattern, listener, options));
  }

  override isHeardByOthers(topic: string): boolean {
    let count = this.listeners.get(topic);
    if (count === undefined) {
      const heard = [...this.topics].filter(([pattern]) => topicMatches(pattern, topic));
      count = heard.reduce((sum, [, { size }]) => sum + size, 0);
      // Topics can be as many as instances: only the few that are asked for again and again are worth keeping.
      if (this.listeners.size < MAX_COUNTED) this.listeners.set(topic, count);
    }
    return count > 1;
  }

  async publish(topic: string, message: unknown): Promise<void> {
    const text = this.pack(message);
    await Promise.resolve();
    for (const [pattern, queues] of this.topics) {
      if (topicMatches(pattern, topic)) {
        queues.forEach((queue) => queue.put(copyOf(text), topic));
      }
    }
  }

  async append(feed: string, message: unknown): Promise<string> {
    const text = this.pack(message);
    this.appended += 1;
    const offset = String(this.appended).padStart(16, '0');
    await Promise.resolve();
    this.feeds.get(feed)?.forEach((queue) => queue.put({ offset, message: copyOf(text) }, feed));
    return offset;
  }

  follow(feed: string, listener: FeedListener, onGap?: () => void): Subscription {
    const queue = new MessageQueue(feed, (entry) => listener(entry as FeedEntry), {
      maxWaiting: this.feedLength,
      onOverflow: (dropped) => {
        this.logger.warn(`a reader of "${feed}" is too slow: ${dropped} entries were skipped`);
        onGap?.();
      },
    });
    return this.enlist(this.feeds, feed, queue);
  }

  close(): Promise<void> {
    this.closed = true;
    for (const map of [this.topics, this.feeds]) {
      map.forEach((queues) => queues.forEach((queue) => queue.end()));
      map.clear();
    }
    this.listeners.clear();
    return Promise.resolve();
  }

  private pack(message: unknown): string {
    if (this.closed) {
      throw closed();
    }
    return packMessage(message);
  }

  private enlist(map: Map<string, Set<MessageQueue>>, key: string, queue: MessageQueue): Subscription {
    if (this.closed) {
      return subscription(() => undefined, Promise.reject(closed()));
    }
    const known = map.get(key) ?? new Set();
    map.set(key, known.add(queue));
    this.listeners.clear();
    return subscription(() => {
      this.listeners.clear();
      queue.end();
      known.delete(queue);
      if (known.size === 0 && map.get(key) === known) {
        map.delete(key);
      }
    });
  }
}

const copyOf = (text: string): unknown => (unpackMessage(text) as { message: unknown }).message;

const closed = (): LiveError => new LiveError('STORE_UNAVAILABLE', 'the event bus is closed');
