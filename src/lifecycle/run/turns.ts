/** Longest that a round of work may hold the loop: less than the three milliseconds that nobody else may wait. */
const SLICE_MS = 2;

/** A long round in pieces: between two of them whoever else has something to do may do it. */
export class Turns {
  private began = performance.now();

  /** Before each piece. */
  async next(): Promise<void> {
    if (performance.now() - this.began < SLICE_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.began = performance.now();
  }
}
