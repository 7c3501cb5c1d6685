import type { ListOrder, Patch, PatchPart } from '../protocol/envelope.js';
import { WHOLE } from './patch-cost.js';

/** The order of an element's children. */
export type OrderPart = readonly [place: number, order: ListOrder, text?: 1 | 2];

export const isOrdered = (part: PatchPart): part is OrderPart => typeof part[1] === 'object';

/** Whether elements come by it, or are put in another order. */
export const bringsElements = ([, ...parts]: Patch): boolean =>
  parts.some((part) => isOrdered(part) || part[2] === WHOLE || (part[2] === undefined && `${part[1]}`.includes('<')));

/** A text that is a number as such: it needs no quotes. */
export const withNumber = (part: PatchPart): PatchPart => {
  const [place, shown, what] = part;
  if (what !== undefined || typeof shown !== 'string') return part;
  const number = Number(shown);
  return Number.isFinite(number) && String(number) === shown ? [place, number] : part;
};
