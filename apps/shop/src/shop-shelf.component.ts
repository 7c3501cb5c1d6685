import { IsIn } from 'class-validator';
import { LiveComponent, State, Url } from 'nest-live';

import { CATALOGUE, CATEGORIES } from './catalogue.js';
import { priceOf } from './price.js';

const KINDS = ['all', ...CATEGORIES] as const;

/** What there is to buy. */
@LiveComponent('shop-shelf')
export class ShopShelf {
  @Url({ as: 'kind', history: 'push' })
  @State({ bind: true })
  @IsIn(KINDS)
  kind: (typeof KINDS)[number] = 'all';

  beforeRender() {
    const articles = CATALOGUE.filter(({ category }) => this.kind === 'all' || category === this.kind);
    return {
      kinds: KINDS.map((name) => ({ name, chosen: name === this.kind })),
      articles: articles.map(({ cents, ...article }) => ({ ...article, price: priceOf(cents) })),
    };
  }
}
