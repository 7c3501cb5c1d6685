import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import { EventBus, type Unsubscribe } from '../../events/event-bus.js';
import { ConnectedCallers, type Connected, type Principal } from '../../lifecycle/caller/connected-callers.js';
import { toLiveError } from '../../lifecycle/run/failure.js';
import { LiveLog } from '../../observability/live.log.js';
import { KeyRing } from '../../state/keys.js';
import { ControlSeal, SeenOrders } from './control-message.js';
import { SESSION_SETTINGS, type SessionSettings } from './session.options.js';

/** Name on the event bus. */
export const CONTROL_CHANNEL = 'nest-live.control';

const WARN_EVERY_MS = 60_000;
/** Connections asked side by side. */
const SLICE = 100;

/**
 * Ends what a caller has open, on every node: at once by a signed message, and where that is lost by asking the resolver
 * again every `recheckMs` and before each message. Call it after a login has been ended in a store of your own;
 * `Sessions` calls it by itself.
 */
@Injectable()
export class Revocation implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Live');
  private readonly seal: ControlSeal;
  private readonly seen = new SeenOrders();
  private unsubscribe?: Unsubscribe;
  private timer?: NodeJS.Timeout;
  private asking = false;
  private ignored = 0;
  private warnedAt = -Infinity;

  constructor(
    private readonly bus: EventBus,
    private readonly callers: ConnectedCallers,
    private readonly log: LiveLog,
    keys: KeyRing,
    @Inject(SESSION_SETTINGS) private readonly settings: SessionSettings,
  ) {
    this.seal = new ControlSeal(keys);
  }

  onModuleInit(): void {
    this.unsubscribe = this.bus.subscribe(CONTROL_CHANNEL, (message) => this.hear(message));
    this.timer = setInterval(() => void this.recheck(), this.settings.recheckMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.unsubscribe?.();
  }

  /** Ends the sockets, streams and uploads of a user or of one login: here at once, on the other nodes within 2 s. */
  async revoke(principal: Principal): Promise<void> {
    const { message, nonce } = this.seal.seal(principal);
    this.seen.add(nonce);
    this.callers.end(principal);
    try {
      await this.bus.publish(CONTROL_CHANNEL, message);
    } catch (error) {
      const seconds = Math.ceil(this.settings.recheckMs / 1000);
      this.logger.warn(
        `a logout did not reach the other nodes (${(error as Error).message}): they see it within ${seconds} s`,
      );
    }
  }

  /** Asks every connection of this node who is there now. A resolver that cannot answer ends nobody. */
  async recheck(): Promise<void> {
    if (this.asking) {
      return;
    }
    this.asking = true;
    try {
      const all = this.callers.all();
      for (let at = 0; at < all.length; at += SLICE) {
        await Promise.all(all.slice(at, at + SLICE).map((one) => this.ask(one)));
      }
    } finally {
      this.asking = false;
    }
  }

  private async ask(one: Connected): Promise<void> {
    try {
      await one.recheck();
    } catch (error) {
      if (endsLogin(error)) {
        one.end();
        return;
      }
      this.logger.debug(`a caller could not be checked: ${(error as Error).message}`);
    }
  }

  private hear(message: unknown): void {
    const order = this.seal.open(message);
    if (typeof order === 'string') {
      this.ignore(order);
      return;
    }
    if (this.seen.add(order.nonce)) {
      this.callers.end(order.revoke);
    }
  }

  /** One line a minute, however many there are. */
  private ignore(why: string): void {
    this.ignored += 1;
    const now = performance.now();
    if (now - this.warnedAt >= WARN_EVERY_MS) {
      const reason = `control messages that are not ours were ignored: ${this.ignored}, the last one ${why}`;
      this.logger.warn(reason);
      this.log.noted('forged-message', reason);
      this.warnedAt = now;
      this.ignored = 0;
    }
  }
}

/** Whether a resolver's refusal means that nobody is signed in any more. */
export const endsLogin = (error: unknown): boolean => {
  const { code } = error instanceof LiveError ? error : toLiveError(error, { anonymous: false, place: 'module' });
  return code === 'SESSION_REVOKED' || code === 'UNAUTHENTICATED';
};
