import type { PatchPart as Part } from '../protocol/envelope.js';
import type { ElementTree } from './element-tree.js';
import { identityOf } from './element-identity.js';

const ATTRIBUTES = 1;
const WHOLE = 2;

/** A part's own signs on the wire, about. */
const FRAME = 8;

/**
 * What has to be done to the elements of one render to make them those of another. Nothing where all of it has to be
 * shown anew, and where that would be shorter.
 */
export const difference = (before: ElementTree, after: ElementTree): readonly Part[] | undefined => {
  if (!isSame(before, after, [0, 0]) || IGNORED.test(after.tag(0))) return undefined;
  const parts = new Comparison(before, after).of(0, 0);
  return costOf(parts) < after.html.length ? parts : undefined;
};

const IGNORED = /\slive-ignore[\s=/>]/i;

const costOf = (parts: readonly Part[]): number => parts.reduce((cost, [, html]) => cost + html.length + FRAME, 0);

type Pair = readonly [place: number, next: number];

/** Whether one element has become the other, rather than given way to it. */
const isSame = (before: ElementTree, after: ElementTree, [place, next]: Pair): boolean => {
  if (before.rules[place] !== after.rules[next] && before.rules[place].name !== after.rules[next].name) return false;
  if (before.closed[place] !== after.closed[next]) return false;
  const [tag, nextTag] = [before.tag(place), after.tag(next)];
  return tag === nextTag || identityOf(tag) === identityOf(nextTag);
};

class Comparison {
  constructor(
    private readonly before: ElementTree,
    private readonly after: ElementTree,
  ) {}

  /** Of an element that is the same one. */
  of(place: number, next: number): readonly Part[] {
    const { before, after } = this;
    if (before.outer(place) === after.outer(next)) return [];
    // Another component, or a script, shows what is in it.
    if (before.closed[place]) return [];
    const rule = after.rules[next];
    const [tag, nextTag] = [before.tag(place), after.tag(next)];
    const whole: Part = [place, after.outer(next), WHOLE];
    if (rule.isLeaf || rule.isControl) return [whole];
    const own: readonly Part[] = tag === nextTag ? [] : [[place, nextTag, ATTRIBUTES]];
    if (before.inner(place) === after.inner(next)) return own;
    const contents = this.children(place, next);
    const parts = contents && [...own, ...contents];
    const anew: readonly Part[] = rule.isReadWhole ? [whole] : [...own, [place, after.inner(next)]];
    return parts && costOf(parts) <= costOf(anew) ? parts : anew;
  }

  /** Nothing where other children are there, or text between them has changed. */
  private children(place: number, next: number): readonly Part[] | undefined {
    const { before, after } = this;
    const [olds, news] = [before.childrenOf(place), after.childrenOf(next)];
    if (olds.length !== news.length || olds.length === 0) return undefined;
    let [from, to] = [before.opens[place], after.opens[next]];
    const parts: Part[] = [];
    for (const [i, old] of olds.entries()) {
      const now = news[i];
      if (before.html.slice(from, before.starts[old]) !== after.html.slice(to, after.starts[now])) return undefined;
      if (!isSame(before, after, [old, now])) return undefined;
      parts.push(...this.of(old, now));
      [from, to] = [before.ends[old], after.ends[now]];
    }
    const isTailSame = before.html.slice(from, before.closes[place]) === after.html.slice(to, after.closes[next]);
    return isTailSame ? parts : undefined;
  }
}
