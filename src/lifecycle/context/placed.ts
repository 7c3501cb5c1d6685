import type { Position } from '../../protocol/envelope.js';
import type { Place } from '../../rendering/slot-contents.js';

/** The instance in whose template another one stands. */
export interface Owner {
  readonly component: string;
  readonly id: string;
  /** How many owners it has itself. */
  readonly depth: number;
}

/** Stands for the owner of what a page puts into a component's slot. */
export const THE_PAGE: Owner = Object.freeze({ component: '', id: '', depth: 0 });

/** An instance whose id and props another one decides. */
export interface Placed {
  readonly id: string;
  readonly owner: Owner;
  /** Where the owner stands that decides it; absent while the owner itself is being mounted. */
  readonly by?: Position;
}

/** What an instance was given when it was made: encoded, this is what every token of it carries. */
export interface Given {
  readonly props: Readonly<Record<string, unknown>>;
  readonly slots: Readonly<Record<string, string>>;
  /** What stands in its slots. */
  readonly places: readonly Place[];
  /** What features have said of the mount, by their names. */
  readonly memo: Readonly<Record<string, unknown>>;
  /** Whose template it stands in; absent for one that stands in a page. */
  readonly owner?: Owner;
  /** What the ids of its own children follow from, where that is not its id: it took the place of one nobody had used. */
  readonly lineage?: string;
  /** Of one in a template: the keys of its owners and its own, from the page down. */
  readonly key?: string;
}

/** In the encoded form: props, slots, places, memo, lineage, key, owner, and whether a place holds secrets. */
interface Encoded {
  readonly p?: Given['props'];
  readonly l?: Given['slots'];
  readonly k?: readonly EncodedPlace[];
  readonly m?: Given['memo'];
  readonly n?: string;
  readonly y?: string;
  readonly x?: 1;
  readonly o?: readonly [component: string, id: string, depth: number];
}

/** The older form has no position: its slots hold a mark for each place, which was kept out of everything else in them. */
type EncodedPlace = readonly [component: string, id: string, sealed: string, slot?: string, at?: number];

/** What most components are given on most events. */
export const NOTHING_GIVEN: Given = Object.freeze({
  props: Object.freeze({}),
  slots: Object.freeze({}),
  places: Object.freeze([]),
  memo: Object.freeze({}),
});

/** Nothing that is not there is written, so that equal things given are equal texts. */
export const packGiven = (all: Partial<Given>): Record<string, unknown> => {
  const { props, slots, places = [], memo, owner, lineage, key } = all;
  // A page helper hands over every name it was given; one without a value is no prop.
  const given = Object.entries(props ?? {}).filter(([, value]) => value !== undefined);
  const packed: Record<string, unknown> = { p: Object.fromEntries(given) };
  if (slots && Object.keys(slots).length > 0) packed.l = slots;
  if (places.length > 0)
    packed.k = places.map(({ component, id, sealed, slot, at }) => [component, id, sealed, slot, at]);
  if (places.some(({ secret }) => secret)) packed.x = 1;
  if (memo && Object.keys(memo).length > 0) packed.m = memo;
  if (lineage !== undefined) packed.n = lineage;
  if (key !== undefined) packed.y = key;
  if (owner) packed.o = [owner.component, owner.id, owner.depth];
  return packed;
};

/** Whether this has to be kept from whoever holds it: secrets of what stands in a slot. */
export const holdsSecrets = (encoded: string): boolean => encoded.includes('"x":1');

export const unpackGiven = (packed: Record<string, unknown>): Given => {
  const { p = {}, l = {}, k = [], m = {}, o, x, n, y } = packed as Encoded;
  const { slots, positions } = k.some(({ length }) => length === 3) ? positionsOf(l) : { slots: l, positions: [] };
  const places = k.map(([component, id, sealed, slot, at], index): Place => {
    const secret = x === 1;
    if (slot !== undefined && at !== undefined) return { component, id, sealed, secret, slot, at };
    return { component, id, sealed, secret, ...(positions[index] ?? { slot: '', at: 0 }) };
  });
  const owner = o && { component: o[0], id: o[1], depth: o[2] };
  return { props: p, slots, places, memo: m, lineage: n, key: y, owner };
};

const OLDER_MARK = /\uFFFE(\d+)\uFFFE/;

/** Slots of the older form: their texts without marks, and where these were. */
const positionsOf = (marked: Given['slots']): { slots: Given['slots']; positions: Pick<Place, 'slot' | 'at'>[] } => {
  const positions: Pick<Place, 'slot' | 'at'>[] = [];
  const slots = Object.entries(marked).map(([slot, text]) => {
    let rest = text;
    for (let mark = OLDER_MARK.exec(rest); mark; mark = OLDER_MARK.exec(rest)) {
      positions[Number(mark[1])] = { slot, at: mark.index };
      rest = rest.slice(0, mark.index) + rest.slice(mark.index + mark[0].length);
    }
    return [slot, rest] as const;
  });
  return { slots: Object.fromEntries(slots), positions };
};
