import { Injectable, Logger } from '@nestjs/common';

import { ConnectionRouter } from '../../connections/connection-router.js';
import { NodeIdentity } from '../../connections/node-identity.js';
import { EventBus, type Unsubscribe } from '../../events/event-bus.js';
import type { Guest } from './person.js';
import { PRESENCE, readPresenceMessage, type PresenceMessage, type Said } from './presence-message.js';
import { Presence } from './presence.js';

interface Own {
  /** Everybody on each topic of this node. */
  said(): readonly (readonly [topic: string, people: readonly Guest[]])[];
  /** Somebody else is there, or not any more. */
  changed(topic: string): void;
}

/** A node that was asked is not asked again within this time. */
const ASK_EVERY_MS = 1_000;

/**
 * What the nodes tell each other of who is there. Each numbers what it says; whoever misses a number asks for all of it.
 * A node that the router does not know any more has nobody.
 */
@Injectable()
export class PresenceGossip {
  private readonly logger = new Logger('Live');
  /** The newest number of each other node. */
  private readonly heard = new Map<string, number>();
  private readonly asked = new Map<string, number>();
  private own?: Own;
  private said = 0;
  private timer?: NodeJS.Timeout;
  private unsubscribe?: Unsubscribe;
  private isFailing = false;

  constructor(
    private readonly presence: Presence,
    private readonly bus: EventBus,
    private readonly router: ConnectionRouter,
    private readonly node: NodeIdentity,
  ) {}

  start(own: Own): void {
    this.own = own;
  }

  /** Called where a component wants to know: applications without one hear and say nothing. */
  listen(): void {
    if (this.unsubscribe) {
      return;
    }
    const subscription = this.bus.subscribe(PRESENCE, (message) => this.hear(message));
    this.unsubscribe = subscription;
    this.timer = setInterval(() => void this.beat(), this.router.nodeTtlMs / 3).unref();
    subscription.ready.then(
      () => this.send({ kind: 'ask', node: this.node.id, of: '*' }),
      () => undefined,
    );
  }

  stop(): void {
    clearInterval(this.timer);
    this.unsubscribe?.();
  }

  async say(topic: string, people: readonly Guest[]): Promise<void> {
    if (this.presence.put(topic, this.node.id, people)) {
      this.own?.changed(topic);
    }
    this.said += 1;
    await this.send({ kind: 'said', node: this.node.id, v: this.said, topic, people });
  }

  /** Tells that this node is there and how much it has said, and forgets whoever is not there any more. */
  async beat(): Promise<void> {
    if (this.said > 0) {
      await this.send({ kind: 'beat', node: this.node.id, v: this.said });
    }
    const alive = await this.router.nodes().catch(() => undefined);
    for (const node of alive ? this.heard.keys() : []) {
      if (!alive?.includes(node)) {
        this.heard.delete(node);
        this.presence.topicsOf(node).forEach((topic) => this.put({ node, topic, people: [] }));
      }
    }
  }

  private hear(raw: unknown): void {
    const message = readPresenceMessage(raw);
    if (!message || message.node === this.node.id) {
      return;
    }
    if (message.kind === 'ask') {
      if (message.of === '*' || message.of === this.node.id) {
        void this.sayAll();
      }
      return;
    }
    const { node, v } = message;
    const last = this.heard.get(node) ?? 0;
    if (message.kind === 'begin') {
      const gone = this.presence.topicsOf(node).filter((topic) => !message.topics.includes(topic));
      gone.forEach((topic) => this.put({ node, topic, people: [] }));
      this.heard.set(node, v);
      return;
    }
    if (message.kind === 'said' && v === last + 1) {
      this.heard.set(node, v);
      this.put(message);
      return;
    }
    if (v > last) {
      this.ask(node);
    }
  }

  private put({ node, topic, people }: Pick<Said, 'node' | 'topic' | 'people'>): void {
    if (this.presence.put(topic, node, people)) {
      this.own?.changed(topic);
    }
  }

  private ask(node: string): void {
    const now = performance.now();
    if (now - (this.asked.get(node) ?? -Infinity) >= ASK_EVERY_MS) {
      this.asked.set(node, now);
      void this.send({ kind: 'ask', node: this.node.id, of: node });
    }
  }

  private async sayAll(): Promise<void> {
    const all = this.own?.said() ?? [];
    if (this.said === 0 && all.length === 0) {
      return;
    }
    this.said += 1;
    await this.send({ kind: 'begin', node: this.node.id, v: this.said, topics: all.map(([topic]) => topic) });
    for (const [topic, people] of all) {
      await this.say(topic, people);
    }
  }

  private async send(message: PresenceMessage): Promise<void> {
    try {
      await this.bus.publish(PRESENCE, message);
      this.isFailing = false;
    } catch (error) {
      // Once for a whole outage: the next beat tells the others that they have missed something.
      if (!this.isFailing) {
        this.logger.warn(`other nodes are not told who is present: ${(error as Error).message}`);
      }
      this.isFailing = true;
    }
  }
}
