import type { TagRule } from './element-rules.js';

/**
 * The elements of one render in the order in which they begin, and where they stand in its text. An element is known by
 * its number in that order: its place.
 */
export class ElementTree {
  readonly rules: TagRule[] = [];
  /** Where the start tag begins, where the content does, where it ends, and where the end tag does. */
  readonly starts: number[] = [];
  readonly opens: number[] = [];
  readonly closes: number[] = [];
  readonly ends: number[] = [];
  /** How many elements are in it. */
  readonly sizes: number[] = [];
  /** Whatever is in it is shown by somebody else, another component or a script: it has no places. */
  readonly closed: boolean[] = [];

  constructor(readonly html: string) {}

  get count(): number {
    return this.rules.length;
  }

  open(rule: TagRule, { start, open }: { readonly start: number; readonly open: number }, isClosed: boolean): number {
    this.rules.push(rule);
    this.starts.push(start);
    this.opens.push(open);
    this.closes.push(open);
    this.ends.push(open);
    this.sizes.push(0);
    return this.closed.push(isClosed) - 1;
  }

  close(place: number, close: number, end: number): void {
    this.closes[place] = close;
    this.ends[place] = end;
    this.sizes[place] = this.count - place - 1;
  }

  /** What it takes to remember it, about. */
  get bytes(): number {
    return this.html.length + this.count * BYTES_PER_ELEMENT;
  }

  /** The next element beside it. */
  after(place: number): number {
    return place + this.sizes[place] + 1;
  }

  childrenOf(place: number): number[] {
    const end = this.after(place);
    const children: number[] = [];
    for (let child = place + 1; child < end; child = this.after(child)) children.push(child);
    return children;
  }

  /** The start tag; nothing for one that a browser adds. */
  tag(place: number): string {
    return this.html.slice(this.starts[place], this.opens[place]);
  }

  inner(place: number): string {
    return this.html.slice(this.opens[place], this.closes[place]);
  }

  outer(place: number): string {
    return this.html.slice(this.starts[place], this.ends[place]);
  }
}

/** Six numbers and a name. */
const BYTES_PER_ELEMENT = 56;
