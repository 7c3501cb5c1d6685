/** Takes what was published. What it throws is logged; the others still get the message. */
export type Listener<T = unknown> = (message: T, topic: string) => void | Promise<void>;

/** Ends a subscription; calling it again does nothing. */
export type Unsubscribe = () => void;

/** A subscription, ended by calling it. */
export interface Subscription extends Unsubscribe {
  /**
   * Resolves when the subscription is in force: what any node publishes or appends from then on is seen. What this very
   * bus appends to a followed feed is seen from the call of `follow` on. Rejects when the bus is closed before.
   */
  readonly ready: Promise<void>;
}

export interface SubscribeOptions {
  /** Messages that wait while an asynchronous listener is busy; beyond, the oldest is dropped. @default 1_000 */
  readonly maxWaiting?: number;
  /** Called with the number of messages dropped since the last call. @default a warning in the log */
  readonly onOverflow?: (dropped: number) => void;
}

export interface EventBusOptions {
  /** Entries a feed keeps at least; older ones may be gone. @default 10_000 */
  readonly feedLength?: number;
}

/** One entry of a feed. */
export interface FeedEntry {
  /** Its place; greater, as a string, than that of every earlier entry of the feed. */
  readonly offset: string;
  readonly message: unknown;
}

export type FeedListener = (entry: FeedEntry) => void | Promise<void>;

/**
 * Two ways for nodes to talk. A *topic* is a hint: delivered at most once, lost with a connection, healed by reading. A
 * *feed* carries data that must not be lost: kept in order up to a bound, and read on from where the reader was.
 *
 * Messages are JSON of at most 1 MiB; every listener gets a copy of its own. What others write to the same channels may
 * be anything: a bus drops what is no message of a bus, a listener checks the shape of what it is given.
 */
export abstract class EventBus {
  /** @param pattern a topic, or with `*` for any run of characters without a dot: `orders.*` */
  abstract subscribe(pattern: string, listener: Listener, options?: SubscribeOptions): Subscription;

  /**
   * Whether anybody besides one subscriber of this very bus could hear what is published to a topic: a node that knows that
   * it is alone tells nobody. A bus that cannot know says yes.
   */
  isHeardByOthers(_topic: string): boolean {
    return true;
  }

  /** @throws LiveError `TOO_LARGE`; `STORE_UNAVAILABLE` when the bus cannot be reached or is closed */
  abstract publish(topic: string, message: unknown): Promise<void>;

  /** Adds an entry to a feed. @returns its offset @throws LiveError as `publish` does */
  abstract append(feed: string, message: unknown): Promise<string>;

  /**
   * Reads a feed from now on, each entry once and in order, also across lost connections.
   * @param onGap called, in the place of the missing ones, when entries were gone before this reader came to them: the
   * reader was away or busy for too long, or the bus lost its data. Read anew what the feed tells about.
   */
  abstract follow(feed: string, listener: FeedListener, onGap?: () => void): Subscription;

  /** Nothing is delivered any more. */
  abstract close(): Promise<void>;
}
