import type { TagRule } from './element-rules.js';

/** Elements while they are read: those of a render, or of a part of it. */
export class ElementColumns {
  readonly rules: TagRule[] = [];
  readonly starts: number[] = [];
  readonly opens: number[] = [];
  readonly closes: number[] = [];
  readonly ends: number[] = [];
  readonly sizes: number[] = [];
  readonly closed: number[] = [];

  /**
   * @param first place of the first of them
   * @param from where the part that is read begins
   */
  constructor(
    readonly first: number,
    private readonly from: number,
  ) {}

  /** How many there are, with those in front of them. */
  get count(): number {
    return this.first + this.rules.length;
  }

  open(rule: TagRule, { start, open }: { readonly start: number; readonly open: number }, isClosed: boolean): number {
    const { from } = this;
    this.rules.push(rule);
    this.starts.push(from + start);
    this.opens.push(from + open);
    this.closes.push(from + open);
    this.ends.push(from + open);
    this.sizes.push(0);
    this.closed.push(isClosed ? 1 : 0);
    return this.count - 1;
  }

  close(place: number, close: number, end: number): void {
    const at = place - this.first;
    this.closes[at] = this.from + close;
    this.ends[at] = this.from + end;
    this.sizes[at] = this.count - place - 1;
  }
}
