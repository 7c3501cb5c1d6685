import { LiveComponent, OnTopic, Temporary, type BeforeRender } from 'nest-live';

import { Market } from './market.js';

interface Row {
  readonly symbol: string;
  readonly name: string;
  readonly price: string;
  readonly change: string;
  readonly trend: 'up' | 'down' | 'flat';
}

@LiveComponent('ticker')
export class Ticker implements BeforeRender {
  @Temporary() time = '';
  @Temporary() rows: Row[] = [];

  constructor(private readonly market: Market) {}

  /** Nothing to remember: being told is enough to be rendered anew for each viewer. */
  @OnTopic('market.*')
  refresh(): void {}

  beforeRender(): void {
    this.time = this.market.time.toISOString().slice(11, 19);
    this.rows = this.market.quotes.map(({ symbol, name, price, change }) => ({
      symbol,
      name,
      price: price.toFixed(2),
      change: `${change > 0 ? '+' : ''}${change.toFixed(2)} %`,
      trend: change === 0 ? 'flat' : change > 0 ? 'up' : 'down',
    }));
  }
}
