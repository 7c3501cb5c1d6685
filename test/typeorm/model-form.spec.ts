import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Type } from 'class-transformer';
import { IsArray, IsInt, IsNotEmpty, IsOptional, ValidateNested } from 'class-validator';
import { ComponentsModule, LiveComponent, LiveSetupError } from 'nest-live';
import { FaultyStateStore, LiveTest } from 'nest-live/testing';
import { InboxModule, ModelFormComponent, ModelFormsModule, ProcessedEvent } from 'nest-live/typeorm';
import { DataSource, type DataSourceOptions, type EntityManager } from 'typeorm';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { RunningApp } from '../e2e/running-app.js';
import { PostgresServer } from '../postgres/postgres.server.js';
import { Customer, ENTITIES, Invoice, InvoiceLine, Tag } from './invoices.js';

class LineDraft {
  @IsOptional()
  @IsInt()
  id?: number;

  @IsNotEmpty()
  article: string;

  @IsInt()
  quantity: number;
}

class InvoiceDraft {
  @IsNotEmpty()
  title: string;

  @Type(() => LineDraft)
  @IsArray()
  @ValidateNested({ each: true })
  lines: LineDraft[];
}

@Injectable()
class Desk {
  saved = 0;
}

@LiveComponent('invoice-form', {
  template: "<form>{{value 'title'}} {{#each (fieldErrors 'title')}}{{this}}{{/each}}</form>",
})
class InvoiceForm extends ModelFormComponent<Invoice, InvoiceDraft> {
  protected readonly entity = Invoice;
  protected readonly dto = InvoiceDraft;
  protected override readonly relations = { lines: { kind: 'rows' } } as const;

  constructor(private readonly desk: Desk) {
    super();
  }

  protected override async beforeSave({ title, lines }: InvoiceDraft, manager: EntityManager) {
    await manager.insert(Tag, { name: `of ${title}` });
    if (title === 'broken') throw new Error('no');
    return { total: lines.reduce((sum, { quantity }) => sum + quantity, 0) };
  }

  protected override onSaved(): void {
    this.desk.saved += 1;
  }
}

class TagDraft {
  @IsNotEmpty()
  name: string;
}

/** As short as it can be. */
@LiveComponent('tag-form', { template: "<form>{{value 'name'}}</form>" })
class TagForm extends ModelFormComponent<Tag, TagDraft> {
  protected readonly entity = Tag;
  protected readonly dto = TagDraft;
}

const entities = [...ENTITIES, ProcessedEvent];
// Before the tests are named: where there is no PostgreSQL, its row is reported as skipped.
const postgres = await PostgresServer.start();

afterAll(() => postgres?.stop());

const sqljs: DataSourceOptions = { type: 'sqljs', entities, synchronize: true };
const DATABASES: readonly (readonly [name: string, options: DataSourceOptions | null])[] = [
  ['sql.js', sqljs],
  ['PostgreSQL', postgres && { type: 'postgres', url: postgres.url, entities, synchronize: true, dropSchema: true }],
];

const databaseOf = (source: DataSource) => {
  @Module({ providers: [{ provide: DataSource, useValue: source }], exports: [DataSource] })
  class Database {}
  return Database;
};

