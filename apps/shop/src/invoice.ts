import type { Cart } from './cart.js';
import { CATALOGUE } from './catalogue.js';
import type { Delivery } from './delivery.js';
import { priceOf } from './price.js';

const POSTAGE_CENTS = 490;
const FREE_FROM_CENTS = 8_000;
const TAX_PERCENT = 23;

export interface InvoiceLine {
  readonly id: string;
  readonly name: string;
  readonly quantity: number;
  readonly price: string;
  readonly total: string;
}

/** What a cart costs, as text: it is counted in cents until here. */
export interface Invoice {
  readonly lines: readonly InvoiceLine[];
  readonly goods: string;
  readonly postage: string;
  /** Part of the total. */
  readonly tax: string;
  readonly total: string;
  /** What is missing to free postage; nothing when it is free. */
  readonly toFree: string | null;
}

/** @param way pick-up costs no postage */
export const invoiceOf = (cart: Cart, way: Delivery['way'] = 'post'): Invoice => {
  const ordered = Object.entries(cart.lines).flatMap(([id, quantity]) => {
    const article = CATALOGUE.find((one) => one.id === id);
    return article ? [{ ...article, quantity }] : [];
  });
  const goods = ordered.reduce((sum, { cents, quantity }) => sum + cents * quantity, 0);
  const isFree = way === 'pick-up' || goods === 0 || goods >= FREE_FROM_CENTS;
  const total = goods + (isFree ? 0 : POSTAGE_CENTS);
  return {
    lines: ordered.map(({ id, name, cents, quantity }) => ({
      id,
      name,
      quantity,
      price: priceOf(cents),
      total: priceOf(cents * quantity),
    })),
    goods: priceOf(goods),
    postage: isFree ? 'free' : priceOf(POSTAGE_CENTS),
    tax: priceOf(Math.round((total * TAX_PERCENT) / (100 + TAX_PERCENT))),
    total: priceOf(total),
    toFree: isFree ? null : priceOf(FREE_FROM_CENTS - goods),
  };
};
