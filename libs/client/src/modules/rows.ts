import { arrange } from '../arrange.js';
import { deedOf, saying, type Sign } from '../identity.js';
import { parts } from '../parts.js';
import { install } from '../seam.js';
import { attributeOf, invoke, property, queryAll } from '../unshadowed.js';

/**
 * Of places in a new order, the indexes of those that need not move: the heaviest increasing run, the longest one where
 * all weigh the same.
 */
const stayingOf = (places: readonly number[], weightOf: (index: number) => number): ReadonlySet<number> => {
  /** The weight of the heaviest run that ends at an index, and who stands before it in that run. */
  const weights: number[] = [];
  const previous: number[] = [];
  /** By rank: the end of the heaviest run below it, in a tree of maxima. */
  const ends: number[] = [];
  const heavier = (one: number, other = -1): number => ((weights[other] ?? 0) > (weights[one] ?? 0) ? other : one);
  const size = places.reduce((most, place) => Math.max(most, place), 0) + 1;
  let best = -1;
  for (const [index, place] of places.entries()) {
    let last = -1;
    for (let rank = place; rank > 0; rank -= rank & -rank) last = heavier(last, ends[rank]);
    previous[index] = last;
    weights[index] = weightOf(index) + (weights[last] ?? 0);
    for (let rank = place + 1; rank <= size; rank += rank & -rank) ends[rank] = heavier(index, ends[rank]);
    best = heavier(index, best);
  }
  const staying = new Set<number>();
  for (; best >= 0; best = previous[best]) staying.add(best);
  return staying;
};

const DELICATE = 'iframe,object,embed,audio,video,dialog,[popover]';

/** What a move may cost in a browser that cannot keep it: a frame is loaded again, a popover closes. */
const isDelicate = (node: Node): boolean =>
  node instanceof Element && (invoke(node, 'matches', DELICATE) || queryAll(node, DELICATE).length > 0);

/** Where somebody types: after a move, keys reach nothing in Firefox. */
const hasFocus = (node: Node): boolean => invoke(node, 'contains', property(document, 'activeElement'));

/** What an element does, with what and for whom. */
const purposeOf = saying(/^(live-(click|submit|value|payload)|src$|href$)/);

/** Names of what is inside, and what is done there for a certain row. */
const contentsOf = (element: Element, nameOf: Sign): readonly string[] =>
  queryAll(element, '*').map((inner) => {
    const [name, deed, purpose] = [nameOf(inner), deedOf(inner), purposeOf(inner)];
    return name || purpose !== deed ? `${deedOf(element)}:${name || purpose}` : '';
  });

/**
 * A new order costs as few moves as can be, and none of a row that a move would harm where another can go
 * instead; an element without a name is known by what it holds.
 */
install('rows', () => {
  parts.signs = [
    contentsOf,
    (element) => [purposeOf(element) + property(element, 'textContent')],
    (element) => [`${deedOf(element)} ${attributeOf(element, 'class')}`],
  ];

  parts.staying = (kept, olds) => {
    const places = new Map(olds.map((old, place) => [old, place]));
    const order = kept.map((old) => places.get(old)!);
    if (order.every((place, index) => !index || place > order[index - 1])) return new Set(kept);
    const { length } = kept;
    const weightOf = (node: Node) => (hasFocus(node) ? length * length : isDelicate(node) ? length : 1);
    const staying = stayingOf(order, (index) => weightOf(kept[index]));
    return new Set(kept.filter((_, index) => staying.has(index)));
  };

  parts.arrange = arrange;
});
