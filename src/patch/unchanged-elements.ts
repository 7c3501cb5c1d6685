import type { ElementTree } from './element-tree.js';
import { sameAtBothEnds, type SameEnds } from './same-ends.js';

export type Span = readonly [from: number, to: number];

/** Which elements of two renders stand in what is the same at their beginning, or at their end: no text has to be compared. */
export class UnchangedElements {
  private readonly same: SameEnds;
  private readonly moved: number;

  constructor(
    private readonly before: ElementTree,
    private readonly after: ElementTree,
  ) {
    this.same = sameAtBothEnds(before.html, after.html);
    this.moved = after.html.length - before.html.length;
  }

  /** Whether it stands in the same place in both, and what is in front of its end is not the same. */
  isOtherWithin([from, to]: Span, [fromNow, toNow]: Span): boolean {
    const { head } = this.same;
    return from === fromNow && from <= head && head < Math.min(to, toNow);
  }

  has(old: number, now: number): boolean {
    return this.isAhead(old, now) || this.isBehind(old, now);
  }

  /** In front of all that has changed. */
  isAhead(old: number, now: number): boolean {
    return this.before.ends[old] <= this.same.head && this.isMoved(old, now, 0);
  }

  /** Behind all that has changed. */
  isBehind(old: number, now: number): boolean {
    const { before, same, moved } = this;
    return before.starts[old] >= before.html.length - same.tail && this.isMoved(old, now, moved);
  }

  private isMoved(old: number, now: number, by: number): boolean {
    const { before, after } = this;
    return (
      after.starts[now] - before.starts[old] === by &&
      after.ends[now] - before.ends[old] === by &&
      after.rules[now].name === before.rules[old].name &&
      after.closed[now] === before.closed[old]
    );
  }
}
