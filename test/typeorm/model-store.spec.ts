import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LiveSetupError } from 'nest-live';
import type { Model } from 'nest-live/forms';
import { Inbox, ProcessedEvent, TypeOrmModelStore } from 'nest-live/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';

import { describeModelStore, type ModelBench } from '../../libs/forms/src/models/model-store.contract.js';
import { resolveInbox } from '../../libs/typeorm/src/inbox.options.js';
import { PostgresServer } from '../postgres/postgres.server.js';
import { Country, Customer, ENTITIES, Invoice, InvoiceLine, Letter, Seat, Tag } from './invoices.js';

const entities = [...ENTITIES, ProcessedEvent];
// Before the tests are named: where there is no PostgreSQL, its row is reported as skipped.
const postgres = await PostgresServer.start();

afterAll(() => postgres?.stop());

const sqljs: DataSourceOptions = { type: 'sqljs', entities, synchronize: true };
const DATABASES: readonly (readonly [name: string, options: DataSourceOptions | null])[] = [
  ['sql.js', sqljs],
  ['PostgreSQL', postgres && { type: 'postgres', url: postgres.url, entities, synchronize: true, dropSchema: true }],
];

const benchOn =
  (options: DataSourceOptions, invoice: typeof Invoice | typeof Letter) => async (): Promise<ModelBench> => {
    const source = await new DataSource(options).initialize();
    const records = source.getRepository<Invoice | Letter>(invoice);
    const customers = await source
      .getRepository(Customer)
      .save(['Ada', 'Grace', 'Zoe'].map((name) => ({ name, active: name !== 'Zoe' })));
    const tags = await source.getRepository(Tag).save(['blue', 'red'].map((name) => ({ name })));
    return {
      store: new TypeOrmModelStore(source, new Inbox(source, resolveInbox())),
      invoice,
      customers: customers.map(({ id }) => id),
      tags: tags.map(({ id }) => id),
      clear: async () => void (await records.createQueryBuilder().delete().execute()),
      row: async (id) => (await records.findOneBy({ id } as object)) as never,
      change: async (id, values) => void (await records.update(id, values)),
      remove: async (id) => void (await records.delete(id)),
      close: () => source.destroy(),
    };
  };

for (const [name, options] of DATABASES) {
  describeModelStore(`TypeORM ${name}`, options && benchOn(options, Invoice));
  describeModelStore(`TypeORM ${name} (uuid ids, no version column)`, options && benchOn(options, Letter));
}

