import { flat } from '../texts/flat.js';
import { changedAttribute, type ChangedAttribute } from './changed-attribute.js';
import type { ElementTree, TextGap } from './element-tree.js';

/** A render with the same elements as another one, and what of them is otherwise. */
export interface Alike {
  readonly before: ElementTree;
  readonly tree: ElementTree;
  readonly changes: readonly Change[];
}

/** An element in which one attribute is otherwise, or a text. */
export type Change = readonly [place: number, attribute?: ChangedAttribute];

/**
 * Reads a render that has the same elements as another: the same tags in the same order, but for texts and values of attributes.
 * Nothing where it has not, and where nobody can say so without reading all of it.
 */
export const readAlike = (html: string, before: ElementTree): Alike | undefined => {
  if (before.hasImplied) return undefined;
  const walk = new Walk(flat(html), before);
  if (!walk.isAlike()) return undefined;
  const { changes, gaps } = walk;
  return { before, tree: before.withGaps(html, gaps), changes };
};

/** Characters that are compared one by one. */
const FEW = 16;

/** Goes along both texts, from one difference to the next. */
class Walk {
  readonly changes: Change[] = [];
  readonly gaps: TextGap[] = [];
  private readonly old: string;
  /** How much further the same text is in the new one. */
  private moved = 0;
  /** The element that has begun last. */
  private last = 0;

  constructor(
    private readonly now: string,
    private readonly before: ElementTree,
  ) {
    this.old = flat(String(before.html));
  }

  isAlike(): boolean {
    const { old, now } = this;
    let at = this.endOfSame(0);
    while (at < old.length) {
      at = this.pass(at);
      if (at < 0) return false;
      at = this.endOfSame(at);
    }
    return old.length + this.moved === now.length;
  }

  private endOfSame(from: number): number {
    const { old, now, moved } = this;
    let [at, left] = [from, Math.min(old.length, now.length - moved) - from];
    if (this.isSame(at, left)) return at + left;
    while (left > FEW) {
      const half = left >> 1;
      if (this.isSame(at, half)) [at, left] = [at + half, left - half];
      else left = half;
    }
    while (old.charCodeAt(at) === now.charCodeAt(at + moved)) at += 1;
    return at;
  }

  /** Pieces of a text are compared many times faster than its characters one by one. */
  private isSame(at: number, length: number): boolean {
    const { old, now, moved } = this;
    return old.slice(at, at + length) === now.slice(at + moved, at + moved + length);
  }

  /** @returns where both go on behind the difference at this place; negative where it is another one than of a text or a value */
  private pass(at: number): number {
    const { starts, opens, count } = this.before;
    while (this.last + 1 < count && starts[this.last + 1] <= at) this.last += 1;
    const { last } = this;
    return starts[last] < at && at < opens[last] ? this.startTag(last, at) : this.text(at);
  }

  private startTag(place: number, at: number): number {
    const { before, moved } = this;
    const [from, to] = [before.starts[place], before.opens[place]];
    const changed = changedAttribute(before.tag(place), this.now, { at: from + moved, same: at - from });
    if (!changed) return -1;
    this.changes.push([place, changed]);
    return this.skip(from, to, changed.end);
  }

  private text(at: number): number {
    const { before, now, moved } = this;
    const parent = this.parentAt(at);
    if (parent < 0) return -1;
    let [from, to] = [before.opens[parent], before.closes[parent]];
    const end = before.after(parent);
    for (let child = parent + 1; child < end; child = before.after(child)) {
      if (before.starts[child] >= at) {
        to = before.starts[child];
        break;
      }
      // In its end tag.
      if (before.ends[child] > at) return -1;
      from = before.ends[child];
    }
    const endNow = now.indexOf('<', from + moved);
    if (endNow < 0) return -1;
    this.changes.push([parent]);
    return this.skip(from, to, endNow);
  }

  /** The element in whose contents a place is; negative for one of which no contents are known, or which can have no text. */
  private parentAt(at: number): number {
    const { opens, closes, ends, rules, closed } = this.before;
    let place = this.last;
    // One without an end tag has no contents.
    while (place >= 0 && (closes[place] === ends[place] || opens[place] > at || closes[place] < at)) place -= 1;
    if (place < 0 || closed[place] !== 0) return -1;
    const { isLeaf, children } = rules[place];
    return isLeaf || children ? -1 : place;
  }

  private skip(from: number, to: number, toNow: number): number {
    const by = toNow - to - this.moved;
    this.gaps.push({ from, to, by });
    this.moved += by;
    return to;
  }
}
