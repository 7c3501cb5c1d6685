/** What of patches a client understands. */
export interface Taken {
  /** Attributes by themselves. */
  readonly attributes: boolean;
  /** Children that come, go and move. */
  readonly lists: boolean;
  /** HTML that says what of the last one is to be replaced. */
  readonly alike: boolean;
}

/** What a client says of itself: `takes` 1 for attributes by themselves, 2 for lists and likeness, too. */
export interface Says {
  readonly takes?: unknown;
  /** Of a client that says no more: lists of whole rows. */
  readonly lists?: unknown;
}

const WHOLE: Taken = { attributes: false, lists: false, alike: false };
const LISTS: Taken = { ...WHOLE, lists: true };
const ATTRIBUTES: Taken = { ...WHOLE, attributes: true };
const ALL: Taken = { attributes: true, lists: true, alike: true };

export const takenBy = ({ takes, lists }: Says): Taken => {
  if (takes === 2) return ALL;
  if (takes === 1) return ATTRIBUTES;
  return lists === true ? LISTS : WHOLE;
};
