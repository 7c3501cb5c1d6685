import { temporalKindOf } from 'nest-live/extend';

import { pathOf, refuseReaching } from './form.names.js';

/** What a form holds, before its DTO says what it means: text, choices, and branches by the steps of the names. */
export type Entered = { [step: string]: unknown };

/**
 * A form's fields as a tree. Takes them flat, as a browser sends them (`items[0][price]`, `items.0.price`, `tags[]`),
 * nested, as a body parser has left them, or mixed.
 * @throws LiveError `BAD_FRAME` for a name that reaches a prototype or has too many steps
 */
export const decodeForm = (fields: Readonly<Record<string, unknown>>): Entered => {
  const tree: Entered = {};
  for (const [name, value] of Object.entries(fields)) {
    const steps = pathOf(name);
    let branch = tree;
    for (const step of steps.slice(0, -1)) {
      branch = branch[step] = asBranch(own(branch, step));
    }
    const last = steps.at(-1) as string;
    branch[last] = joined(own(branch, last), copied(value));
  }
  return tree;
};

/** An own member, so that no name reaches what every object has. */
export const own = (branch: Readonly<Record<string, unknown>>, step: string): unknown =>
  Object.hasOwn(branch, step) ? branch[step] : undefined;

export const isBranch = (value: unknown): value is Entered =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !temporalKindOf(value);

const copied = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    return value.map(copied);
  }
  if (typeof value === 'string') {
    // Form encoding writes every line's end as two signs, a script's FormData as one: one text, one length.
    return value.replace(/\r\n?/g, '\n');
  }
  if (!isBranch(value)) {
    return value;
  }
  const copy: Entered = {};
  for (const [step, member] of Object.entries(value)) {
    refuseReaching(step);
    copy[step] = copied(member);
  }
  return copy;
};

/** A body parser has made lists of some names, and left others as they were: both go on in one branch. */
const asBranch = (value: unknown): Entered => {
  if (Array.isArray(value)) {
    return { ...(value as unknown[]) };
  }
  return isBranch(value) ? value : {};
};

/** Where a name is both a value and the beginning of other names, the other names hold. */
const joined = (before: unknown, value: unknown): unknown => {
  if (!isBranch(before)) {
    return value;
  }
  if (!isBranch(value) && !Array.isArray(value)) {
    return before;
  }
  for (const [step, member] of Object.entries(value)) {
    before[step] = joined(own(before, step), member);
  }
  return before;
};
