import { LiveError } from 'nest-live';

/** Steps from the form to one of its values: `items.0.price` is `['items', '0', 'price']`. */
export type FormPath = readonly string[];

const MAX_STEPS = 16;
const REACHES_PROTOTYPES = new Set(['__proto__', 'constructor', 'prototype']);

const NAME = /^[^.[\]]+(?:\.[^.[\]]+|\[[^[\]]+\])*(?:\[\])?$/;
const STEP = /\[([^[\]]+)\]|([^.[\]]+)/g;

/**
 * The path that a control's name means: `a[b][0]`, `items.0.price`, `tags[]`. A name of another form is one step.
 * @throws LiveError `BAD_FRAME` for one that reaches a prototype, or with more than 16 steps
 */
export const pathOf = (name: string): FormPath => {
  const steps = NAME.test(name)
    ? [...name.matchAll(STEP)].map(([, inBrackets, plain = '']) => inBrackets ?? plain)
    : [name];
  if (steps.length > MAX_STEPS) {
    throw new LiveError('BAD_FRAME', `the name of a field has more than ${MAX_STEPS} steps`);
  }
  steps.forEach(refuseReaching);
  return steps;
};

/** @throws LiveError `BAD_FRAME` */
export const refuseReaching = (step: string): void => {
  if (REACHES_PROTOTYPES.has(step)) {
    throw new LiveError('BAD_FRAME', 'the name of a field reaches a prototype');
  }
};

/** One spelling of a name: `items[0][price]` is `items.0.price`. */
export const plainName = (name: string): string => pathOf(name).join('.');

/** Whether one of two plain names is the other, or stands in it. */
export const overlaps = (one: string, other: string): boolean =>
  one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
