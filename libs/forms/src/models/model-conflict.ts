import { changedNames, type FormData } from '../form.data.js';
import { textOf } from '../form.text.js';

/** A field that somebody else has changed: what it was when the form was filled, and what it is now. */
export interface FieldChangedElsewhere {
  readonly name: string;
  readonly was: unknown;
  readonly theirs: unknown;
}

/** A field that both have changed, differently. */
export interface FieldConflict extends FieldChangedElsewhere {
  readonly mine: unknown;
}

/** Somebody else has saved the record meanwhile: their version beside what was entered. */
export interface ModelConflict {
  /** Fields for which somebody has to choose. While there are any, nothing is saved over the other version. */
  readonly fields: readonly FieldConflict[];
  /** Fields that only the other one has changed: the form shows theirs already. */
  readonly updated: readonly FieldChangedElsewhere[];
  /** The whole record as it is stored now. */
  readonly theirs: FormData;
  readonly version: string;
}

interface ThreeVersions {
  /** When the form was filled. */
  readonly was: FormData;
  /** As entered. */
  readonly mine: FormData;
  /** As stored now. */
  readonly theirs: FormData;
}

/** What two people have made of one record. */
export const compareVersions = (
  fields: readonly string[],
  { was, mine, theirs }: ThreeVersions,
): Pick<ModelConflict, 'fields' | 'updated'> => {
  const changed = fields
    .filter((name) => !isSame(was[name], theirs[name]) && !isSame(mine[name], theirs[name]))
    .map((name) => ({ name, was: was[name], mine: mine[name], theirs: theirs[name] }));
  const isUntouched = ({ was: before, mine: entered }: FieldConflict): boolean => isSame(before, entered);
  return {
    fields: changed.filter((field) => !isUntouched(field)),
    updated: changed
      .filter(isUntouched)
      .map(({ name, was: before, theirs: now }) => ({ name, was: before, theirs: now })),
  };
};

/** Whether a control would show the same. A list of choices has no order. */
export const isSame = (one: unknown, other: unknown): boolean =>
  changedNames(sortedChoices(one), sortedChoices(other)).length === 0;

const sortedChoices = (value: unknown): unknown =>
  Array.isArray(value) && value.every((item) => typeof item !== 'object')
    ? (value as unknown[]).map(textOf).sort()
    : value;
