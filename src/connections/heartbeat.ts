import { Injectable, Logger } from '@nestjs/common';

import { ConnectionRouter } from './connection-router.js';
import { NodeIdentity } from './node-identity.js';

/** Keeps this node known to the others: announces it three times within the life of an announcement. */
@Injectable()
export class Heartbeat {
  private readonly logger = new Logger('Live');
  private readonly listeners = new Set<() => void | Promise<void>>();
  private timer?: NodeJS.Timeout;
  private beating?: Promise<void>;
  private isFailing = false;
  /** Until every listener has claimed again: one that fails is asked with the next beat. */
  private isForgotten = false;

  constructor(
    private readonly router: ConnectionRouter,
    private readonly node: NodeIdentity,
  ) {}

  /** Called when the router may have forgotten what this node claimed: claim it again. */
  onForgotten(listener: () => void | Promise<void>): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Resolves after the first beat, whether or not it was heard. */
  async start(): Promise<void> {
    clearInterval(this.timer);
    this.timer = setInterval(() => this.tick(), this.router.nodeTtlMs / 3).unref();
    this.tick();
    await this.beating;
  }

  /** The node is not there any more for those who ask. */
  async stop(): Promise<void> {
    if (!this.timer) {
      return;
    }
    clearInterval(this.timer);
    this.timer = undefined;
    await this.beating;
    try {
      await this.router.withdraw(this.node.id);
    } catch (error) {
      this.logger.warn(`this node could not be withdrawn; it is forgotten in ${this.router.nodeTtlMs} ms`, error);
    }
  }

  /** One beat at a time: a router that answers slowly is not asked twice. */
  private tick(): void {
    this.beating ??= this.beat().finally(() => (this.beating = undefined));
  }

  private async beat(): Promise<void> {
    try {
      const wasAlive = await this.router.announce(this.node.id);
      if (this.isFailing) {
        this.logger.log('this node is announced again');
      }
      this.isFailing = false;
      this.isForgotten ||= !wasAlive;
      if (this.isForgotten) {
        await Promise.all([...this.listeners].map(async (listener) => listener()));
        this.isForgotten = false;
      }
    } catch (error) {
      // Once for a whole outage, not once for each beat.
      if (!this.isFailing) {
        this.logger.error('this node could not be announced', error instanceof Error ? error.stack : error);
      }
      this.isFailing = true;
    }
  }
}
