import { Injectable, Logger } from '@nestjs/common';

import { ConnectionRouter } from '../../connections/connection-router.js';
import { NodeIdentity } from '../../connections/node-identity.js';
import { EventBus } from '../../events/event-bus.js';
import { ViewerRefresher } from '../../lifecycle/run/viewer.refresher.js';
import { nodeTopic, REDRAWS, TOPICS } from './bus-message.js';

/** Whom a push is for. */
export type PushTarget = { readonly topic: string } | { readonly instance: string };

/** The server speaks first. Clients cannot: no message asks for a broadcast. */
@Injectable()
export class LivePublisher {
  private readonly logger = new Logger('Live');

  constructor(
    private readonly bus: EventBus,
    private readonly router: ConnectionRouter,
    private readonly node: NodeIdentity,
    private readonly refresher: ViewerRefresher,
  ) {}

  /**
   * To a topic: calls the `@OnTopic()` methods of every joined component that listens, on every node, then renders it
   * for each viewer. To an instance: renders it again for each viewer, from its present state.
   * @param message for a topic: JSON of at most 1 MiB
   * @throws LiveError `TOO_LARGE`; `STORE_UNAVAILABLE` when the other nodes cannot be reached
   */
  push(target: PushTarget, message?: unknown): Promise<void> {
    const sent = this.send(target, message);
    // A push that nobody waits for must not end the process when the other nodes cannot be reached.
    sent.catch((error: Error) => this.logger.warn(`a push did not reach every node: ${error.message}`));
    return sent;
  }

  /** The same as `push({ topic }, message)`. */
  broadcast(topic: string, message?: unknown): Promise<void> {
    return this.push({ topic }, message);
  }

  private async send(target: PushTarget, message?: unknown): Promise<void> {
    if ('topic' in target) {
      await this.bus.append(TOPICS, { topic: target.topic, message });
      return;
    }
    const { instance: id } = target;
    this.refresher.redraw(id);
    const others = (await this.holders(id)).filter((node) => node !== this.node.id);
    await Promise.all(others.map((node) => this.bus.publish(nodeTopic(node), { id })));
  }

  /** The nodes that hold it. A router that does not answer keeps no push from anybody: then all nodes are asked. */
  private async holders(id: string): Promise<readonly string[]> {
    try {
      return await this.router.holders({ kind: 'instance', id });
    } catch (error) {
      this.logger.warn(`who holds an instance is not known, all nodes are asked: ${(error as Error).message}`);
      await this.bus.publish(REDRAWS, { id, node: this.node.id });
      return [];
    }
  }
}
