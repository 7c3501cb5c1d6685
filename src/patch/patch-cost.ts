import type { ListOrder, PatchPart as Part } from '../protocol/envelope.js';

/** Of a start tag, what has changed. */
export const ATTRIBUTES_ALONE = 3;

/** A part's own signs on the wire, about. */
const FRAME = 8;

/** A place in an order. */
const NUMBER = 5;

/** About how long parts are on the wire. */
export const costOf = (parts: readonly Part[]): number =>
  parts.reduce((cost, [, what]) => cost + FRAME + (typeof what === 'string' ? what.length : costOfOrder(what)), 0);

const costOfOrder = (order: ListOrder): number =>
  order.reduce<number>((cost, one) => cost + (typeof one === 'string' ? one.length + 3 : NUMBER), 0);
