import { isOwned } from './attributes.js';
import { parseHtml } from './html.js';
import type { Change } from './morph.js';
import { invoke, queryAll } from './unshadowed.js';
import type { PatchPart } from './wire.js';

/** The elements of a component in the order of its HTML: a patch names them by their numbers. */
export type Places = readonly Element[];

/** Shown as a whole where anything in them has changed. */
const LEAVES = 'svg,math,select';

/** An element and those in it; what stands in another component, or is left to a script, is not among them. */
export const placesOf = (element: Element): Places => [
  element,
  ...(invoke(element, 'matches', LEAVES)
    ? []
    : queryAll(element, `:not(:scope :is([live-id],[live-ignore],${LEAVES}) *)`).filter(isOwned)),
];

export interface PlacedChange extends Change {
  /** The number of the element, and of the first one behind all that is in it. */
  readonly at: number;
  readonly behind: number;
}

export const changesOf = (places: Places, parts: readonly PatchPart[]): PlacedChange[] =>
  parts.map(([at, html, what]) => {
    const from = places[at];
    const made = parseHtml(html, from);
    let behind = at + 1;
    while (behind < places.length && invoke(from, 'contains', places[behind])) behind++;
    return { from, wanted: what ? made.firstElementChild! : made, what, at, behind };
  });

/** Those that have stayed are the same ones, wherever a script has moved them meanwhile. From the last change to the first. */
export const placesAfter = (places: Places, changes: PlacedChange[]): Places => {
  let after = places;
  for (const { from, what, at, behind } of changes.reverse())
    if (what !== 1) after = [...after.slice(0, at), ...placesOf(from), ...after.slice(behind)];
  return after;
};
