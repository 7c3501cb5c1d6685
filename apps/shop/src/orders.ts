import { Injectable } from '@nestjs/common';

import type { Cart } from './cart.js';
import type { Delivery } from './delivery.js';
import { type Invoice, invoiceOf } from './invoice.js';
import { Warehouse } from './warehouse.js';

export interface PlacedOrder extends Pick<Invoice, 'lines' | 'postage' | 'total'> {
  readonly number: string;
  readonly name: string;
  readonly email: string;
  readonly isPickedUp: boolean;
}

const FIRST_NUMBER = 1_041;
const REMEMBERED = 500;

/** Sells carts. The same event, sent or tried again, is the same order. */
@Injectable()
export class Orders {
  private readonly placed = new Map<string, PlacedOrder>();
  private next = FIRST_NUMBER;

  constructor(private readonly warehouse: Warehouse) {}

  /**
   * @param key of the event that asks for it
   * @returns the order, or the articles there are not enough of any more
   */
  async place(key: string, cart: Cart, { name, email, way }: Delivery): Promise<PlacedOrder | readonly string[]> {
    const before = this.placed.get(key);
    if (before) return before;
    const short = await this.warehouse.sell(cart);
    if (short.length > 0) return short;
    const { lines, postage, total } = invoiceOf(cart, way);
    const order = { number: `TT-${this.next}`, name, email, isPickedUp: way === 'pick-up', lines, postage, total };
    this.next += 1;
    this.placed.set(key, order);
    const [oldest] = this.placed.keys();
    if (this.placed.size > REMEMBERED) this.placed.delete(oldest);
    return order;
  }
}
