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

/** Within one process: each listener is called in turn, after the publisher's own step. */
export class MemoryEventBus extends EventBus {
  private readonly logger = new Logger('Live');
  private readonly topics = new Map<string, Set<MessageQueue>>();
  private readonly feeds = new Map<string, Set<MessageQueue>>();
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
    return subscription(() => {
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
