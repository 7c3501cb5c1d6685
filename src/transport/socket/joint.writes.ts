/** How long the first of them waits for others, while those are made, in milliseconds. */
const MOST_MS = 1;

/** What bytes go through to the system, such as a TCP or TLS socket. */
export interface CorkedLine {
  cork(): void;
  uncork(): void;
}

/**
 * Writes of one turn of the loop go to the system together: one by one each wakes its reader, and on a node with much to do they
 * were a quarter of an event (docs/decisions/0037). A turn with one write costs a look at its end.
 */
export class JointWrites {
  private lines: CorkedLine[] = [];
  private since = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * Called before something is written: it waits for others, to the end of this turn at most.
   * @param line none, or another thing, where an engine of another make has put it: then nothing waits
   */
  hold(line: Partial<CorkedLine> | undefined): void {
    if (!isCorked(line)) {
      return;
    }
    const now = this.now();
    if (now - this.since > MOST_MS) {
      this.release();
    }
    if (this.lines.length === 0) {
      this.since = now;
      setImmediate(this.release);
    }
    line.cork();
    this.lines.push(line);
  }

  /** What waits is written now. */
  readonly release = (): void => {
    const { lines } = this;
    if (lines.length === 0) return;
    this.lines = [];
    for (const line of lines) line.uncork();
  };
}

const isCorked = (line: Partial<CorkedLine> | undefined): line is CorkedLine =>
  typeof line?.cork === 'function' && typeof line.uncork === 'function';
