import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Model } from 'nest-live/forms';
import { DataSource, QueryFailedError } from 'typeorm';

import { planRecord, type RecordPlan } from '../../libs/typeorm/src/record-plan.js';
import { takenFields } from '../../libs/typeorm/src/unique-violation.js';
import { Country, ENTITIES, Invoice } from './invoices.js';

/** What drivers say that this suite has no database of. SQLite and PostgreSQL speak for themselves in the model store's. */
describe('what MySQL says of a value that is taken', () => {
  let source: DataSource;

  beforeAll(async () => {
    source = await new DataSource({ type: 'sqljs', entities: ENTITIES }).initialize();
  });

  afterAll(() => source.destroy());

  const planOf = (model: Model): RecordPlan => planRecord(source, model);
  const invoices: Model = { entity: Invoice, fields: ['title', 'total'], relations: {} };
  const countries: Model = { entity: Country, fields: ['code', 'name'], relations: {} };
  const says = (message: string) =>
    new QueryFailedError('INSERT …', [], Object.assign(new Error(message), { errno: 1062, code: 'ER_DUP_ENTRY' }));
  const nameOfTitle = (): string => source.getMetadata(Invoice).uniques[0].name;

  it.each(['', 'invoice.'])('names the field of a unique key, spelled "%sUQ…"', (table) => {
    const error = says(`Duplicate entry 'first' for key '${table}${nameOfTitle()}'`);
    expect(takenFields(error, planOf(invoices))).toEqual(['title']);
  });

  it.each(['PRIMARY', 'country.PRIMARY'])('names the field of a key that a person has chosen, spelled "%s"', (key) => {
    expect(takenFields(says(`Duplicate entry 'SE' for key '${key}'`), planOf(countries))).toEqual(['code']);
  });

  it('takes neither another table nor what was entered for the key', () => {
    expect(takenFields(says("Duplicate entry 'SE' for key 'seat.PRIMARY'"), planOf(countries))).toEqual([]);
    const entered = `Duplicate entry ' for key '${nameOfTitle()}' for key 'invoice.other'`;
    expect(takenFields(says(entered), planOf(invoices))).toEqual([]);
  });
});
