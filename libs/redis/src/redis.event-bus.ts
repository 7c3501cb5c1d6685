import {
  EventBus,
  type EventBusOptions,
  type FeedListener,
  type Listener,
  type SubscribeOptions,
  type Subscription,
} from 'nest-live/extend';

import { RedisFeeds } from './redis.feeds.js';
import type { RedisLink } from './redis.link.js';
import { RedisTopics } from './redis.topics.js';

export interface RedisEventBusOptions extends EventBusOptions {
  /** How long a feed is kept after its last entry, in milliseconds. @default 86_400_000 (24 hours) */
  readonly feedTtlMs?: number;
  /** How long a reading connection may be silent before it is made anew, in milliseconds. @default 5_000 */
  readonly silenceMs?: number;
}

/** Topics on Pub/Sub, feeds on Streams. At most two connections of its own: one that subscribes, one that reads feeds. */
export class RedisEventBus extends EventBus {
  private readonly topics: RedisTopics;
  private readonly feeds: RedisFeeds;

  constructor(
    link: RedisLink,
    { feedLength = 10_000, feedTtlMs = 24 * 60 * 60_000, silenceMs = 5_000 }: RedisEventBusOptions = {},
  ) {
    super();
    this.topics = new RedisTopics(link, silenceMs);
    this.feeds = new RedisFeeds(link, { feedLength, feedTtlMs, silenceMs });
  }

  subscribe(pattern: string, listener: Listener, options?: SubscribeOptions): Subscription {
    return this.topics.subscribe(pattern, listener, options);
  }

  publish(topic: string, message: unknown): Promise<void> {
    return this.topics.publish(topic, message);
  }

  append(feed: string, message: unknown): Promise<string> {
    return this.feeds.append(feed, message);
  }

  follow(feed: string, listener: FeedListener, onGap?: () => void): Subscription {
    return this.feeds.follow(feed, listener, onGap);
  }

  async close(): Promise<void> {
    this.topics.close();
    await this.feeds.close();
  }
}
