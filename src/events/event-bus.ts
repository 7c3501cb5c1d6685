/** Takes what was published. What it throws is logged; the others still get the message. */
export type Listener<T = unknown> = (message: T, topic: string) => void | Promise<void>;

/** Ends a subscription; calling it again does nothing. */
export type Unsubscribe = () => void;

export interface SubscribeOptions {
  /** Messages that wait while an asynchronous listener is busy; beyond, the oldest is dropped. @default 1_000 */
  readonly maxWaiting?: number;
  /** Called with the number of messages dropped since the last call. @default a warning in the log */
  readonly onOverflow?: (dropped: number) => void;
}

/** One entry of a feed. */
export interface FeedEntry {
  /** Its place; greater than that of every earlier entry of the feed, in string order of equal-length parts. */
  readonly offset: string;
  readonly message: unknown;
}

export type FeedListener = (entry: FeedEntry) => void | Promise<void>;

/**
 * Two ways for nodes to talk. A *topic* is a hint: delivered at most once, lost with a connection, healed by reading. A
 * *feed* carries data that must not be lost: kept in order up to a bound, and read on from where the reader was.
 */
export abstract class EventBus {
  /** @param pattern a topic, or with `*` for any run of characters without a dot: `orders.*` */
  abstract subscribe(pattern: string, listener: Listener, options?: SubscribeOptions): Unsubscribe;

  abstract publish(topic: string, message: unknown): Promise<void>;

  /** Adds an entry to a feed. @returns its offset */
  abstract append(feed: string, message: unknown): Promise<string>;

  /**
   * Reads a feed from now on, each entry once and in order, also across lost connections.
   * @param onGap called when entries were trimmed before this reader came to them
   */
  abstract follow(feed: string, listener: FeedListener, onGap?: () => void): Unsubscribe;

  abstract close(): Promise<void>;
}
