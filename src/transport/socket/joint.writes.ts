/** How long the first of them waits for others, while those are made, in milliseconds. */
const MOST_MS = 1;

/** What keeps something back until it is told. */
export interface HeldLine {
  uncork(): void;
}

/** What bytes go through to the system, such as a TCP or TLS socket. */
export interface CorkedLine extends HeldLine {
  cork(): void;
}

/**
 * Writes of one turn of the loop go to the system together: one by one each wakes its reader, and on a node with much to do they
 * were a quarter of an event (docs/decisions/0037). A turn with one write costs a look at its end.
 */
export class JointWrites {
  private lines: HeldLine[] = [];
  private since = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * Called before something is written: it waits for others, to the end of this turn at most.
   * @param line none, or another thing, where an engine of another make has put it: then nothing waits
   */
  hold(line: Partial<CorkedLine> | undefined): void {
    if (isCorked(line)) {
      this.wait(line);
      line.cork();
    }
  }

  /** The same for what keeps back by itself what it has to write. */
  wait(line: HeldLine): void {
    const now = this.now();
    if (now - this.since > MOST_MS) {
      this.release();
    }
    if (this.lines.length === 0) {
      this.since = now;
      setImmediate(this.release);
    }
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
