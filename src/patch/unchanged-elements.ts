import type { ElementTree } from './element-tree.js';
import { sameAtBothEnds, type SameEnds } from './same-ends.js';

export type Span = readonly [from: number, to: number];

/** Where an element stands: in front of all that has changed, behind it, or where something has. */
export const AHEAD = 0;
export const BEHIND = 1;
export const WITHIN = 2;
export type Side = typeof AHEAD | typeof BEHIND | typeof WITHIN;

/** Which elements of two renders stand in what is the same at their beginning, or at their end: no text has to be compared. */
export class UnchangedElements {
  private readonly same: SameEnds;
  private readonly moved: number;
  /** No element has moved, come or gone. */
  readonly isInPlace: boolean;

  constructor(
    private readonly before: ElementTree,
    private readonly after: ElementTree,
  ) {
    this.same = sameAtBothEnds(before.html, after.html);
    this.moved = after.html.length - before.html.length;
    this.isInPlace = before.isInPlaceOf(after);
  }

  /** Whether it stands in the same place in both, and what is in front of its end is not the same. */
  isOtherWithin([from, to]: Span, [fromNow, toNow]: Span): boolean {
    const { head } = this.same;
    return from === fromNow && from <= head && head < Math.min(to, toNow);
  }

  has(old: number, now: number): boolean {
    return this.sideOf(old, now) !== WITHIN;
  }

  sideOf(old: number, now: number): Side {
    const { before, same, moved } = this;
    if (before.ends[old] <= same.head && this.isMoved(old, now, 0)) return AHEAD;
    return before.starts[old] >= before.html.length - same.tail && this.isMoved(old, now, moved) ? BEHIND : WITHIN;
  }

  /** Where none has moved: the first of these siblings that is not in front of all that has changed, and the text to compare before it. */
  firstBehind(place: number, end: number): readonly [place: number, from: number] {
    const { before, same } = this;
    let first = place;
    while (first < end && before.ends[first] <= same.head) first = before.after(first);
    return [first, same.head];
  }

  private isMoved(old: number, now: number, by: number): boolean {
    const { before, after } = this;
    if (this.isInPlace && old === now) return by === 0;
    return (
      after.starts[now] - before.starts[old] === by &&
      after.ends[now] - before.ends[old] === by &&
      after.rules[now].name === before.rules[old].name &&
      after.closed[now] === before.closed[old]
    );
  }
}
