import type { ElementTree } from './element-tree.js';
import { identityOf, keyOf } from './element-identity.js';
import type { UnchangedElements } from './unchanged-elements.js';

/** Elements of one list in two renders, as places. */
export interface Siblings {
  readonly olds: readonly number[];
  readonly news: readonly number[];
}

/** By the number of a new child, that of the old one that it was. */
export type ChildPairs = ReadonlyMap<number, number>;

/**
 * Who has become whom in a list whose children come, go or move: by their names, else by equal text, else where only one of
 * each can be meant. Nothing where it is not certain: whoever shows all of the list knows more of what is in it.
 */
export const pairChildren = (
  before: ElementTree,
  after: ElementTree,
  { olds, news, inRow, unchanged }: Siblings & { readonly inRow: boolean; readonly unchanged: UnchangedElements },
): ChildPairs | undefined => {
  const pairs = new Map<number, number>();
  const isClear = (i: number, j: number): boolean => {
    const [old, now] = [olds[i], news[j]];
    if (unchanged.has(old, now)) return true;
    if (before.rules[old].name !== after.rules[now].name || before.closed[old] !== after.closed[now]) return false;
    const tag = before.tag(old);
    return before.outer(old) === after.outer(now) || (tag === after.tag(now) && keyOf(tag) !== '');
  };
  let [from, end, endNew] = [0, olds.length, news.length];
  for (; from < end && from < endNew && isClear(from, from); from += 1) pairs.set(from, from);
  for (; end > from && endNew > from && isClear(end - 1, endNew - 1); pairs.set(endNew, end)) {
    end -= 1;
    endNew -= 1;
  }

  const left = new Set(rangeOf(from, end));
  let coming: readonly number[] = rangeOf(from, endNew);
  /** Pairs those with the same sign in their order; with `alone` only where one of each has it. */
  const pairBy = (signOf: (tree: ElementTree, place: number) => string, most = Infinity): void => {
    const waiting = groups([...left], (i) => signOf(before, olds[i]));
    const same = groups(coming, (j) => signOf(after, news[j]));
    for (const [sign, ours] of same) {
      const theirs = waiting.get(sign);
      if (sign === '' || !theirs || Math.max(ours.length, theirs.length) > most) continue;
      for (const [n, j] of ours.slice(0, theirs.length).entries()) {
        pairs.set(j, theirs[n]);
        left.delete(theirs[n]);
      }
    }
    coming = coming.filter((j) => !pairs.has(j));
  };

  const kindOf = (tree: ElementTree, place: number): string => `${tree.rules[place].name} ${tree.closed[place]} `;
  pairBy((tree, place) => {
    const key = keyOf(tree.tag(place));
    return key && kindOf(tree, place) + key;
  });
  const unnamed = (tree: ElementTree, place: number): boolean => keyOf(tree.tag(place)) === '';
  pairBy((tree, place) => (unnamed(tree, place) ? tree.outer(place) : ''));
  pairBy((tree, place) => (unnamed(tree, place) ? kindOf(tree, place) + identityOf(tree.tag(place)) : ''), 1);

  const isUnsure = inRow
    ? left.size > 0 && coming.length > 0
    : [...left].some((i) => unnamed(before, olds[i])) && coming.some((j) => unnamed(after, news[j]));
  return isUnsure ? undefined : pairs;
};

const rangeOf = (from: number, end: number): number[] => {
  const range: number[] = [];
  for (let n = from; n < end; n += 1) range.push(n);
  return range;
};

const groups = (all: readonly number[], signOf: (n: number) => string): ReadonlyMap<string, number[]> => {
  const found = new Map<string, number[]>();
  for (const n of all) {
    const sign = signOf(n);
    const same = found.get(sign);
    if (same) same.push(n);
    else found.set(sign, [n]);
  }
  return found;
};
