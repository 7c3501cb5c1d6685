import { IsIn, MaxLength } from 'class-validator';
import { LiveComponent, OnTopic, State, Url, type BeforeRender } from 'nest-live';

import { STATUSES, type Status } from './order.entity.js';
import { Orders } from './orders.js';
import { priceOf } from './price.js';

const FILTERS = ['all', ...STATUSES] as const;

/** All orders. Filter and search stand in the address; a save anywhere renders it anew. */
@LiveComponent('order-list')
export class OrderList implements BeforeRender {
  @Url()
  @State({ bind: true })
  @MaxLength(60)
  search = '';

  @Url({ history: 'push' })
  @State({ bind: true })
  @IsIn(FILTERS)
  status: Status | 'all' = 'all';

  constructor(private readonly orders: Orders) {}

  /** What is shown is read again for each render: there is nothing to keep. */
  @OnTopic('orders.saved')
  onSaved(): void {}

  async beforeRender() {
    const found = await this.orders.find({ search: this.search.trim(), status: this.status });
    return {
      filters: FILTERS.map((name) => ({ name, chosen: name === this.status })),
      orders: found.map(({ customer, total, ...order }) => ({
        ...order,
        customer: customer.name,
        total: priceOf(total),
      })),
      isEmpty: found.length === 0 && (await this.orders.count()) === 0,
    };
  }
}
