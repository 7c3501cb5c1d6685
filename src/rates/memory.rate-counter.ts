import { RateCounter, type RateOutcome, type RateRule } from './rate-counter.js';

/** Times of the admitted calls, per key; a key without a call in its window costs nothing. */
export class MemoryRateCounter extends RateCounter {
  private readonly admitted = new Map<string, { times: number[]; windowMs: number }>();

  /** @param now milliseconds of a clock that never jumps */
  constructor(private readonly now: () => number = () => performance.now()) {
    super();
  }

  take(key: string, { limit, windowMs }: RateRule): Promise<RateOutcome> {
    const now = this.now();
    const times = (this.admitted.get(key)?.times ?? []).filter((time) => time > now - windowMs);
    if (times.length >= limit) {
      const oldest = times[times.length - limit];
      return Promise.resolve({ admitted: false, retryAfterMs: Math.ceil(oldest + windowMs - now) });
    }
    times.push(now);
    this.admitted.delete(key);
    this.admitted.set(key, { times, windowMs });
    return Promise.resolve({ admitted: true, remaining: limit - times.length });
  }

  close(): Promise<void> {
    this.admitted.clear();
    return Promise.resolve();
  }
}
