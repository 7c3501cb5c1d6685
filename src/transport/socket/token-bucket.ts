/** Less than what a microsecond brings: many small refills do not add up exactly, and a wait that was named must suffice. */
const ROUNDING = 1e-9;

const monotonic = (): number => performance.now();

/** Admits `rate` calls per second on average and `burst` at once. Monotonic clock, so that no clock jump opens it. */
export class TokenBucket {
  private tokens: number;
  private last: number;

  constructor(
    private readonly rate: number,
    private readonly burst: number,
    private readonly now: () => number = monotonic,
  ) {
    this.tokens = burst;
    this.last = now();
  }

  /** Nothing was taken lately: a new bucket would say the same. */
  get isFull(): boolean {
    return this.tokens + ((this.now() - this.last) / 1000) * this.rate >= this.burst;
  }

  /**
   * @param count what the call stands for: more than there is now is owed by those that follow
   * @returns 0 when admitted, else the wait in milliseconds
   */
  take(count = 1): number {
    const now = this.now();
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.last) / 1000) * this.rate);
    this.last = now;
    if (this.tokens >= 1 - ROUNDING) {
      const left = this.tokens - count;
      this.tokens = Math.abs(left) < ROUNDING ? 0 : left;
      return 0;
    }
    return Math.ceil(((1 - this.tokens) / this.rate) * 1000);
  }
}
