import { IsIn } from 'class-validator';
import { type BeforeRender, LiveComponent, OnEvent, OnTopic, Payload, Session, State, Url } from 'nest-live';

import { ArticleChoice } from './article.choice.js';
import { type Cart, EMPTY_CART, named, piecesIn, withLine } from './cart.js';
import { articleOf, CATALOGUE, CATEGORIES } from './catalogue.js';
import { priceOf } from './price.js';
import { Warehouse } from './warehouse.js';

const KINDS = ['all', ...CATEGORIES] as const;
const FEW = 3;

/** What there is to buy, and how much of it. */
@LiveComponent('shop-shelf')
export class ShopShelf implements BeforeRender {
  @Url({ as: 'kind', history: 'push' })
  @State({ bind: true })
  @IsIn(KINDS)
  kind: (typeof KINDS)[number] = 'all';

  /** Id of the article that somebody else was quicker to take. */
  @State() missed = '';

  @Session({ key: 'shop.cart' }) cart: Cart = EMPTY_CART;

  constructor(private readonly warehouse: Warehouse) {}

  /** The template shows it before the warehouse has answered; where it says no, nothing was changed. */
  @OnEvent()
  async add(@Payload() { article: id }: ArticleChoice): Promise<void> {
    const article = articleOf(id);
    const cart = named(this.cart);
    const wanted = (cart.lines[article.id] ?? 0) + 1;
    const isHeld = await this.warehouse.hold(cart, article.id, wanted);
    this.missed = isHeld ? '' : article.id;
    if (isHeld) this.cart = withLine(cart, article.id, wanted);
  }

  /** Nothing to remember: what is left is read when it is rendered. */
  @OnTopic('shop.stock')
  restocked(): void {}

  beforeRender() {
    const chosen = CATALOGUE.filter(({ category }) => this.kind === 'all' || category === this.kind);
    return {
      kinds: KINDS.map((name) => ({ name, chosen: name === this.kind })),
      pieces: piecesIn(this.cart),
      articles: chosen.map(({ id, name, about, cents }) => {
        const left = this.warehouse.left(id);
        const inCart = this.cart.lines[id] ?? 0;
        const shown = { id, name, about, price: priceOf(cents), left, inCart };
        return { ...shown, isGone: left === 0, isFew: left <= FEW, isMissed: id === this.missed };
      }),
    };
  }
}
