import { Injectable } from '@nestjs/common';

import { EventBus } from '../../events/event-bus.js';

/** Names on the event bus. */
export const TOPIC_CHANNEL = 'nest-live.topic';
export const INSTANCE_CHANNEL = 'nest-live.instance';

/** Whom a push is for. */
export type PushTarget = { readonly topic: string } | { readonly instance: string };

/** The server speaks first. Clients cannot: no message asks for a broadcast. */
@Injectable()
export class LivePublisher {
  constructor(private readonly bus: EventBus) {}

  /**
   * To a topic: calls the `@OnTopic()` methods of every joined component that listens, then renders it for each viewer.
   * To an instance: renders it again for each viewer, from its present state.
   */
  push(target: PushTarget, message?: unknown): Promise<void> {
    return 'topic' in target
      ? this.bus.publish(TOPIC_CHANNEL, { topic: target.topic, message })
      : this.bus.publish(INSTANCE_CHANNEL, { id: target.instance });
  }

  /** The same as `push({ topic }, message)`. */
  broadcast(topic: string, message?: unknown): Promise<void> {
    return this.push({ topic }, message);
  }
}
