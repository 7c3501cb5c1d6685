import { createHash } from 'node:crypto';

import { LiveSetupError } from '../../errors/setup-error.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import type { Placement, Tree } from '../../rendering/placement.js';

/** Which child of a name this is, a digest of what it was given last, and how often one that nobody had used was replaced. */
export type KnownChild = readonly [generation: number, given: string, replaced?: number];

/** What an instance remembers of its children and of its owner: as much as it shows, never more. */
export interface Family {
  /** The children it showed last, by name. */
  readonly children?: Readonly<Record<string, KnownChild>>;
  /** How often a child has gone for good. */
  readonly generation?: number;
  /** What its owner gave it last. */
  readonly given?: Record<string, unknown>;
  /** Where the owner stood when it gave that. */
  readonly by?: readonly [epoch: string, version: number];
  /** Address of the page its children were first shown on. */
  readonly page?: string;
  /** Made for many pages, as its owner was. */
  readonly shared?: true;
}

const FEATURE = 'slots';

export const familyOf = ({ kept }: LiveContext): Family => kept[FEATURE] ?? {};

export const rememberFamily = ({ kept }: LiveContext, family: Family): void => {
  const known = Object.entries(family).filter(([, value]) => value !== undefined);
  kept[FEATURE] = Object.fromEntries(known);
};

/** Short for a text of any length: equal texts, equal digests. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 10);

/** The id of a child, and what the ids of its own children follow from. */
export interface Descent {
  readonly id: string;
  readonly lineage: string;
}

/**
 * The id of a child follows from its owner's and its name, so that every node gives it the same without asking; from the
 * generation, too, so that a name that comes back is a new child. One that takes the place of a child nobody has used has
 * another id and the same lineage: what stood in that child may have been used.
 */
export const descentOf = (
  { id: owner, given }: Pick<LiveContext, 'id' | 'given'>,
  name: string,
  [generation, , replaced = 0]: KnownChild,
): Descent => {
  const lineage = digest([given.lineage ?? owner, name, generation]);
  return { lineage, id: replaced === 0 ? lineage : digest([lineage, replaced]) };
};

const digest = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);

export const componentOf = (name: string): string => name.split('#', 1)[0];

/** Every placement of a template, those in slots before what they stand in. */
export const placementsOf = (rendered: Tree): readonly Placement[] =>
  rendered.placements().flatMap((placement) => [...Object.values(placement.slots).flatMap(placementsOf), placement]);

/** @throws LiveSetupError `KEY_TAKEN` when two children would be one */
export const refuseDuplicates = (placements: readonly Placement[]): void => {
  const places = new Map<string, string | undefined>();
  for (const { name, component, key, place } of placements) {
    if (places.has(name)) {
      const what =
        key === undefined ? `a second "${component}" without a key` : `a second "${component}" with the key "${key}"`;
      throw new LiveSetupError(
        'KEY_TAKEN',
        `${place ?? 'a template'} has ${what}; the first is at ${places.get(name) ?? 'another place'}. Give each a key of its own: {{component '${component}' key=id}}.`,
      );
    }
    places.set(name, place);
  }
};
