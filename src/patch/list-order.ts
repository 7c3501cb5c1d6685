import type { ListOrder } from '../protocol/envelope.js';
import type { ChildPairs, Siblings } from './child-pairs.js';
import type { ElementTree } from './element-tree.js';

/** Which of the texts between children comes, goes and moves with a child. */
export const TEXT_BEFORE = 0;
export const TEXT_AFTER = 1;
export const NO_TEXT = 2;
export type TextSide = typeof TEXT_BEFORE | typeof TEXT_AFTER | typeof NO_TEXT;

export interface OrderedList {
  readonly order: ListOrder;
  readonly side: TextSide;
}

interface Texts {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The children of an element in their new order. Nothing where text has changed beside one that stays. */
export const orderOf = (
  before: ElementTree,
  after: ElementTree,
  { place, next, pairs, olds, news }: Siblings & { place: number; next: number; pairs: ChildPairs },
): OrderedList | undefined => {
  const texts = { before: textsOf(before, place, olds), after: textsOf(after, next, news) };
  const side = sideOf(texts, pairs);
  // A browser would not read it by itself as it does where it is written.
  if (side === undefined || news.some((now, j) => !pairs.has(j) && after.tag(now) === '')) return undefined;
  const htmlOf = (first: number, last: number): string => {
    const from = side === TEXT_BEFORE && first > 0 ? after.ends[news[first - 1]] : after.starts[news[first]];
    const start = side === TEXT_BEFORE && first === 0 ? after.opens[next] : from;
    const behind = last + 1 < news.length ? after.starts[news[last + 1]] : after.closes[next];
    return after.html.slice(start, side === TEXT_AFTER ? behind : after.ends[news[last]]);
  };
  const order: (number | string)[] = [];
  for (let first = 0, last: number; first < news.length; first = last + 1) {
    const old = pairs.get(first);
    last = first;
    if (old === undefined) {
      while (last + 1 < news.length && !pairs.has(last + 1)) last += 1;
      order.push(htmlOf(first, last));
      continue;
    }
    while (last + 1 < news.length && pairs.get(last + 1) === old + last + 1 - first) last += 1;
    order.push(olds[old], olds[old + last - first]);
  }
  return { order, side };
};

/** The same, in which 0 is the last of the children; alone it is all of them. */
export const openEnded = (order: ListOrder, olds: readonly number[]): ListOrder => {
  const last = order.lastIndexOf(olds.at(-1)!);
  if (last < 0) return order;
  // The end of a run stands behind its beginning, which may be the same child.
  return order[last - 1] === olds[0] ? order.toSpliced(last - 1, 2, 0) : order.with(last, 0);
};

/** Before each child, and at the end. */
const textsOf = (tree: ElementTree, parent: number, children: readonly number[]): readonly string[] => {
  const starts = children.map((child) => tree.starts[child]);
  const ends = children.map((child) => tree.ends[child]);
  return [...starts, tree.closes[parent]].map((to, n) => tree.html.slice(n ? ends[n - 1] : tree.opens[parent], to));
};

const sideOf = ({ before, after }: Texts, pairs: ChildPairs): TextSide | undefined => {
  const staying = [...pairs];
  if (before.at(-1) === after.at(-1) && staying.every(([j, i]) => before[i] === after[j])) return TEXT_BEFORE;
  if (before[0] !== after[0]) return undefined;
  if (staying.every(([j, i]) => before[i + 1] === after[j + 1])) return TEXT_AFTER;
  const isBare = [before, after].every((texts) => texts.slice(1, -1).every((text) => text === ''));
  return isBare && staying.length > 0 && before.at(-1) === after.at(-1) ? NO_TEXT : undefined;
};
