import { createHash } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import { askStore } from '../../lifecycle/instance/store-call.js';
import { ClientAddress } from '../../protocol/client-address.js';
import { bucketOf, RateCounter } from '../../rates/rate-counter.js';
import { networkOf } from '../../protocol/network.js';
import type { RateLimitRule } from './rate-limit.rule.js';

/** Longer names of callers are counted by their hash: what is kept has a bound. */
const MAX_NAME = 100;

/** Counts events by component, event, rule and who asks. */
@Injectable()
export class RateLimits {
  /** What a request was counted for: a conflict runs the same event again, and class and handler both come here. */
  private readonly counted = new WeakMap<object, Set<string>>();

  constructor(
    private readonly counter: RateCounter,
    private readonly address: ClientAddress,
  ) {}

  /**
   * Counts the event under each of the rules, the first ones first, and stops where one does not admit it.
   * @throws LiveError `RATE_LIMITED`; `STORE_UNAVAILABLE` when the counter does not answer: a limit holds or is closed
   */
  async enter(live: LiveContext, rules: readonly RateLimitRule[]): Promise<void> {
    const counted = this.countedFor(live.request);
    for (const rule of rules) {
      const key = `${live.definition.name}|${live.event ?? ''}|${this.who(live, rule)}`;
      const once = `${live.id}|${bucketOf(key, rule)}`;
      if (counted.has(once)) {
        continue;
      }
      const outcome = await askStore(() => this.counter.take(key, rule));
      if (!outcome.admitted) {
        const { retryAfterMs } = outcome;
        throw new LiveError('RATE_LIMITED', `over ${rule.limit} in ${rule.windowMs} ms`, { retryAfterMs });
      }
      counted.add(once);
    }
  }

  private countedFor(request: object): Set<string> {
    let counted = this.counted.get(request);
    if (!counted) {
      this.counted.set(request, (counted = new Set()));
    }
    return counted;
  }

  private who(live: LiveContext, { key }: RateLimitRule): string {
    const given = key?.(live);
    if (given !== undefined) {
      return `key|${bounded(given)}`;
    }
    const { caller, request } = live;
    if (caller.isAuthenticated) {
      return `user|${bounded(caller.id || caller.sessionId)}`;
    }
    // Never the anonymous cookie: who throws it away would be somebody new. So, too, with a header nobody vouches for.
    return `net|${networkOf(this.address.shown(request) ?? '')}`;
  }
}

const bounded = (name: string): string =>
  name.length > MAX_NAME ? createHash('sha256').update(name).digest('base64url') : name;
