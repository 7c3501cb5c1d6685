import { afterAll, describe, expect, it } from '@jest/globals';
import { ModelStore } from 'nest-live/forms';
import { LiveTest } from 'nest-live/testing';
import { TypeOrmModelStore } from 'nest-live/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';

import { randomForm, SEEDS, thingFor, ZONES } from '../forms/random-forms.js';
import { PostgresServer } from '../postgres/postgres.server.js';

// Before the tests are named: where there is no PostgreSQL, its row is reported as skipped.
const postgres = await PostgresServer.start();

afterAll(() => postgres?.stop());

const LITE = thingFor('datetime');
const FULL = thingFor('timestamptz');
const DATABASES: readonly (readonly [name: string, entity: typeof LITE, options: DataSourceOptions | null])[] = [
  ['sql.js', LITE, { type: 'sqljs', entities: [LITE], synchronize: true }],
  [
    'PostgreSQL',
    FULL,
    postgres && { type: 'postgres', url: postgres.url, entities: [FULL], synchronize: true, dropSchema: true },
  ],
];

describe.each(DATABASES)('a random form on a record of %s', (_name, entity, options) => {
  const here = options ? it : it.skip;

  here.each(ZONES)(
    'changes no column when nobody edits it, and one when somebody edits one: %s',
    async (zone) => {
      const source = await new DataSource(options as DataSourceOptions).initialize();
      const mine = SEEDS.filter((seed) => ZONES[seed % ZONES.length] === zone).map((seed) => randomForm(seed, entity));
      const store = { provide: ModelStore, useValue: new TypeOrmModelStore(source) };
      const live = await LiveTest.create({
        providers: [...mine.map(({ component }) => component), store],
        options: { zone },
      });
      for (const { name, row, edit, said } of mine) {
        const { id } = (await source.getRepository(entity).save({ ...row })) as { id: number };
        const raw = async (): Promise<Record<string, unknown>> => {
          const [now] = await source.query<Record<string, unknown>[]>(`SELECT * FROM thing WHERE id = ${id}`);
          return now;
        };
        const before = await raw();
        const form = await live.mount(name, { id });
        await form.submit();
        expect([said, form.state]).toMatchObject([said, { fieldErrors: {}, wasSaved: true, valid: true }]);
        expect([said, await raw()]).toEqual([said, before]);
        if (!edit) continue;
        const { column, entered, stored } = edit;
        await form.fill({ [column]: entered }).submit();
        const { [column]: value, version, ...rest } = await raw();
        const { [column]: _was, version: first, ...others } = before;
        expect([said, column, form.state]).toMatchObject([said, column, { fieldErrors: {} }]);
        expect([said, column, rest, Number(version)]).toEqual([said, column, others, Number(first) + 1]);
        const read = (await source.getRepository(entity).findOneByOrFail({ id })) as Record<string, unknown>;
        const same = typeof stored === 'number' ? Number(read[column]) : read[column];
        expect([said, column, value === null, String(same).replace(/:00$/, '')]).toEqual([
          said,
          column,
          false,
          String(stored),
        ]);
      }
      await live.close();
      await source.destroy();
    },
    120_000,
  );
});
