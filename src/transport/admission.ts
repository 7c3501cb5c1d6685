import { Inject, Injectable } from '@nestjs/common';

import { LiveError } from '../errors/live-error.js';
import type { LiveCaller } from '../lifecycle/caller/caller.js';
import { Drain } from '../observability/drain.js';
import { LoopLag } from '../observability/loop-lag.js';
import { LIMITS, type Limits } from '../protocol/limits.js';
import { CallerBuckets } from './caller.buckets.js';

/** Whether this node takes on what a client asks for; the same on every transport. */
@Injectable()
export class Admission {
  private readonly buckets: CallerBuckets;

  constructor(
    private readonly drain: Drain,
    private readonly lag: LoopLag,
    @Inject(LIMITS) { eventsPerSecondPerCaller, eventBurstPerCaller }: Limits,
  ) {
    this.buckets = new CallerBuckets(eventsPerSecondPerCaller, eventBurstPerCaller);
  }

  /**
   * Any message of a known caller.
   * @param count how many it stands for
   * @throws LiveError `TOO_MANY_EVENTS`, `DRAINING`
   */
  message(caller: LiveCaller, count = 1): void {
    const retryAfterMs = this.buckets.take(caller, count);
    if (retryAfterMs > 0) {
      throw new LiveError('TOO_MANY_EVENTS', 'the caller is over its event rate on this node', { retryAfterMs });
    }
    this.drain.admit('begun');
  }

  /** What would begin here: a mount, a join, a connection. @throws LiveError `DRAINING`, `OVERLOADED` */
  newWork(): void {
    this.drain.admit('new');
    if (this.lag.isOverloaded) {
      throw new LiveError('OVERLOADED', 'the event loop has been late for too long', { retryAfterMs: 1_000 });
    }
  }
}
