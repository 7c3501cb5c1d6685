import { Module } from '@nestjs/common';
import { ComponentsModule, LiveComponent, OnEvent, State } from 'nest-live';

import { startOn } from './platform.js';
import { SETTINGS } from './settings.js';

const count = Number(process.argv[3]);

interface Row {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  qty: number;
  readonly price: string;
  readonly note: string;
}

const rowOf = (id: number): Row => ({
  id,
  kind: id % 2 === 0 ? 'even' : 'odd',
  name: `Product number ${id}`,
  qty: id,
  price: `${(id % 90) + 10}.95`,
  note: 'in stock',
});

/** One number names each event, and stands where the event has written it. */
@LiveComponent('table', {
  template: `<section><h2>Orders <output>{{turn}}</output></h2><table><thead><tr><th>Number</th><th>Name</th><th>Quantity</th><th>Price</th><th>Note</th></tr></thead><tbody>{{#each rows}}<tr id="row-{{id}}" class="{{kind}}"><td>{{id}}</td><td>{{name}}</td><td>{{qty}}</td><td>{{price}}</td><td>{{note}}</td></tr>{{/each}}</tbody></table></section>`,
})
class Table {
  @State() rows: Row[] = [];
  @State() turn = 0;
  @State() next = 1_000_000;

  onMount(): void {
    this.rows = Array.from({ length: count }, (_, index) => rowOf(index + 1));
  }

  @OnEvent()
  cell(): void {
    this.rows[Math.floor(count / 2)].qty = this.next += 1;
  }

  @OnEvent()
  all(): void {
    this.next += 1;
    for (const row of this.rows) row.qty = this.next;
  }

  @OnEvent()
  reverse(): void {
    this.rows.reverse();
    this.turn = this.next += 1;
  }

  @OnEvent()
  nothing(): void {
    this.turn = this.next += 1;
  }
}

@Module({
  imports: [
    ComponentsModule.forRoot({ ...SETTINGS, limits: { ...SETTINGS.limits, warnStateBytes: 0, maxStateBytes: 0 } }),
  ],
  providers: [Table],
})
class TableModule {}

await startOn(TableModule);
