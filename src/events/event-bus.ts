/** Takes what was published; must not throw. */
export type Listener<T = unknown> = (message: T, topic: string) => void;

/** Ends a subscription; calling it again does nothing. */
export type Unsubscribe = () => void;

/** Publish and subscribe by topic. A message may be lost with the connection to the backend: listeners heal by reading. */
export abstract class EventBus {
  /** @param pattern a topic, or with `*` for any run of characters without a dot: `orders.*` */
  abstract subscribe(pattern: string, listener: Listener): Unsubscribe;

  abstract publish(topic: string, message: unknown): Promise<void>;

  abstract close(): Promise<void>;
}