describe.each(DATABASES)('a model form on %s', (_name, options) => {
  const here = options ? it : it.skip;
  const store = new FaultyStateStore();
  let source: DataSource;
  let live: LiveTest;

  beforeAll(async () => {
    if (!options) return;
    source = await new DataSource(options).initialize();
    const Database = databaseOf(source);
    live = await LiveTest.create({
      store,
      imports: [InboxModule.forRoot({ imports: [Database] }), ModelFormsModule.forRoot({ imports: [Database] })],
      providers: [InvoiceForm, TagForm, Desk],
    });
  });

  beforeEach(async () => {
    if (!options) return;
    for (const entity of [InvoiceLine, Invoice, Tag, Customer])
      await source.createQueryBuilder().delete().from(entity).execute();
    live.app.get(Desk).saved = 0;
  });

  afterAll(async () => {
    await live?.close();
    await source?.destroy();
  });

  const invoices = () => source.getRepository(Invoice).find({ relations: { lines: true }, order: { id: 'ASC' } });
  const tags = async () => (await source.getRepository(Tag).find()).map(({ name }) => name).sort();
  const stored = () => source.getRepository(Invoice).save({ title: 'First', total: 1 });

  here('is made by Nest with and without what its author injects, fills itself, and saves', async () => {
    const { id } = await source.getRepository(Tag).save({ name: 'blue' });
    const form = await live.mount(TagForm, { id });
    expect(form.html).toContain('blue');
    await form.emit('submit', { name: 'red' });
    expect(await tags()).toEqual(['red']);
    const invoice = await live.mount(InvoiceForm);
    await invoice.emit('submit', { title: 'New', lines: [{ article: 'tea', quantity: '3' }] });
    expect(await invoices()).toMatchObject([{ title: 'New', total: 3, lines: [{ article: 'tea', quantity: 3 }] }]);
  });

  here('writes no column and no relation that its DTO does not declare', async () => {
    const customer = await source.getRepository(Customer).save({ name: 'Ada' });
    const other = await source.getRepository(Invoice).save({ title: 'Other' });
    const { id } = await stored();
    const form = await live.mount(InvoiceForm, { id });
    const forged = { id: other.id, isStaff: true, version: 40, total: 99, customer: customer.id, recordId: other.id };
    const reply = await form.emit('submit', {
      title: 'Renamed',
      'lines[0][article]': 'tea',
      'lines[0][quantity]': '2',
      ...forged,
    });
    expect(reply).toMatchObject({ ok: true, valid: true });
    expect(await invoices()).toMatchObject([
      { id: other.id, title: 'Other', version: 1 },
      { id, title: 'Renamed', isStaff: false, version: 2, total: 2, customer: null, lines: [{ article: 'tea' }] },
    ]);
  });

  here("changes no row of another record, whatever a page says its rows' ids are", async () => {
    const other = await source.getRepository(Invoice).save({ title: 'Other' });
    const row = await source.getRepository(InvoiceLine).save({ article: 'gold', quantity: 1, invoice: other });
    const { id } = await stored();
    const form = await live.mount(InvoiceForm, { id });
    await form.emit('submit', { title: 'Renamed', lines: [{ id: row.id, article: 'stolen', quantity: 1 }] });
    expect(form.state.fieldErrors).toEqual({ 'lines.0.id': ['is not one of the choices'] });
    expect(await invoices()).toMatchObject([{ lines: [{ article: 'gold' }] }, { title: 'First', lines: [] }]);
  });

  here('saves once for an event that has to run again, and is told so once for each run', async () => {
    const form = await live.mount(InvoiceForm);
    store.conflictNextCommit();
    const fields = { title: 'Once', lines: [{ article: 'tea', quantity: 1 }] };
    expect(await form.emit('submit', fields)).toMatchObject({ ok: true, valid: true });
    expect(await invoices()).toMatchObject([{ title: 'Once', version: 1, lines: [{ article: 'tea' }] }]);
    store.conflictNextCommit();
    const again = { ...fields, title: 'Twice', lines: [{ article: 'rice', quantity: 1 }] };
    expect(await form.emit('submit', again)).toMatchObject({ ok: true, valid: true });
    expect(await invoices()).toMatchObject([{ title: 'Twice', version: 2, lines: [{ article: 'rice' }] }]);
    expect(form.state.conflict).toBeNull();
    expect(await tags()).toEqual(['of Once', 'of Twice']);
    expect(live.app.get(Desk).saved).toBe(4);
  });

  here('undoes everything when the author refuses in its transaction', async () => {
    const { id } = await stored();
    const form = await live.mount(InvoiceForm, { id });
    const fields = { title: 'broken', lines: [{ article: 'tea', quantity: 1 }] };
    expect(await form.emit('submit', fields)).toMatchObject({ ok: false, error: { code: 'HANDLER_ERROR' } });
    expect(await invoices()).toMatchObject([{ title: 'First', version: 1, lines: [] }]);
    expect(await tags()).toEqual([]);
    expect(await form.emit('submit', { ...fields, title: 'Whole' })).toMatchObject({ ok: true, valid: true });
  });

  here('says a taken value at its field and nothing of the database', async () => {
    await source.getRepository(Invoice).save({ title: 'Taken' });
    const { id } = await stored();
    const form = await live.mount(InvoiceForm, { id });
    const reply = await form.emit('submit', { title: 'Taken', lines: [] });
    expect(reply).toMatchObject({ ok: true, valid: false });
    expect(form.html).toContain('is taken');
    expect(JSON.stringify(reply)).not.toMatch(/constraint|unique|insert|update/i);
    expect(await tags()).toEqual([]);
  });

  here('shows the second of two people who save what the first has saved, and loses nothing of either', async () => {
    const { id } = await stored();
    const [one, other] = [await live.mount(InvoiceForm, { id }), await live.mount(InvoiceForm, { id })];
    await one.emit('submit', { title: 'Theirs', lines: [] });
    expect(await other.emit('submit', { title: 'Mine', lines: [] })).toMatchObject({ ok: true, valid: false });
    expect(other.state.conflict).toMatchObject({
      fields: [{ name: 'title', was: 'First', mine: 'Mine', theirs: 'Theirs' }],
    });
    expect(await invoices()).toMatchObject([{ title: 'Theirs', version: 2 }]);
    await other.emit('keepMine');
    expect(await invoices()).toMatchObject([{ title: 'Mine', version: 3 }]);
  });
});

