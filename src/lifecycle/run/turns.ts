import type { Soon } from '../../protocol/soon.js';

/** Longest that a round of work may hold the loop: less than the three milliseconds that nobody else may wait. */
const SLICE_MS = 2;

/** A long round in pieces: between two of them whoever else has something to do may do it. */
export class Turns {
  private began = performance.now();

  /** Before each piece. */
  next(): Soon<void> {
    return performance.now() - this.began < SLICE_MS ? undefined : this.pause();
  }

  private async pause(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.began = performance.now();
  }
}
