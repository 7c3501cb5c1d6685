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

  put(message: unknown, topic: string): void {
    if (this.ended) {
      return;
    }
    if (!this.busy) {
      void this.deliver(message, topic);
      return;
    }
    this.waiting.push([message, topic]);
    if (this.waiting.length > this.maxWaiting) {
      this.waiting.shift();
      this.dropped += 1;
    }
  }

  /** Nothing more is delivered. */
  end(): void {
    this.ended = true;
    this.waiting.length = 0;
  }

  private async deliver(message: unknown, topic: string): Promise<void> {
    try {
      const result = this.listener(message, topic);
      if (result === undefined) {
        return;
      }
      this.busy = true;
      await result;
    } catch (error) {
      MessageQueue.logger.error(`a listener of "${topic}" failed`, (error as Error).stack);
    }
    if (this.busy) {
      this.busy = false;
      this.next();
    }
  }

  private next(): void {
    if (this.dropped > 0) {
      const dropped = this.dropped;
      this.dropped = 0;
      this.onOverflow(dropped);
    }
    while (!this.busy && this.waiting.length > 0) {
      const [message, topic] = this.waiting.shift()!;
      void this.deliver(message, topic);
    }
  }
}
