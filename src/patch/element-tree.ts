import type { Text } from '../texts/long-text.js';
import type { ElementColumns } from './element-columns.js';
import type { TagRule } from './element-rules.js';

/** What of another render stands in the place of elements of this one. */
interface Gap {
  /** The other render as a whole. */
  readonly html: Text;
  readonly first: number;
  /** The first one behind the gap. */
  readonly next: number;
  /** How much further behind the gap its text is. */
  readonly moved: number;
  /** Places of the elements around it. */
  readonly around: readonly number[];
}

/** A text or a value that is otherwise in another render. */
export interface TextGap {
  readonly from: number;
  readonly to: number;
  /** How much longer it is there. */
  readonly by: number;
}

/**
 * The elements of one render in the order in which they begin, and where they stand in its text. An element is known by
 * its number in that order: its place.
 */
export class ElementTree {
  readonly rules: readonly TagRule[];
  /** Where the start tag begins, where the content does, where it ends, and where the end tag does. */
  readonly starts: Int32Array;
  readonly opens: Int32Array;
  readonly closes: Int32Array;
  readonly ends: Int32Array;
  /** How many elements are in it. */
  readonly sizes: Int32Array;
  /** Not 0: whatever is in it is shown by somebody else, another component or a script; it has no places. */
  readonly closed: Uint8Array;
  private implied?: boolean;

  static of(html: Text, { rules, starts, opens, closes, ends, sizes, closed }: ElementColumns): ElementTree {
    return new ElementTree(html, {
      rules,
      starts: Int32Array.from(starts),
      opens: Int32Array.from(opens),
      closes: Int32Array.from(closes),
      ends: Int32Array.from(ends),
      sizes: Int32Array.from(sizes),
      closed: Uint8Array.from(closed),
    });
  }

  private constructor(
    readonly html: Text,
    columns: Pick<ElementTree, 'rules' | 'starts' | 'opens' | 'closes' | 'ends' | 'sizes' | 'closed'>,
  ) {
    this.rules = columns.rules;
    this.starts = columns.starts;
    this.opens = columns.opens;
    this.closes = columns.closes;
    this.ends = columns.ends;
    this.sizes = columns.sizes;
    this.closed = columns.closed;
  }

  /** Some of its elements nobody has written: a browser puts them there. */
  get hasImplied(): boolean {
    return (this.implied ??= this.starts.some((_, place) => this.isImplied(place)));
  }

  get count(): number {
    return this.rules.length;
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

  /** Whether it is known that each element stands where the one of another tree does. */
  isInPlaceOf({ rules, starts, ends, closed }: ElementTree): boolean {
    return this.starts === starts && this.ends === ends && this.rules === rules && this.closed === closed;
  }

  /** The elements of another render that is the same but for a gap, in which stand those that were read. */
  withRead({ html, first, next, moved, around }: Gap, read: ElementColumns): ElementTree {
    const behind = read.count;
    const more = behind - next;
    const texts = [this.starts, this.opens, this.closes, this.ends];
    const reads = [read.starts, read.opens, read.closes, read.ends];
    const isOfSame = more === 0 && read.rules.every((rule, i) => rule === this.rules[first + i]);
    const isInPlace =
      isOfSame && moved === 0 && reads.every((now, i) => now.every((n, at) => n === texts[i][first + at]));
    if (isInPlace && read.closed.every((sign, i) => sign === this.closed[first + i])) return this.movedTo(html, this);
    const [starts, opens, closes, ends] = texts.map((old, i) => {
      const joined = joinedNumbers(old, reads[i], { first, next });
      if (moved !== 0) for (let place = behind; place < joined.length; place += 1) joined[place] += moved;
      return joined;
    });
    const sizes = joinedNumbers(this.sizes, read.sizes, { first, next });
    for (const place of around) {
      closes[place] += moved;
      ends[place] += moved;
      sizes[place] += more;
    }
    const rules = isOfSame ? this.rules : [...this.rules.slice(0, first), ...read.rules, ...this.rules.slice(next)];
    const closed = new Uint8Array(rules.length);
    closed.set(this.closed.subarray(0, first));
    closed.set(read.closed, first);
    closed.set(this.closed.subarray(next), behind);
    return new ElementTree(html, { rules, starts, opens, closes, ends, sizes, closed });
  }

  /** The same elements in another text, where they stand in it. */
  movedTo(html: Text, places: Pick<ElementTree, 'starts' | 'opens' | 'closes' | 'ends'>): ElementTree {
    const { rules, sizes, closed } = this;
    const { starts, opens, closes, ends } = places;
    const tree = new ElementTree(html, { rules, sizes, closed, starts, opens, closes, ends });
    tree.implied = this.implied;
    return tree;
  }

  /** The same elements, all of them written, in a text in which some values and texts are otherwise. */
  withGaps(html: Text, gaps: readonly TextGap[]): ElementTree {
    if (gaps.every(({ by }) => by === 0)) return this.movedTo(html, this);
    const { count } = this;
    const places = {
      starts: this.starts.slice(),
      opens: this.opens.slice(),
      closes: this.closes.slice(),
      ends: this.ends.slice(),
    };
    const { starts, opens, closes, ends } = places;
    for (const { from, to, by } of gaps) {
      // Where there was no text, what begins with it stays, and what ends with it moves.
      const behind = from === to ? to + 1 : to;
      for (let place = 0; place < count; place += 1) {
        if (this.starts[place] >= to) starts[place] += by;
        if (this.opens[place] >= behind) opens[place] += by;
        if (this.closes[place] >= (this.closes[place] === this.ends[place] ? behind : to)) closes[place] += by;
        if (this.ends[place] >= behind) ends[place] += by;
      }
    }
    return this.movedTo(html, places);
  }

  /** Nobody has written it: a browser puts it there. */
  isImplied(place: number): boolean {
    return this.starts[place] === this.opens[place];
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

const joinedNumbers = (
  old: Int32Array,
  read: readonly number[],
  { first, next }: Pick<Gap, 'first' | 'next'>,
): Int32Array => {
  const joined = new Int32Array(old.length - (next - first) + read.length);
  joined.set(old.subarray(0, first));
  joined.set(read, first);
  joined.set(old.subarray(next), first + read.length);
  return joined;
};

/** Five numbers, a sign and a rule. */
const BYTES_PER_ELEMENT = 5 * 4 + 1 + 8;
