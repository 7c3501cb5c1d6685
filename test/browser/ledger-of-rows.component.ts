import { LiveComponent, OnEvent, Payload, State } from 'nest-live';

interface Line {
  readonly id: number;
  readonly name: string;
  readonly amount: number;
}

const line = (id: number): Line => ({ id, name: `Line ${id}`, amount: id * 7 });

const TEMPLATE = `
<section>
  <h2 class="{{tone}}">{{title}}</h2>
  <p>{{clicks}} clicks, <b id="last">{{last}}</b></p>
  <button live-click="rename">Rename</button>
  <button live-click="add">Add</button>
  <button live-click="drop">Drop</button>
  <button live-click="turn">Turn</button>
  {{#if open}}<aside id="aside">{{last}}</aside>{{/if}}
  <input name="note" value="{{last}}">
  <table><tbody>
    {{#each lines}}
    <tr live-key="{{id}}"><td>{{id}}</td><td>{{name}}</td><td class="amount">{{amount}}</td>
      <td><button live-click="raise" live-value-id="{{id}}">+</button></td></tr>
    {{/each}}
  </tbody></table>
</section>`;

/** A long table with a few other things that change. */
@LiveComponent('ledger-of-rows', { template: TEMPLATE })
export class LedgerOfRows {
  @State() title = 'Ledger';
  @State() tone = 'calm';
  @State() clicks = 0;
  @State() last = '-';
  @State() open = false;
  @State() lines: readonly Line[] = Array.from({ length: 200 }, (_, id) => line(id + 1));

  @OnEvent()
  raise(@Payload('id') id: string): void {
    this.lines = this.lines.map((one) => (one.id === Number(id) ? { ...one, amount: one.amount + 1 } : one));
  }

  @OnEvent()
  rename(): void {
    this.clicks += 1;
    this.last = `<${this.clicks}>`;
    this.tone = this.clicks % 2 ? 'loud' : 'calm';
  }

  @OnEvent()
  add(): void {
    this.lines = [...this.lines, line(this.lines.length + 1)];
  }

  @OnEvent()
  drop(): void {
    this.lines = this.lines.slice(1);
  }

  @OnEvent()
  turn(): void {
    this.open = !this.open;
    this.lines = [...this.lines].reverse();
  }
}
