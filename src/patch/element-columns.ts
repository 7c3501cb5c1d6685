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

  /** @param first place of the first of them */
  constructor(readonly first: number) {}

  /** How many there are, with those in front of them. */
  get count(): number {
    return this.first + this.rules.length;
  }

  open(rule: TagRule, { start, open }: { readonly start: number; readonly open: number }, isClosed: boolean): number {
    this.rules.push(rule);
    this.starts.push(start);
    this.opens.push(open);
    this.closes.push(open);
    this.ends.push(open);
    this.sizes.push(0);
    this.closed.push(isClosed ? 1 : 0);
    return this.count - 1;
  }

  close(place: number, close: number, end: number): void {
    const at = place - this.first;
    this.closes[at] = close;
    this.ends[at] = end;
    this.sizes[at] = this.count - place - 1;
  }
}
