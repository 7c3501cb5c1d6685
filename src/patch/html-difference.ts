import type { PatchPart as Part } from '../protocol/envelope.js';
import { attributePart } from './attribute-part.js';
import { changedAttribute } from './changed-attribute.js';
import { pairChildren } from './child-pairs.js';
import type { ElementTree } from './element-tree.js';
import { isIgnored, isRow, isSameIdentity } from './element-identity.js';
import { openEnded, orderOf, TEXT_BEFORE } from './list-order.js';
import { ATTRIBUTES_ALONE, costOf, WHOLE } from './patch-cost.js';
import { changedAttributes } from './tag-attributes.js';
import type { Taken } from './taken.js';
import { AHEAD, BEHIND, UnchangedElements, WITHIN, type Side, type Span } from './unchanged-elements.js';

const ATTRIBUTES = 1;

/**
 * What has to be done to the elements of one render to make them those of another. Nothing where all of it has to be
 * shown anew, and where that would be shorter.
 */
export const difference = (before: ElementTree, after: ElementTree, taken: Taken): readonly Part[] | undefined => {
  if (!isSame(before, after, [0, 0]) || isIgnored(after.tag(0))) return undefined;
  const parts = new Comparison(before, after, taken).of(0, 0, isRow(after.tag(0)));
  return costOf(parts) < after.html.length ? parts : undefined;
};

type Pair = readonly [place: number, next: number];

/** Whether one element has become the other, rather than given way to it. */
const isSame = (before: ElementTree, after: ElementTree, [place, next]: Pair): boolean => {
  if (!isAlike(before, after, [place, next])) return false;
  return isSameIdentity(before.tag(place), after.tag(next));
};

const isAlike = (before: ElementTree, after: ElementTree, [place, next]: Pair): boolean =>
  before.rules[place].name === after.rules[next].name && before.closed[place] === after.closed[next];

const spanOf = (from: Int32Array, to: Int32Array, place: number): Span => [from[place], to[place]];

class Comparison {
  private readonly unchanged: UnchangedElements;

  constructor(
    private readonly before: ElementTree,
    private readonly after: ElementTree,
    private readonly taken: Taken,
  ) {
    this.unchanged = new UnchangedElements(before, after);
  }

  /** Of an element that is the same one. */
  of(place: number, next: number, inRow: boolean): readonly Part[] {
    const { before, after } = this;
    if (this.isSameText(spanOf(before.starts, before.ends, place), spanOf(after.starts, after.ends, next))) return [];
    // Another component, or a script, shows what is in it.
    if (before.closed[place]) return [];
    const rule = after.rules[next];
    const [tag, nextTag] = [before.tag(place), after.tag(next)];
    const whole: Part = [place, after.outer(next), WHOLE];
    if (rule.isLeaf || rule.isControl) return [whole];
    const own = tag === nextTag ? [] : this.attributes(place, tag, nextTag);
    if (this.isSameText(spanOf(before.opens, before.closes, place), spanOf(after.opens, after.closes, next)))
      return own;
    const contents = this.children([place, next], inRow);
    const parts = contents && [...own, ...contents];
    const anew: readonly Part[] = rule.isReadWhole ? [whole] : [...own, [place, after.inner(next)]];
    return parts && costOf(parts) <= costOf(anew) ? parts : anew;
  }

  private attributes(place: number, tag: string, nextTag: string): readonly Part[] {
    const one = this.taken.attributes ? changedAttribute(tag, nextTag) : undefined;
    if (one?.end === nextTag.length) return [attributePart(place, one, this.taken)];
    const changed = this.taken.attributes ? changedAttributes(tag, nextTag) : undefined;
    if (changed === undefined) return [[place, nextTag, ATTRIBUTES]];
    // The same ones may be written otherwise.
    return changed === '' ? [] : [[place, changed, ATTRIBUTES_ALONE]];
  }

  private children(pair: Pair, inRow: boolean): readonly Part[] | undefined {
    return this.each(pair, inRow) ?? this.list(pair, inRow);
  }

  /** Of the same children. Nothing where others are there, or text between them has changed. */
  private each([place, next]: Pair, inRow: boolean): readonly Part[] | undefined {
    const { before, after, unchanged } = this;
    const [behind, behindNew] = [before.after(place), after.after(next)];
    const pairs: Pair[] = [];
    let [old, now] = [place + 1, next + 1];
    let [from, to] = [before.opens[place], after.opens[next]];
    let last: Side = AHEAD;
    const isInPlace = unchanged.isInPlace && place === next;
    if (isInPlace) {
      const [first, same] = unchanged.firstBehind(old, behind);
      old = now = first;
      from = to = Math.max(from, Math.min(same, first < behind ? before.starts[first] : before.closes[place]));
    }
    for (; old < behind && now < behindNew; old = before.after(old), now = after.after(now)) {
      const side = unchanged.sideOf(old, now);
      const isTextSame = side === last && side !== WITHIN;
      if (!isTextSame && !this.isSameText([from, before.starts[old]], [to, after.starts[now]])) return undefined;
      if (isInPlace && side === BEHIND) return this.stayed(pairs, inRow);
      if (side === WITHIN) {
        if (!isSame(before, after, [old, now])) return undefined;
        pairs.push([old, now]);
      }
      [from, to, last] = [before.ends[old], after.ends[now], side];
    }
    if (old < behind || now < behindNew) return undefined;
    const isEndSame = last === BEHIND || this.isSameText([from, before.closes[place]], [to, after.closes[next]]);
    return isEndSame ? this.stayed(pairs, inRow) : undefined;
  }

  private stayed(pairs: readonly Pair[], inRow: boolean): readonly Part[] {
    return pairs.flatMap((pair) => this.child(pair, inRow));
  }

  private isSameText(span: Span, now: Span): boolean {
    const [[from, end], [fromNow, endNow]] = [span, now];
    // Most often there is none.
    if (end - from !== endNow - fromNow || end === from) return end - from === endNow - fromNow;
    // No text is compared of which it is known that it has changed.
    if (this.unchanged.isOtherWithin(span, now)) return false;
    return this.before.html.slice(from, end) === this.after.html.slice(fromNow, endNow);
  }

  /** Of children that come, go or move. Nothing where it is not clear which ones. */
  private list([place, next]: Pair, inRow: boolean): readonly Part[] | undefined {
    const { before, after, unchanged } = this;
    if (!this.taken.lists || after.rules[next].isReadWhole) return undefined;
    const [olds, news] = [before.childrenOf(place), after.childrenOf(next)];
    if (olds.length + news.length === 0) return undefined;
    const pairs = pairChildren(before, after, { olds, news, inRow, unchanged });
    const ordered = pairs && orderOf(before, after, { place, next, pairs, olds, news });
    if (!ordered) return undefined;
    const { side } = ordered;
    const order = this.taken.short ? openEnded(ordered.order, olds) : ordered.order;
    const part: Part = side === TEXT_BEFORE ? [place, order] : [place, order, side];
    const stayed = [...pairs].map(([j, i]): Pair => [olds[i], news[j]]).sort(([one], [other]) => one - other);
    return [part, ...this.stayed(stayed, inRow)];
  }

  private child([old, now]: Pair, inRow: boolean): readonly Part[] {
    const { before, after } = this;
    if (isSame(before, after, [old, now])) return this.of(old, now, inRow || isRow(after.tag(now)));
    // It has the same name, and says something else.
    return before.closed[old] ? [] : [[old, after.outer(now), WHOLE]];
  }
}
