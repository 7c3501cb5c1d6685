/** What of patches a client understands. */
export interface Taken {
  /** Attributes by themselves. */
  readonly attributes: boolean;
  /** Children that come, go and move. */
  readonly lists: boolean;
  /** HTML that says what of the last one is to be replaced. */
  readonly alike: boolean;
  /** Texts that are numbers as such, classes by those that come and go, and 0 for the end of a list. */
  readonly short: boolean;
}

/** What a client says of itself: `takes` 1 for attributes by themselves, 2 for lists and likeness, too; 3 and 4 in short. */
export interface Says {
  readonly takes?: unknown;
  /** Of a client that says no more: lists of whole rows. */
  readonly lists?: unknown;
}

const WHOLE: Taken = { attributes: false, lists: false, alike: false, short: false };
const LISTS: Taken = { ...WHOLE, lists: true };
const ATTRIBUTES: Taken = { ...WHOLE, attributes: true };
const ALL: Taken = { ...ATTRIBUTES, lists: true, alike: true };

const BY_NUMBER = new Map<unknown, Taken>([
  [1, ATTRIBUTES],
  [2, ALL],
  [3, { ...ATTRIBUTES, short: true }],
  [4, { ...ALL, short: true }],
]);

export const takenBy = ({ takes, lists }: Says): Taken => BY_NUMBER.get(takes) ?? (lists === true ? LISTS : WHOLE);
