/** Width of a bucket: a latency is known to two per cent. */
const STEP = Math.log(1.02);

/** How often each latency was seen, in buckets; bucket n begins at 1.02ⁿ microseconds. */
export class Latencies {
  private readonly counts: number[] = [];

  add(ms: number): void {
    const bucket = Math.max(0, Math.floor(Math.log(ms * 1000) / STEP));
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
  }

  /** Without holes, so that it survives the way to another process. */
  toJSON(): readonly number[] {
    return Array.from(this.counts, (count) => count ?? 0);
  }
}
