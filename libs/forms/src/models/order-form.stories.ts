import { afterEach, beforeEach } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { Type } from 'class-transformer';
import {
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsOptional,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { LiveComponent, LiveError } from 'nest-live';
import { LiveTest, type MountedComponent } from 'nest-live/testing';

import { MemoryModelStore } from './memory.model-store.js';
import { ModelFormComponent } from './model-form.component.js';
import { ModelStore } from './model-store.js';
import type { ModelId, ModelRecord, ModelValues } from './model.js';

class LineDraft {
  @IsOptional()
  @IsInt()
  id?: number;

  @IsNotEmpty()
  article: string;

  @IsInt()
  @Min(1)
  @Max(99)
  quantity: number;
}

class OrderDraft {
  @IsNotEmpty()
  title: string;

  @IsOptional()
  note?: string;

  @IsBoolean()
  urgent: boolean;

  @IsInt()
  customer: number;

  @IsArray()
  @IsInt({ each: true })
  tags: number[];

  @Type(() => LineDraft)
  @IsArray()
  @ArrayMinSize(1)
  @ValidateNested({ each: true })
  lines: LineDraft[];

  @IsOptional()
  consent?: string;
}

interface Order {
  title: string;
  total: number;
}

@Injectable()
export class Clerk {
  readonly saved: ModelRecord[] = [];
  failing?: Error;

  tell(record: ModelRecord): void {
    this.saved.push(record);
    if (this.failing) throw this.failing;
  }
}

const TEMPLATE = `<form>
  <input name="title" value="{{value 'title'}}">{{#each (fieldErrors 'title')}}<b>{{this}}</b>{{/each}}
  {{#each choices.customer}}<option value="{{id}}"{{#if (isChosen 'customer' id)}} selected{{/if}}>{{label}}</option>{{/each}}
  {{#each (fieldErrors '')}}<p class="problem">{{this}}</p>{{/each}}
  {{#if conflict}}{{#each conflict.fields}}<i>{{name}}: {{choiceLabel name mine}} or {{choiceLabel name theirs}}</i>{{/each}}{{/if}}
  {{#if isSaved}}<em>Saved</em>{{/if}}{{#if hasChanges}}<em>Unsaved</em>{{/if}}
</form>`;

@LiveComponent('order-form', { template: TEMPLATE })
export class OrderForm extends ModelFormComponent<Order, OrderDraft> {
  protected readonly entity = 'order';
  protected readonly dto = OrderDraft;
  protected override readonly unsaved = ['consent'];
  protected override readonly taken = { title: 'There is such an order.' };
  protected override readonly relations = {
    customer: { kind: 'one', label: 'name', where: { active: true } },
    tags: { kind: 'many', label: 'name' },
    lines: { kind: 'rows' },
  } as const;

  constructor(private readonly clerk: Clerk) {
    super();
  }

  protected override blank() {
    return { title: 'New order' };
  }

  protected override beforeSave({ title, lines }: OrderDraft) {
    if (title === 'broken') throw new Error('no');
    if (title === 'closed')
      throw new LiveError('VALIDATION_FAILED', 'closed', { fields: { title: ['It is closed.'] } });
    return { total: lines.reduce((sum, { quantity }) => sum + quantity, 0) };
  }

  protected override onSaved(record: ModelRecord): void {
    this.clerk.tell(record);
  }
}

interface OrderBench {
  store: MemoryModelStore;
  clerk: Clerk;
  ada: ModelId;
  /** Not active. */
  zoe: ModelId;
  blue: ModelId;
  /** Of the order. */
  id: ModelId;
  readonly open: (props?: Readonly<Record<string, unknown>>) => Promise<MountedComponent<OrderForm>>;
  /** What the page of the order sends, and more. */
  readonly fields: (more?: object) => object;
  /** The order as it is stored. */
  readonly stored: () => ModelValues | undefined;
  /** Somebody else saves it. */
  readonly elsewhere: (values: object) => void;
}

/** For the suite it is called in: an order form on records in memory, anew for each test. */
export const openOrders = (): OrderBench => {
  let live: LiveTest;
  const bench: OrderBench = {
    store: new MemoryModelStore(),
    clerk: new Clerk(),
    ada: 0,
    zoe: 0,
    blue: 0,
    id: 0,
    open: (props = { id: bench.id }) => live.mount(OrderForm, props),
    fields: (more = {}) => ({
      title: 'First',
      urgent: 'on',
      customer: String(bench.ada),
      lines: [{ id: '501', article: 'tea', quantity: '2' }],
      ...more,
    }),
    stored: () => bench.store.get('order', bench.id),
    elsewhere: (values) => void bench.store.put('order', { ...bench.stored(), ...values }),
  };

  beforeEach(async () => {
    const store = (bench.store = new MemoryModelStore({
      targets: { customer: 'customer', tags: 'tag' },
      unique: new Map([['order', ['title']]]),
    }));
    bench.ada = store.put('customer', { name: 'Ada', active: true });
    bench.zoe = store.put('customer', { name: 'Zoe', active: false });
    bench.blue = store.put('tag', { name: 'blue' });
    const lines = [{ id: 501, article: 'tea', quantity: 2, secret: 'x' }];
    const order = { title: 'First', urgent: true, customer: bench.ada, tags: [], lines, isStaff: false, total: 2 };
    bench.id = store.put('order', order);
    bench.clerk = new Clerk();
    live = await LiveTest.create({
      providers: [OrderForm, { provide: ModelStore, useValue: store }, { provide: Clerk, useValue: bench.clerk }],
    });
  });

  afterEach(() => live.close());

  return bench;
};
