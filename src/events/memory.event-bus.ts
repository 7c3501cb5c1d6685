import { Logger } from '@nestjs/common';

import {
  EventBus,
  type FeedEntry,
  type FeedListener,
  type Listener,
  type SubscribeOptions,
  type Unsubscribe,
} from './event-bus.js';
import { MessageQueue } from './message-queue.js';
import { topicMatches } from './topic-pattern.js';

/** Within one process: each listener is called in turn, after the publisher's own step. */
export class MemoryEventBus extends EventBus {
  private readonly logger = new Logger('Live');
  private readonly topics = new Map<string, Set<MessageQueue>>();
  private readonly feeds = new Map<string, Set<MessageQueue>>();
  private appended = 0;

  subscribe(pattern: string, listener: Listener, options?: SubscribeOptions): Unsubscribe {
    return enlist(this.topics, pattern, new MessageQueue(pattern, listener, options));
  }

  async publish(topic: string, message: unknown): Promise<void> {
    await Promise.resolve();
    for (const [pattern, queues] of this.topics) {
      if (topicMatches(pattern, topic)) {
        queues.forEach((queue) => queue.put(message, topic));
      }
    }
  }

  async append(feed: string, message: unknown): Promise<string> {
    this.appended += 1;
    const offset = String(this.appended).padStart(16, '0');
    await Promise.resolve();
    this.feeds.get(feed)?.forEach((queue) => queue.put({ offset, message }, feed));
    return offset;
  }

  follow(feed: string, listener: FeedListener, onGap?: () => void): Unsubscribe {
    const queue = new MessageQueue(feed, (entry) => listener(entry as FeedEntry), {
      onOverflow: (dropped) => {
        this.logger.warn(`a reader of "${feed}" is too slow: ${dropped} entries were skipped`);
        onGap?.();
      },
    });
    return enlist(this.feeds, feed, queue);
  }

  close(): Promise<void> {
    this.topics.clear();
    this.feeds.clear();
    return Promise.resolve();
  }
}

const enlist = (map: Map<string, Set<MessageQueue>>, key: string, queue: MessageQueue): Unsubscribe => {
  const known = map.get(key) ?? new Set();
  map.set(key, known.add(queue));
  return () => {
    queue.end();
    known.delete(queue);
    if (known.size === 0 && map.get(key) === known) {
      map.delete(key);
    }
  };
};