describe('an application with model forms', () => {
  let source: DataSource;

  beforeEach(async () => {
    source = await new DataSource(sqljs).initialize();
  });

  afterEach(() => source.destroy());

  it('lets a page choose no record: which one it is comes from the server', async () => {
    const Database = databaseOf(source);
    const running = await RunningApp.start({
      imports: [InboxModule.forRoot({ imports: [Database] }), ModelFormsModule.forRoot({ imports: [Database] })],
      providers: [InvoiceForm, Desk],
    });
    const { id } = await source.getRepository(Invoice).save({ title: 'Private' });
    const visitor = new HttpVisitor(running.url);
    const asked = await visitor.send('GET', `/components/invoice-form?id=${id}`);
    expect(asked.reply).toMatchObject({ ok: false, error: { code: 'PROP_LOCKED' } });
    const { state } = await visitor.mount('invoice-form');
    const event = { state, event: 'submit', seq: 1, params: { id }, props: { id } };
    const reply = await visitor.post('invoice-form', { ...event, payload: { id, title: 'Forged', lines: [] } });
    expect(reply.text).not.toContain('Private');
    const all = await source.getRepository(Invoice).find({ order: { id: 'ASC' } });
    expect(all[0]).toMatchObject({ title: 'Private', version: 1 });
    await running.close();
  });

  it('does not start with a form that its entity does not fit', async () => {
    class Unfit extends TagDraft {
      @IsNotEmpty()
      colour: string;
    }

    @LiveComponent('unfit-form', { template: '<form></form>' })
    class UnfitForm extends ModelFormComponent<Tag, Unfit> {
      protected readonly entity = Tag;
      protected readonly dto = Unfit;
    }

    const Database = databaseOf(source);
    const app = await Test.createTestingModule({
      imports: [ComponentsModule.forRoot(), ModelFormsModule.forRoot({ imports: [Database] })],
      providers: [UnfitForm],
    }).compile();
    const starting = app.init();
    await expect(starting).rejects.toThrow(LiveSetupError);
    await expect(starting).rejects.toThrow('Tag has no column "colour"');
    await app.close();
  });

  it('is warned when it has no inbox', async () => {
    const warnings: unknown[] = [];
    const logger = { log() {}, error() {}, fatal() {}, warn: (message: unknown) => void warnings.push(message) };
    const Database = databaseOf(source);
    const imports = [ModelFormsModule.forRoot({ imports: [Database] })];
    const running = await RunningApp.start({ imports, providers: [TagForm], logger });
    await running.close();
    expect(warnings).toContainEqual(expect.stringContaining('Import InboxModule'));
  });
});
