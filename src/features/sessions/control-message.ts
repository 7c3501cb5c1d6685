import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import type { Principal } from '../../lifecycle/caller/connected-callers.js';
import type { KeyRing } from '../../state/keys.js';

/** Clocks of two nodes may differ by this much, and no message is believed for longer, in milliseconds. */
const MAX_AGE_MS = 60_000;
const MAX_CHARS = 2_048;
const PURPOSE = 'ctl';

export interface ControlMessage {
  readonly kid: string;
  /** The order as JSON: exactly these characters are signed. */
  readonly text: string;
  readonly mac: string;
}

/** `at` and `nonce` bound how often and how long a recorded message can be sent again. */
export interface ControlOrder {
  readonly revoke: Principal;
  readonly at: number;
  readonly nonce: string;
}

/** Orders between nodes, signed: whoever else writes to a shared Redis cannot log anybody out. */
export class ControlSeal {
  constructor(
    private readonly keys: KeyRing,
    private readonly now: () => number = Date.now,
  ) {}

  seal(revoke: Principal): { readonly message: ControlMessage; readonly nonce: string } {
    const at = this.now();
    const nonce = randomBytes(16).toString('base64url');
    const text = JSON.stringify({ revoke, at, nonce } satisfies ControlOrder);
    const kid = this.keys.signingKid(at);
    return { message: { kid, text, mac: this.mac(kid, text).toString('base64url') }, nonce };
  }

  /** The order, or in a word why this is none of ours. */
  open(message: unknown): ControlOrder | 'malformed' | 'forged' | 'stale' {
    const { kid, text, mac } = (message ?? {}) as Partial<Record<keyof ControlMessage, unknown>>;
    if (typeof kid !== 'string' || typeof text !== 'string' || typeof mac !== 'string' || text.length > MAX_CHARS) {
      return 'malformed';
    }
    const sent = Buffer.from(mac.slice(0, 64), 'base64url');
    if (sent.length !== 32 || !this.keys.verifies(kid, this.now()) || !timingSafeEqual(sent, this.mac(kid, text))) {
      return 'forged';
    }
    // From here on the text is what a node of ours has written.
    const order = JSON.parse(text) as ControlOrder;
    return Math.abs(this.now() - order.at) > MAX_AGE_MS ? 'stale' : order;
  }

  private mac(kid: string, text: string): Buffer {
    return createHmac('sha256', this.keys.subkey(kid, PURPOSE)).update(text).digest();
  }
}

/** Orders that were followed: a second copy of one is no news. Keeps them for as long as they could be believed. */
export class SeenOrders {
  private readonly seen = new Map<string, number>();

  constructor(private readonly now: () => number = Date.now) {}

  /** @returns whether it is new */
  add(nonce: string): boolean {
    const now = this.now();
    for (const [old, until] of this.seen) {
      if (until > now) break;
      this.seen.delete(old);
    }
    if (this.seen.has(nonce)) {
      return false;
    }
    this.seen.set(nonce, now + 2 * MAX_AGE_MS);
    return true;
  }
}
