import 'reflect-metadata';

import { ModelStore } from 'nest-live/forms';
import { LiveTest } from 'nest-live/testing';
import { TypeOrmModelStore } from 'nest-live/typeorm';
import { DataSource } from 'typeorm';

import { Ledger, LedgerForm, Owner } from './ledger.js';

/** What a day is in the database, in the zone of this process: at first, saved untouched, with another name, and edited. */
const [, , url] = process.argv;
const schema = `zone_${process.pid}`;
const entities = [Ledger, Owner];
if (url) {
  const admin = await new DataSource({ type: 'postgres', url }).initialize();
  await admin.query(`CREATE SCHEMA ${schema}`);
  await admin.destroy();
}
const source = await new DataSource(
  url ? { type: 'postgres', url, schema, entities, synchronize: true } : { type: 'sqljs', entities, synchronize: true },
).initialize();
const live = await LiveTest.create({
  providers: [LedgerForm, { provide: ModelStore, useValue: new TypeOrmModelStore(source) }],
});

const { id } = await source.getRepository(Ledger).save({ name: 'first', day: '2026-03-01' });
const table = url ? `${schema}.ledger` : 'ledger';
const days: string[] = [];
const look = async (): Promise<void> => {
  const text = url ? 'day::text' : 'day';
  const [{ day }] = await source.query<{ day: string }[]>(`SELECT ${text} AS day FROM ${table}`);
  days.push(day);
};
await look();
const form = await live.mount(LedgerForm, { id });
for (const fields of [
  { name: 'first', day: '2026-03-01' },
  { name: 'second', day: '2026-03-01' },
  { name: 'second', day: '2026-12-31' },
]) {
  await form.emit('submit', fields);
  await look();
}
await live.close();
await source.destroy();
process.send?.(days);
