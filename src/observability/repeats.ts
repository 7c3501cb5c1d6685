/** Keys told apart at once; beyond, what repeats is counted by its coarser key. */
const MAX_KEYS = 1_000;

interface Repeated<T> {
  readonly first: T;
  count: number;
}

/**
 * The first of its kind at once, then one summary per window with a count: nobody can fill a disk by asking the same
 * wrong thing again and again.
 */
export class Repeats<T> {
  private readonly seen = new Map<string, Repeated<T>>();
  private timer?: NodeJS.Timeout;

  /** @param windowMs 0 lets everything through */
  constructor(
    private readonly windowMs: number,
    private readonly summarize: (first: T, count: number) => void,
  ) {}

  /** @returns whether this one is to be written itself; `coarse` stands in when too many keys are known */
  isFirst(key: string, coarse: string, subject: T): boolean {
    if (this.windowMs <= 0) {
      return true;
    }
    const used = this.seen.has(key) || this.seen.size < MAX_KEYS ? key : coarse;
    const known = this.seen.get(used);
    if (known) {
      known.count += 1;
      return false;
    }
    this.seen.set(used, { first: subject, count: 0 });
    this.timer ??= setInterval(() => this.flush(), this.windowMs).unref();
    return true;
  }

  /** Writes the counts; what did not repeat is forgotten. */
  flush(): void {
    for (const [key, repeated] of this.seen) {
      const { first, count } = repeated;
      if (count === 0) {
        this.seen.delete(key);
        continue;
      }
      repeated.count = 0;
      this.summarize(first, count);
    }
    if (this.seen.size === 0) {
      this.stop();
    }
  }

  /** Writes what is counted and ends. */
  close(): void {
    this.flush();
    this.seen.clear();
    this.stop();
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
