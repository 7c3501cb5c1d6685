import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { ModelStore, ModelWrite } from './model-store.js';
import type { Model, ModelEntity, ModelId, ModelRecord, ModelValues } from './model.js';

/** What a suite of the contract stands on. */
export interface ModelBench {
  readonly store: ModelStore;
  /** Title (unique), total, due, isStaff; a customer, tags, and lines with article and quantity. */
  readonly invoice: ModelEntity;
  /** Ada and Grace, and Zoe who is not active. */
  readonly customers: readonly ModelId[];
  /** Blue and red. */
  readonly tags: readonly ModelId[];
  /** Empty of invoices. */
  clear(): Promise<void>;
  /** All of an invoice's own columns, also what no model declares. */
  row(id: ModelId): Promise<ModelValues | undefined>;
  /** As another program would, without the store. */
  change(id: ModelId, values: ModelValues): Promise<void>;
  remove(id: ModelId): Promise<void>;
  close(): Promise<void>;
}

const signal = new AbortController().signal;
const write =
  (values: ModelValues, added?: ModelValues): (() => ModelWrite) =>
  () => ({ values, added });

/** What every adapter of the port keeps. An adapter is a row: its name and how to make one; null skips it. */
export const describeModelStore = (name: string, make: (() => Promise<ModelBench>) | null): void => {
  const here = make ? it : it.skip;

  describe(`a ${name} model store`, () => {
    let bench: ModelBench;
    let store: ModelStore;
    let model: Model;

    beforeAll(async () => {
      if (!make) return;
      bench = await make();
      store = bench.store;
      model = {
        entity: bench.invoice,
        fields: ['title', 'total'],
        relations: {
          customer: { kind: 'one', label: 'name', where: { active: true } },
          tags: { kind: 'many', label: 'name' },
          lines: { kind: 'rows', fields: ['article', 'quantity'] },
        },
      };
    });

    beforeEach(() => bench?.clear());

    afterAll(() => bench?.close());

    const create = (values: ModelValues, added?: ModelValues) => store.create(model, { write: write(values, added) });
    const find = async (id: ModelId): Promise<ModelRecord> => (await store.find(model, id))!;
    const change = async (id: ModelId, values: ModelValues) =>
      store.save(model, { id, version: (await find(id)).version, write: write(values) });

    here('gives back what was created, relations as ids and rows with their ids', async () => {
      const [ada] = bench.customers;
      const [blue, red] = bench.tags;
      const lines = [
        { article: 'tea', quantity: 2 },
        { article: 'milk', quantity: 1 },
      ];
      const id = await create({ title: 'first', total: 7, customer: ada, tags: [red, blue], lines });
      expect(await store.find(model, id)).toEqual({
        id,
        version: expect.any(String),
        values: {
          title: 'first',
          total: 7,
          customer: ada,
          tags: expect.arrayContaining([blue, red]),
          lines: lines.map((line) => ({ id: expect.anything(), ...line })),
        },
      });
    });

    here('answers null for an id that is not there or cannot be one', async () => {
      for (const id of [987_654, '987654', 'nobody', '', 'x\0', '1 or 1=1', 1.5, -1, '9'.repeat(30)])
        expect(await store.find(model, id)).toBeNull();
    });

    here('finds a record by the text of its id', async () => {
      const id = await create({ title: 'first', total: 1 });
      expect(await find(String(id))).toEqual(await find(id));
    });

    here('writes what the model declares, and nothing else of what it is given', async () => {
      const id = await create({ title: 'first', total: 1, isStaff: true, id: 4_711, version: 9, owner: 'me' });
      expect(id).not.toBe(4_711);
      expect(await bench.row(id)).toMatchObject({ title: 'first', isStaff: false });
      await change(id, { title: 'second', isStaff: true, id: 4_711, version: 99, owner: 'me' });
      expect(await bench.row(id)).toMatchObject({ title: 'second', total: 1, isStaff: false });
      expect(await store.find(model, 4_711)).toBeNull();
    });

    here('writes what the server adds', async () => {
      const id = await create({ title: 'first', total: 1 }, { isStaff: true, total: 5 });
      expect(await bench.row(id)).toMatchObject({ isStaff: true, total: 5 });
    });

    here('leaves alone what is left out, and empties what is null', async () => {
      const [ada] = bench.customers;
      const id = await create({ title: 'first', total: 1, customer: ada, lines: [{ article: 'tea', quantity: 1 }] });
      await change(id, { title: 'second' });
      expect((await find(id)).values).toMatchObject({ customer: ada, total: 1, lines: [{ article: 'tea' }] });
      await change(id, { customer: null, lines: [] });
      expect((await find(id)).values).toMatchObject({ title: 'second', customer: null, lines: [] });
    });

    here('keeps rows that are named, adds those without an id, removes those that are gone', async () => {
      const id = await create({
        title: 'first',
        total: 1,
        lines: ['tea', 'milk', 'salt'].map((article) => ({ article, quantity: 1 })),
      });
      const [tea, , salt] = (await find(id)).values.lines as { id: ModelId }[];
      await change(id, {
        lines: [{ id: String(tea.id), article: 'tea', quantity: 5 }, { id: salt.id }, { article: 'rice', quantity: 3 }],
      });
      expect((await find(id)).values.lines).toEqual([
        { id: tea.id, article: 'tea', quantity: 5 },
        { id: salt.id, article: 'salt', quantity: 1 },
        { id: expect.anything(), article: 'rice', quantity: 3 },
      ]);
    });

    here("refuses another record's row, a row named twice, and changes nothing then", async () => {
      const mine = await create({ title: 'mine', total: 1, lines: [{ article: 'tea', quantity: 1 }] });
      const other = await create({ title: 'other', total: 1, lines: [{ article: 'gold', quantity: 1 }] });
      const [row] = (await find(mine)).values.lines as { id: ModelId }[];
      const [foreign] = (await find(other)).values.lines as { id: ModelId }[];
      const before = [await find(mine), await find(other)];
      expect(before.map(({ values }) => values.lines)).toEqual([
        [{ id: row.id, article: 'tea', quantity: 1 }],
        [{ id: foreign.id, article: 'gold', quantity: 1 }],
      ]);
      for (const lines of [
        [row, { id: foreign.id, article: 'stolen' }],
        [row, row],
      ])
        await expect(change(mine, { title: 'changed', lines })).rejects.toMatchObject({
          code: 'VALIDATION_FAILED',
          details: { fields: { 'lines.1.id': [expect.any(String)] } },
        });
      expect([await find(mine), await find(other)]).toEqual(before);
    });

    here('refuses to save on an older version, and shows the record as it is now', async () => {
      const id = await create({ title: 'first', total: 1 });
      const { version } = await find(id);
      await change(id, { title: 'theirs' });
      const late = store.save(model, { id, version, write: write({ title: 'mine' }) });
      await expect(late).rejects.toMatchObject({ code: 'RECORD_CHANGED', current: await find(id) });
      expect((await find(id)).values.title).toBe('theirs');
    });

    here('sees a change of rows or of a list alone as a change', async () => {
      const id = await create({ title: 'first', total: 1, lines: [{ article: 'tea', quantity: 1 }] });
      const versions = [(await find(id)).version];
      await change(id, { lines: [{ article: 'tea', quantity: 2 }] });
      versions.push((await find(id)).version);
      await change(id, { tags: [bench.tags[0]] });
      versions.push((await find(id)).version);
      expect(new Set(versions).size).toBe(3);
    });

    here('sees a change by another program', async () => {
      const id = await create({ title: 'first', total: 1 });
      const { version } = await find(id);
      await bench.change(id, { total: 2 });
      const late = store.save(model, { id, version, write: write({ title: 'mine' }) });
      await expect(late).rejects.toMatchObject({ code: 'RECORD_CHANGED', current: { values: { total: 2 } } });
    });

    here('lets one of many win who save the same version at once', async () => {
      const id = await create({ title: 'first', total: 1 });
      const { version } = await find(id);
      const all = await Promise.allSettled(
        Array.from({ length: 6 }, (_, n) => store.save(model, { id, version, write: write({ total: 10 + n }) })),
      );
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const one of all)
        if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'RECORD_CHANGED' });
    });

    here('says that a record is gone', async () => {
      const id = await create({ title: 'first', total: 1 });
      const { version } = await find(id);
      await bench.remove(id);
      await expect(store.save(model, { id, version, write: write({ total: 2 }) })).rejects.toMatchObject({
        code: 'RECORD_NOT_FOUND',
      });
    });

    here('changes nothing when the work throws, and asks it only about a version that stands', async () => {
      const id = await create({ title: 'first', total: 1 });
      const before = await find(id);
      const failing = () => Promise.reject(new Error('no'));
      await expect(store.save(model, { id, version: before.version, write: failing })).rejects.toThrow('no');
      await expect(store.create(model, { write: failing })).rejects.toThrow('no');
      let asked = 0;
      const counting = () => ({ values: { total: (asked += 1) } });
      await expect(store.save(model, { id, version: 'older', write: counting })).rejects.toMatchObject({
        code: 'RECORD_CHANGED',
      });
      expect(asked).toBe(0);
      expect(await find(id)).toEqual(before);
    });

    here('names the field whose value is taken, without the words of the database', async () => {
      await create({ title: 'first', total: 1 });
      const id = await create({ title: 'second', total: 1 });
      const both = [create({ title: 'first', total: 2 }), change(id, { title: 'first' })];
      for (const twice of both) {
        const error = (await twice.catch((thrown: unknown) => thrown)) as Error;
        expect(error).toMatchObject({ code: 'VALIDATION_FAILED', taken: ['title'] });
        expect(error.message).not.toMatch(/insert|update|unique|constraint|invoice\./i);
      }
      expect((await find(id)).values.title).toBe('second');
    });

    here('saves once for an event, however often it is asked', async () => {
      const event = { eventKey: `i:cs:${Math.random()}`, signal };
      const id = await store.create(model, { event, write: write({ title: 'first', total: 1 }) });
      expect(await store.create(model, { event, write: write({ title: 'again', total: 1 }) })).toEqual(id);
      const { version } = await find(id);
      const next = { eventKey: `i:cs:${Math.random()}`, signal };
      for (const total of [2, 3]) await store.save(model, { id, version, event: next, write: write({ total }) });
      expect((await find(id)).values).toMatchObject({ title: 'first', total: 2 });
    });

    here('offers what may be chosen, by label, and knows the names of the others', async () => {
      const [ada, grace, zoe] = bench.customers;
      const offered = [
        { id: ada, label: 'Ada' },
        { id: grace, label: 'Grace' },
      ];
      expect(await store.choices(model, 'customer', {})).toEqual(offered);
      expect(await store.choices(model, 'customer', { limit: 1 })).toEqual(offered.slice(0, 1));
      expect(await store.choices(model, 'customer', { ids: [zoe, String(grace), 'nobody'] })).toEqual([offered[1]]);
      expect(await store.choices(model, 'customer', { ids: [] })).toEqual([]);
      const known = await store.labels(model, 'customer', [zoe, String(grace), 987_654]);
      expect(known).toEqual([offered[1], { id: zoe, label: 'Zoe' }]);
      expect(await store.labels(model, 'customer', [])).toEqual([]);
      expect((await store.choices(model, 'tags', {})).map(({ label }) => label)).toEqual(['blue', 'red']);
    });
  });
};
