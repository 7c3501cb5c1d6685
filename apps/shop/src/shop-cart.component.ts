import { IsIn } from 'class-validator';
import { type BeforeRender, LiveComponent, OnEvent, OnTopic, Payload, Session, State } from 'nest-live';

import { ArticleChoice } from './article.choice.js';
import { type Cart, EMPTY_CART, named, piecesIn, withLine } from './cart.js';
import { articleOf } from './catalogue.js';
import { invoiceOf } from './invoice.js';
import { Warehouse } from './warehouse.js';

export class Step extends ArticleChoice {
  @IsIn([1, -1])
  by: number;
}

/** What the visitor has chosen: the same in every tab, because it is the session's. */
@LiveComponent('shop-cart')
export class ShopCart implements BeforeRender {
  @Session({ key: 'shop.cart' }) cart: Cart = EMPTY_CART;

  /** The article that there are no more of. */
  @State() missed = '';

  constructor(private readonly warehouse: Warehouse) {}

  @OnEvent()
  async step(@Payload() { article, by }: Step): Promise<void> {
    await this.set(article, (this.cart.lines[article] ?? 0) + by);
  }

  @OnEvent()
  async remove(@Payload() { article }: ArticleChoice): Promise<void> {
    await this.set(article, 0);
  }

  @OnTopic('shop.stock')
  restocked(): void {}

  beforeRender() {
    const invoice = invoiceOf(this.cart);
    const lines = invoice.lines.map((line) => ({
      ...line,
      isLapsed: this.warehouse.held(this.cart, line.id) < line.quantity,
      isLast: this.warehouse.left(line.id) === 0,
    }));
    return { ...invoice, lines, pieces: piecesIn(this.cart) };
  }

  private async set(id: string, quantity: number): Promise<void> {
    const article = articleOf(id);
    const cart = named(this.cart);
    const isHeld = await this.warehouse.hold(cart, article.id, quantity);
    this.missed = isHeld ? '' : article.name;
    if (isHeld) this.cart = withLine(cart, article.id, quantity);
  }
}
