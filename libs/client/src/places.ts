import { isOwned, withToggled } from './attributes.js';
import type { PlacedChange, Places } from './change.js';
import { parseHtml } from './html.js';

import { parts } from './parts.js';
import { invoke, property, queryAll } from './unshadowed.js';
import type { PatchPart } from './wire.js';

/** Shown as a whole where anything in them has changed. */
const LEAVES = 'svg,math,select';

/** An element and those in it; what stands in another component, or is left to a script, is not among them. */
export const placesOf = (element: Element): Places => [
  element,
  ...(invoke(element, 'matches', LEAVES)
    ? []
    : queryAll(element, `:not(:scope :is([live-id],[live-ignore],${LEAVES}) *)`).filter(isOwned)),
];

/** Nothing for a list that is not as the server knows it. */
export const changesOf = (places: Places, shown: readonly PatchPart[]): readonly (PlacedChange | undefined)[] =>
  shown.map(([at, what, how]) => {
    const from = places[at];
    const parse = (html: string) => parseHtml(html, from);
    let behind = at + 1;
    while (behind < places.length && invoke(from, 'contains', places[behind])) behind++;
    const change = { from, at, behind, what: how };
    if (typeof what === 'object') return parts.arrange?.(places, change, what, parse);
    const written = how === 4 ? `class="${withToggled(from, what)}"` : `${what}`;
    const made = parse(how! > 2 ? `<${property(from, 'nodeName')} ${written}>` : written);
    return { ...change, wanted: how ? made.firstElementChild! : made };
  });

/** Whether elements may have come or gone. */
const isOfElements = ({ from, what = 2, list, at, behind }: PlacedChange): unknown =>
  list || (what === 2 && (behind > at + 1 || property(from, 'firstElementChild')));

/** Those that have stayed are the same ones, wherever a script has moved them meanwhile. */
export const placesAfter = (places: Places, changes: readonly PlacedChange[]): Places => {
  const structural = changes.filter(isOfElements);
  if (!structural.length) return places;
  /** What stands at each place now; nothing for what has come to stand at one before it. */
  const now: Places[] = places.map((element) => [element]);
  for (const { from, list, at, behind } of structural.reverse()) {
    now[at] = list?.placed(now, placesOf) ?? placesOf(from);
    now.fill([], at + 1, behind);
  }
  return now.flat();
};
