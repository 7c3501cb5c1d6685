import type { Text } from '../texts/long-text.js';
import { ElementReader, type Open } from './element-reader.js';
import { ElementTree } from './element-tree.js';
import { sameAtBothEnds, type SameEnds } from './same-ends.js';

/**
 * The elements of a component's HTML, as a browser would make them. Nothing where a browser may read it otherwise than it
 * is written: an end tag is missing, an element stands where it cannot, or what is in it depends on where it is read.
 * @param before an earlier render: what is the same in both is not read again
 */
export const readElements = (html: Text, before?: ElementTree): ElementTree | undefined =>
  (before && readAgain(html, before)) ?? readWhole(html);

const readWhole = (html: Text): ElementTree | undefined => {
  const read = new ElementReader(String(html)).read();
  return read && read.count > 0 ? ElementTree.of(html, read) : undefined;
};

/**
 * Reads the contents of the smallest element around all that is different, as far as they are; nothing where the elements
 * around that are no longer the same.
 */
const readAgain = (html: Text, before: ElementTree): ElementTree | undefined => {
  const same = sameAtBothEnds(before.html, html);
  const around = aroundChange(before, same);
  if (around.length === 0) return undefined;
  const { from, to, first, next } = gapIn(before, around.at(-1)!.place, same);
  const moved = html.length - before.html.length;
  const read = new ElementReader(html.slice(from, to + moved), { from, around, first }).read();
  if (!read) return undefined;
  const gap = { html, first, next, moved, around: around.map(({ place }) => place) };
  return before.withRead(gap, read);
};

/** The elements in whose contents all is that is different, outermost first. */
const aroundChange = (before: ElementTree, { head, tail }: SameEnds): Open[] => {
  const { rules, opens, closes, closed, html } = before;
  const around: Open[] = [];
  const last = html.length - tail;
  let [place, end] = [0, before.count];
  while (place < end) {
    const rule = rules[place];
    const isImplied = before.isImplied(place);
    // One that a browser adds is there because of the first element in it.
    if (opens[isImplied ? place + 1 : place] > head) break;
    const isAround = closes[place] >= last && !rule.isVoid && !rule.isLeaf && closed[place] === 0;
    if (isAround) around.push({ rule, place, isImplied });
    [place, end] = isAround ? [place + 1, before.after(place)] : [before.after(place), end];
  }
  return around;
};

/** Between the last child that is the same in front of the change, and the first one behind it. */
const gapIn = (before: ElementTree, place: number, { head, tail }: SameEnds) => {
  const { starts, opens, closes, ends, html } = before;
  const end = before.after(place);
  let from = opens[place];
  let first = place + 1;
  // Where a browser adds an element, its end is not written: what follows may be in it.
  for (; first < end && ends[first] <= head && !before.isImplied(first); first = before.after(first))
    from = ends[first];
  let next = first;
  while (next < end && starts[next] < html.length - tail) next = before.after(next);
  return { from, to: next < end ? starts[next] : closes[place], first, next };
};
