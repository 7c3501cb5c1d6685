import { Injectable, Logger } from '@nestjs/common';

import { EventBus, type Listener, type Unsubscribe } from './event-bus.js';
import { topicMatches } from './topic-pattern.js';

/** Within one process: each listener is called in turn, after the publisher's own step. */
@Injectable()
export class MemoryEventBus extends EventBus {
  private readonly logger = new Logger('Live');
  private readonly listeners = new Map<string, Set<Listener>>();

  subscribe(pattern: string, listener: Listener): Unsubscribe {
    const known = this.listeners.get(pattern) ?? new Set();
    this.listeners.set(pattern, known.add(listener));
    return () => {
      known.delete(listener);
      if (known.size === 0) {
        this.listeners.delete(pattern);
      }
    };
  }

  async publish(topic: string, message: unknown): Promise<void> {
    await Promise.resolve();
    for (const [pattern, listeners] of this.listeners) {
      if (topicMatches(pattern, topic)) {
        listeners.forEach((listener) => this.deliver(listener, message, topic));
      }
    }
  }

  close(): Promise<void> {
    this.listeners.clear();
    return Promise.resolve();
  }

  private deliver(listener: Listener, message: unknown, topic: string): void {
    try {
      listener(message, topic);
    } catch (error) {
      this.logger.error(`a listener of "${topic}" failed`, (error as Error).stack);
    }
  }
}
