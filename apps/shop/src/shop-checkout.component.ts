import { type BeforeRender, LiveComponent, type LiveContext, OnTopic, Session } from 'nest-live';
import { FormComponent, type Initial } from 'nest-live/forms';

import { type Cart, EMPTY_CART, piecesIn } from './cart.js';
import { articleOf } from './catalogue.js';
import { Delivery, WAYS } from './delivery.js';
import { invoiceOf } from './invoice.js';
import { Orders, type PlacedOrder } from './orders.js';

/** From the cart to an order: the form, and what was ordered last. */
@LiveComponent('shop-checkout')
export class ShopCheckout extends FormComponent<Delivery> implements BeforeRender {
  @Session({ key: 'shop.cart' }) cart: Cart = EMPTY_CART;
  @Session({ key: 'shop.order' }) order: PlacedOrder | null = null;

  protected readonly dto = Delivery;

  constructor(private readonly orders: Orders) {
    super();
  }

  /** What is left may have changed while somebody was typing. */
  @OnTopic('shop.stock')
  restocked(): void {}

  protected override initial(): Initial<Delivery> {
    return { way: 'post' };
  }

  protected async onSubmit(delivery: Delivery, { eventKey, id }: LiveContext): Promise<void> {
    // Sent twice: it is ordered already.
    if (piecesIn(this.cart) === 0) return this.reset({ way: 'post' });
    const placed = await this.orders.place(eventKey ?? id, this.cart, delivery);
    if (!('number' in placed)) {
      const names = placed.map((article) => articleOf(article).name);
      return this.addError('note', `Somebody was quicker: there is not enough ${names.join(', ')} left.`);
    }
    this.order = placed;
    this.cart = EMPTY_CART;
    this.reset({ way: 'post' });
  }

  beforeRender() {
    const way = WAYS.find((one) => one === this.value('way'));
    return { ...invoiceOf(this.cart, way), isOrdered: this.order !== null, isRefused: this.submitted && !this.valid };
  }
}