describe.each(DATABASES)('a TypeORM model store on %s', (_name, options) => {
  const here = options ? it : it.skip;
  let source: DataSource;
  let store: TypeOrmModelStore;

  beforeAll(async () => {
    if (!options) return;
    source = await new DataSource(options).initialize();
    store = new TypeOrmModelStore(source);
  });

  afterAll(() => source?.destroy());

  const invoices: Model = {
    entity: Invoice,
    fields: ['title', 'total'],
    relations: { lines: { kind: 'rows', fields: ['article', 'quantity'] } },
  };

  here('raises the version column when only rows were changed, so that other programs see it', async () => {
    const id = await store.create(invoices, { write: () => ({ values: { title: 'rows', total: 0 } }) });
    const versionOf = async () => (await source.getRepository(Invoice).findOneByOrFail({ id: Number(id) })).version;
    const save = async (values: Record<string, unknown>) =>
      store.save(invoices, { id, version: (await store.find(invoices, id))!.version, write: () => ({ values }) });
    expect(await versionOf()).toBe(1);
    await save({ lines: [{ article: 'tea', quantity: 1 }] });
    expect(await versionOf()).toBe(2);
    const { lines } = (await store.find(invoices, id))!.values;
    await save({ lines });
    expect(await versionOf()).toBe(2);
    await save({ title: 'both', lines: [] });
    expect(await versionOf()).toBe(3);
  });

  here('sees a row that another program has written, without the record itself', async () => {
    const id = await store.create(invoices, { write: () => ({ values: { title: 'lines', total: 0 } }) });
    const { version } = (await store.find(invoices, id))!;
    const invoice = await source.getRepository(Invoice).findOneByOrFail({ id: Number(id) });
    await source.getRepository(InvoiceLine).save({ article: 'tea', quantity: 1, invoice });
    const late = store.save(invoices, { id, version, write: () => ({ values: { lines: [] } }) });
    await expect(late).rejects.toMatchObject({
      code: 'RECORD_CHANGED',
      current: { values: { lines: [{ article: 'tea' }] } },
    });
  });

  here('takes a key of the person’s own choice when the record is made, and never again', async () => {
    const countries: Model = { entity: Country, fields: ['code', 'name'], relations: {} };
    const id = await store.create(countries, { write: () => ({ values: { code: 'SE', name: 'Swede' } }) });
    const { version } = (await store.find(countries, id))!;
    await store.save(countries, { id, version, write: () => ({ values: { code: 'NO', name: 'Sweden' } }) });
    expect(await source.getRepository(Country).find()).toEqual([{ code: 'SE', name: 'Sweden' }]);
  });

  here('makes no record with the key of another one, and leaves that one alone', async () => {
    const countries: Model = { entity: Country, fields: ['code', 'name'], relations: {} };
    const make = (name: string) => store.create(countries, { write: () => ({ values: { code: 'DK', name } }) });
    const all = await Promise.allSettled(['Denmark', 'Mine', 'Yours'].map(make));
    const made = all.flatMap((one, at) => (one.status === 'fulfilled' ? [at] : []));
    expect(made).toHaveLength(1);
    for (const one of all)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'VALIDATION_FAILED', taken: ['code'] });
    await expect(make('Later')).rejects.toMatchObject({ taken: ['code'] });
    const stored = await source.getRepository(Country).findBy({ code: 'DK' });
    expect(stored).toEqual([{ code: 'DK', name: ['Denmark', 'Mine', 'Yours'][made[0]] }]);
  });

  here('takes a key that the server chooses for a new record alone', async () => {
    const letters: Model = { entity: Letter, fields: ['title', 'total'], relations: { tags: { kind: 'many' } } };
    const tag = await source.getRepository(Tag).save({ name: 'green' });
    const key = '7b0f2c0e-8f8e-4c50-9d0a-0d6b6f5f9a01';
    const make = (title: string) =>
      store.create(letters, { write: () => ({ values: { title, total: 1, tags: [tag.id] }, added: { id: key } }) });
    expect(await make('server')).toBe(key);
    await expect(make('again')).rejects.toMatchObject({ code: 'VALIDATION_FAILED', taken: [] });
    expect((await store.find(letters, key))?.values).toEqual({ title: 'server', total: 1, tags: [tag.id] });
  });

  here('can be asked from inside its own transaction', async () => {
    const id = await store.create(invoices, {
      write: async () => ({ values: { title: `${(await store.choices(customers, 'customer', {})).length} chosen` } }),
    });
    expect((await store.find(invoices, id))?.values.title).toMatch(/^\d+ chosen$/);
  });

  here('undoes a work that is over its time', async () => {
    const over = new AbortController();
    const event = { signal: over.signal };
    const write = () => (over.abort(new Error('late')), { values: { title: 'late', total: 0 } });
    await expect(store.create(invoices, { event, write })).rejects.toMatchObject({ code: 'HANDLER_TIMEOUT' });
    expect(await source.getRepository(Invoice).countBy({ title: 'late' })).toBe(0);
  });

  here('saves in its own database when the inbox is in another one', async () => {
    const elsewhere = await new DataSource(sqljs).initialize();
    const two = new TypeOrmModelStore(source, new Inbox(elsewhere, resolveInbox()));
    const event = { eventKey: 'k', signal: new AbortController().signal };
    const id = await two.create(invoices, { event, write: () => ({ values: { title: 'here', total: 0 } }) });
    expect(await store.find(invoices, id)).toMatchObject({ values: { title: 'here' } });
    await elsewhere.destroy();
  });

  const customers: Model = { ...invoices, relations: { customer: { kind: 'one', label: 'name' } } };

  here.each<[why: string, model: Model, words: RegExp]>([
    ['no entity', { ...invoices, entity: class Unknown {} }, /"Unknown" is no entity of the data source/],
    ['a key of two columns', { entity: Seat, fields: [], relations: {} }, /Seat has 2 primary columns/],
    ['an unknown field', { ...invoices, fields: ['titel'] }, /Invoice has no column "titel"/],
    ['the key that the database makes', { ...invoices, fields: ['id'] }, /Invoice.id is kept by the database/],
    ['the version', { ...invoices, fields: ['version'] }, /Invoice.version is kept by the database/],
    ['a relation as a field', { ...invoices, fields: ['customer'] }, /Invoice.customer is a relation/],
    ['an unknown relation', { ...invoices, relations: { owner: { kind: 'one' } } }, /no relation "owner"/],
    ['a relation of another kind', { ...invoices, relations: { lines: { kind: 'many' } } }, /"rows" for one-to-many/],
    [
      'a label that is not there',
      { ...invoices, relations: { customer: { kind: 'one', label: 'nom' } } },
      /no column "nom"/,
    ],
    [
      'a row’s key',
      { ...invoices, relations: { lines: { kind: 'rows', fields: ['id'] } } },
      /InvoiceLine.id is kept by the database/,
    ],
    [
      'a row’s owner',
      { ...invoices, relations: { lines: { kind: 'rows', fields: ['invoice'] } } },
      /InvoiceLine.invoice is a relation/,
    ],
  ])('refuses a model with %s', (_why, model, words) => {
    expect(() => store.check(model)).toThrow(LiveSetupError);
    expect(() => store.check(model)).toThrow(words);
    expect(() => store.check(model)).toThrow(/MODEL_INVALID/);
  });
});
