import { bucketOf, RateCounter, type RateOutcome, type RateRule } from './rate-counter.js';

export interface MemoryRateCounterOptions {
  /** How often windows that are over are looked for, in milliseconds. @default 10_000 */
  readonly sweepIntervalMs?: number;
  /** Keys at most; beyond, the one that was admitted longest ago is forgotten. @default 100_000 */
  readonly maxKeys?: number;
}

interface Bucket {
  /** Times of the admitted calls, oldest first. */
  readonly times: readonly number[];
  readonly windowMs: number;
}

/** Times of the admitted calls, per key and rule; a key without a call in its window costs nothing. */
export class MemoryRateCounter extends RateCounter {
  private readonly buckets = new Map<string, Bucket>();
  private readonly sweepIntervalMs: number;
  private readonly maxKeys: number;
  private timer?: NodeJS.Timeout;

  /** @param now milliseconds of a clock that never jumps */
  constructor(
    private readonly now: () => number = () => performance.now(),
    { sweepIntervalMs = 10_000, maxKeys = 100_000 }: MemoryRateCounterOptions = {},
  ) {
    super();
    this.sweepIntervalMs = sweepIntervalMs;
    this.maxKeys = maxKeys;
  }

  /** Keys held now. */
  get size(): number {
    return this.buckets.size;
  }

  take(key: string, rule: RateRule): Promise<RateOutcome> {
    const { limit, windowMs } = rule;
    const bucket = bucketOf(key, rule);
    const now = this.now();
    const times = this.buckets.get(bucket)?.times.filter((time) => time > now - windowMs) ?? [];
    if (times.length >= limit) {
      const frees = limit > 0 ? times[times.length - limit] : now;
      return Promise.resolve({ admitted: false, retryAfterMs: Math.ceil(frees + windowMs - now) });
    }
    this.buckets.delete(bucket);
    this.buckets.set(bucket, { times: [...times, now], windowMs });
    this.bound();
    return Promise.resolve({ admitted: true, remaining: limit - times.length - 1 });
  }

  close(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    this.buckets.clear();
    return Promise.resolve();
  }

  private bound(): void {
    const [oldest] = this.buckets.keys();
    if (this.buckets.size > this.maxKeys && oldest !== undefined) {
      this.buckets.delete(oldest);
    }
    this.timer ??= setInterval(() => this.sweep(), this.sweepIntervalMs).unref();
  }

  private sweep(): void {
    const now = this.now();
    for (const [key, { times, windowMs }] of this.buckets) {
      if ((times.at(-1) ?? 0) <= now - windowMs) {
        this.buckets.delete(key);
      }
    }
    if (this.buckets.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
  }
}
