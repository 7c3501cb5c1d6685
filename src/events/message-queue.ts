import { Logger } from '@nestjs/common';

import type { Listener, SubscribeOptions } from './event-bus.js';

/** What waits for one listener: in order, one at a time, bounded. What an adapter of the event bus delivers through. */
export class MessageQueue {
  private static readonly logger = new Logger('Live');
  private readonly waiting: (readonly [message: unknown, topic: string])[] = [];
  private readonly maxWaiting: number;
  private readonly onOverflow: (dropped: number) => void;
  private busy = false;
  private ended = false;
  private dropped = 0;

  constructor(
    pattern: string,
    private readonly listener: Listener,
    { maxWaiting = 1_000, onOverflow }: SubscribeOptions = {},
  ) {
    this.maxWaiting = maxWaiting;
    this.onOverflow =
      onOverflow ??
      ((dropped) =>
        MessageQueue.logger.warn(`a listener of "${pattern}" is too slow: ${dropped} messages were dropped`));
  }

  /** Messages that wait while the listener is busy. */
  get size(): number {
    return this.waiting.length;
  }

  /** An idle listener is called before this returns. */
  put(message: unknown, topic: string): void {
    if (this.ended) {
      return;
    }
    this.waiting.push([message, topic]);
    if (!this.busy) {
      void this.drain();
      return;
    }
    if (this.waiting.length > this.maxWaiting) {
      this.waiting.shift();
      this.dropped += 1;
    }
  }

  /** Nothing more is delivered. */
  end(): void {
    this.ended = true;
    this.waiting.length = 0;
    this.dropped = 0;
  }

  private async drain(): Promise<void> {
    this.busy = true;
    while (this.waiting.length > 0 || this.dropped > 0) {
      this.reportDropped();
      const next = this.waiting.shift();
      if (next) {
        const [message, topic] = next;
        const result = this.attempt(topic, () => this.listener(message, topic));
        // A synchronous listener is not waited for: what was put in one step is delivered in that step.
        if (result !== undefined) {
          await result;
        }
      }
    }
    this.busy = false;
  }

  private reportDropped(): void {
    const { dropped } = this;
    this.dropped = 0;
    if (dropped > 0) {
      void this.attempt('an overflow', () => this.onOverflow(dropped));
    }
  }

  private attempt(topic: string, call: () => unknown): Promise<unknown> | undefined {
    const failed = (error: unknown) =>
      MessageQueue.logger.error(`a listener of "${topic}" failed`, error instanceof Error ? error.stack : error);
    try {
      const result = call();
      return result instanceof Promise ? result.catch(failed) : undefined;
    } catch (error) {
      failed(error);
      return undefined;
    }
  }
}
