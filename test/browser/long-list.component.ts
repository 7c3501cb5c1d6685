import { LiveComponent, OnEvent, Payload, State } from 'nest-live';

interface Row {
  readonly id: number;
  readonly amount: number;
}

const rowOf = (id: number): Row => ({ id, amount: id * 7 });

const TEMPLATE = `
<section>
  <button live-click="append">Append</button>
  <button live-click="prepend">Prepend</button>
  <button live-click="dropFirst">Drop first</button>
  <button live-click="reverse">Reverse</button>
  <button live-click="lift">Lift</button>
  <output>{{count}}</output>
  <table><tbody>
    {{#each rows}}
    <tr id="r{{id}}"><td>{{amount}}</td></tr>
    {{/each}}
  </tbody></table>
  <ul>
    {{#each notes}}
    <li live-key="{{id}}"><input name="note{{id}}"> {{amount}}</li>
    {{/each}}
  </ul>
</section>`;

/** A table of 1,000 rows, and a short list that somebody types into. */
@LiveComponent('long-list', { template: TEMPLATE })
export class LongList {
  @State() count = 0;
  @State() rows: readonly Row[] = Array.from({ length: 1_000 }, (_, i) => rowOf(i + 1));
  @State() notes: readonly Row[] = Array.from({ length: 5 }, (_, i) => rowOf(i + 1));

  @OnEvent()
  raise(@Payload('id') id: number): void {
    this.rows = this.rows.map((row) => (row.id === id ? { ...row, amount: row.amount + 1 } : row));
  }

  @OnEvent()
  append(): void {
    this.rows = [...this.rows, rowOf(this.rows.length + 1)];
  }

  @OnEvent()
  prepend(): void {
    this.rows = [rowOf(0), ...this.rows];
  }

  @OnEvent()
  dropFirst(): void {
    this.rows = this.rows.slice(1);
  }

  @OnEvent()
  reverse(): void {
    this.rows = this.rows.toReversed();
  }

  /** The last note becomes the first, and says something else. */
  @OnEvent()
  lift(): void {
    const last = this.notes.at(-1)!;
    this.notes = [{ ...last, amount: last.amount + 1 }, ...this.notes.slice(0, -1)];
  }

  /** Every kind of change, in turn. */
  @OnEvent()
  turn(): void {
    this.count += 1;
    const { count, rows } = this;
    if (count % 4 === 0) this.rows = [...rows.slice(1), rows[0]];
    else if (count % 4 === 1) this.rows = rows.slice(0, -1);
    else if (count % 4 === 2) this.rows = [...rows, rowOf(count)];
    else this.rows = rows.with(1, { ...rows[1], amount: count });
  }

  @OnEvent()
  shorten(): void {
    this.rows = this.rows.slice(0, 8);
  }
}
