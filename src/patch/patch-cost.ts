import type { ListOrder, PatchPart as Part } from '../protocol/envelope.js';

/** All of an element. */
export const WHOLE = 2;

/** Of a start tag, what has changed. */
export const ATTRIBUTES_ALONE = 3;

/** Of its classes, those that come and those that go. */
export const CLASSES_ALONE = 4;

/** A part's own signs on the wire, about. */
const FRAME = 8;

/** A place in an order. */
const NUMBER = 5;

/** About how long parts are on the wire. */
export const costOf = (parts: readonly Part[]): number =>
  parts.reduce((cost, [, what]) => cost + FRAME + (typeof what === 'object' ? costOfOrder(what) : `${what}`.length), 0);

const costOfOrder = (order: ListOrder): number =>
  order.reduce<number>((cost, one) => cost + (typeof one === 'string' ? one.length + 3 : NUMBER), 0);
