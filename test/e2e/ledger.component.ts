import { Computed, LiveComponent, OnEvent, Payload, Secret, State, Temporary, type FieldChange } from 'nest-live';
import type { StateCoder } from 'nest-live/extend';

export class Money {
  constructor(
    readonly cents: bigint,
    readonly currency: string,
  ) {}

  plus(cents: bigint): Money {
    return new Money(this.cents + cents, this.currency);
  }
}

export const MONEY: StateCoder<Money> = {
  name: 'money',
  type: Money,
  encode: ({ cents, currency }) => ({ cents, currency }),
  decode: (data) => new Money((data as Money).cents, (data as Money).currency),
};

export enum Phase {
  Open = 'open',
  Closed = 'closed',
}

/** State of every kind that is kept. Each `step` uses the values as what they are, so that a mere likeness fails. */
@LiveComponent('ledger', { template: '<p>{{phase}}</p>' })
export class Ledger {
  static readonly seen: object[] = [];

  @State() when = new Date(0);
  @State() rates = new Map<string, Date>([['start', new Date(5)]]);
  @State() tags = new Set<string>(['a']);
  @State() total = 0n;
  @State() phase = Phase.Open;
  @State() price = new Money(1n, 'EUR');
  @State() tree = { rows: [{ due: new Date(7), prices: new Map([['tea', new Money(2n, 'EUR')]]) }] };
  @State() nothing: unknown = undefined;
  @State({ bind: true }) note: Record<string, unknown> = {};

  @OnEvent()
  step(): void {
    this.when = new Date(this.when.getTime() + 1_000);
    this.rates.set(`r${this.rates.size}`, this.when);
    this.tags.add(`t${this.tags.size}`);
    this.total += 9_007_199_254_740_993n;
    this.phase = this.phase === Phase.Open ? Phase.Closed : Phase.Open;
    this.price = this.price.plus(10n);
    const [row] = this.tree.rows;
    row.prices.set('tea', (row.prices.get('tea') as Money).plus(1n));
    this.tree.rows[0].due.setTime(row.due.getTime() + 1);
    this.look();
  }

  @OnEvent()
  look(): void {
    const { when, rates, tags, total, phase, price, tree, nothing, note } = this;
    Ledger.seen.push(
      structuredClone({ when, rates, tags, total, phase, tree: tree.rows[0].due, nothing, note }),
      price,
    );
    Ledger.seen.push(tree.rows[0].prices.get('tea') as Money);
  }
}

/** A field of every kind beside the state itself. */
@LiveComponent('wallet', {
  template: `<div><b>{{count}}</b><i>{{flash}}</i><u>{{sum}} {{sum}} {{double}}</u>{{#each state}}[{{@key}}]{{/each}}</div>`,
})
export class Wallet {
  static sums = 0;
  static readonly changes: FieldChange[] = [];
  static readonly pins: string[] = [];

  @State() count = 1;
  @State({ bind: true }) label: string = 'none';
  @State({ bind: true }) size: number = 1;
  @Secret() pin = 'hush-0';
  @Temporary() flash = '';

  @Computed()
  get sum(): number {
    Wallet.sums += 1;
    return this.count * 100;
  }

  @Computed()
  get double(): number {
    return this.sum * 2;
  }

  onUpdate(change: FieldChange): void {
    Wallet.changes.push({ ...change, now: [this.label, this.size] } as FieldChange);
  }

  @OnEvent()
  blink(): void {
    this.flash = 'saved';
  }

  @OnEvent()
  seal(@Payload('pin') pin: string): void {
    Wallet.pins.push(this.pin);
    this.pin = pin;
  }

  @OnEvent()
  read(): void {
    const before = this.sum;
    this.count += 1;
    if (this.sum === before) throw new Error('a getter remembers outside a render');
  }
}

/** Nothing to remember: its state is always `{}`. */
@LiveComponent('bell', { template: '<p>bell</p>' })
export class Bell {
  static mounts = 0;
  static rings = 0;

  onMount(): void {
    Bell.mounts += 1;
  }

  @OnEvent()
  ring(): void {
    Bell.rings += 1;
  }
}

/** Defaults that can be changed in place. */
@LiveComponent('cart', { template: '<p>{{items.length}}/{{known}}/{{flags.list.length}}</p>' })
export class Cart {
  @State() items: string[] = [];
  @State() seen = new Map<string, number>();
  @State() flags = { list: [] as string[] };
  @Temporary() marks: string[] = [];

  @Computed()
  get known(): number {
    return this.seen.size;
  }

  @OnEvent()
  put(): void {
    this.marks.push('m');
    this.items.push('i');
    this.seen.set(`k${this.seen.size}`, this.marks.length);
    this.flags.list.push('f');
    if (this.marks.length > 1) throw new Error('a default is shared');
  }
}
