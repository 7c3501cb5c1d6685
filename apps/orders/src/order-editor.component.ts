import { Live, LiveComponent, LiveContext, LivePublisher, OnEvent, Payload, redirect } from 'nest-live';
import { ModelFormComponent } from 'nest-live/typeorm';
import type { ModelRecord } from 'nest-live/forms';

import { LineDraft, OrderDraft } from './order.draft.js';
import { Order, STATUSES } from './order.entity.js';
import { Orders } from './orders.js';
import { centsOf, priceOf } from './price.js';

const TITLES: Readonly<Record<string, string>> = {
  number: 'Number',
  customer: 'Customer',
  status: 'Status',
  due: 'Due',
  note: 'Note',
  lines: 'Lines',
};

type Lines = readonly Readonly<Record<string, unknown>>[];

/** One order: a new one, or the one that the page was made for. */
@LiveComponent('order-editor')
export class OrderEditor extends ModelFormComponent<Order, OrderDraft> {
  protected readonly entity = Order;
  protected readonly dto = OrderDraft;
  protected override readonly relations = {
    customer: { kind: 'one', label: 'name', where: { active: true } },
    lines: { kind: 'rows' },
  } as const;
  protected override readonly taken = { number: 'Another order has this number.' };

  constructor(
    private readonly orders: Orders,
    private readonly live: LivePublisher,
  ) {
    super();
  }

  protected override async blank() {
    const due = new Date(Date.now() + 7 * 24 * 60 * 60_000).toISOString().slice(0, 10);
    const empty = {} as LineDraft;
    return { number: await this.orders.nextNumber(), status: 'draft' as const, due, lines: [empty] };
  }

  /** Nobody enters a total. */
  protected override beforeSave({ lines }: OrderDraft) {
    return { total: lines.reduce((sum, line) => sum + centsOf(line), 0) };
  }

  protected override async onSaved({ id }: ModelRecord, ctx: LiveContext): Promise<void> {
    await this.live.broadcast('orders.saved', { id });
    if (ctx.props.id === undefined) {
      redirect(ctx, `/orders/${id}`);
    }
  }

  /** Without a value of its own, so that a page without scripts sends the whole form with it. */
  @OnEvent()
  addLine(@Payload() fields: object | undefined, @Live() ctx: LiveContext): Promise<void> {
    return this.addRow({ ...fields, field: 'lines' }, ctx);
  }

  override async beforeRender() {
    await super.beforeRender();
    const { conflict } = this;
    const wrong = this.submitted ? Object.keys(this.fieldErrors).filter((name) => name !== '').length : 0;
    return {
      statuses: STATUSES,
      wrong: wrong === 1 ? 'one field' : wrong > 1 && `${wrong} fields`,
      rows: linesIn(this.data.lines).map((line, index) => ({
        ...namesOf(index),
        id: line.id,
        number: index + 1,
        sum: priceOf(centsOf(line)),
      })),
      total: priceOf(linesIn(this.data.lines).reduce((sum, line) => sum + centsOf(line), 0)),
      choosing: conflict?.fields.map(({ name, mine, theirs }) => ({
        name,
        title: TITLES[name],
        mine: this.textOf(name, mine),
        theirs: this.textOf(name, theirs),
      })),
      updated: conflict?.updated.map(({ name, theirs }) => ({
        title: TITLES[name],
        theirs: this.textOf(name, theirs),
      })),
    };
  }

  private textOf(name: string, value: unknown): string {
    if (name === 'lines') {
      return linesIn(value)
        .map(({ quantity, article }) => `${String(quantity)} × ${String(article)}`)
        .join(', ');
    }
    const chosen = this.choices[name]?.find(({ id }) => String(id) === String(value));
    return chosen?.label ?? (typeof value === 'string' && value ? value : 'nothing');
  }
}

const linesIn = (value: unknown): Lines => (Array.isArray(value) ? (value as Lines) : []);

/** Names of a row's controls. */
const namesOf = (index: number) => ({
  idName: `lines.${index}.id`,
  articleName: `lines.${index}.article`,
  quantityName: `lines.${index}.quantity`,
  priceName: `lines.${index}.price`,
});
