import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ModelStore, type Model } from 'nest-live/forms';
import { LiveTest, type MountedComponent } from 'nest-live/testing';
import { TypeOrmModelStore } from 'nest-live/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';

import { PostgresServer } from '../postgres/postgres.server.js';
import { Ledger, LedgerForm, Owner } from './ledger.js';

const entities = [Ledger, Owner];
// Before the tests are named: where there is no PostgreSQL, its row is reported as skipped.
const postgres = await PostgresServer.start();

afterAll(() => postgres?.stop());

const DATABASES: readonly (readonly [name: string, options: DataSourceOptions | null])[] = [
  ['sql.js', { type: 'sqljs', entities, synchronize: true }],
  ['PostgreSQL', postgres && { type: 'postgres', url: postgres.url, entities, synchronize: true, dropSchema: true }],
];
const EXACT = { big: '9007199254740993', share: '0.12345678901234567891', huge: '123456789012345678901234567890' };

describe.each(DATABASES)('a form on a record of %s', (name, options) => {
  const here = options ? it : it.skip;
  const ofPostgres = options && name === 'PostgreSQL' ? it : it.skip;
  let source: DataSource;
  let live: LiveTest;
  let ada: Owner;
  let id: number;

  beforeAll(async () => {
    if (!options) return;
    source = await new DataSource(options).initialize();
    live = await LiveTest.create({
      providers: [LedgerForm, { provide: ModelStore, useValue: new TypeOrmModelStore(source) }],
    });
  });

  beforeEach(async () => {
    if (!options) return;
    for (const entity of [Ledger, Owner]) await source.createQueryBuilder().delete().from(entity).execute();
    ada = await source.getRepository(Owner).save({ name: 'Ada' });
    ({ id } = await source.getRepository(Ledger).save({ name: 'first', day: '2026-03-01', owner: ada }));
  });

  afterAll(async () => {
    await live?.close();
    await source?.destroy();
  });

  const raw = async (): Promise<Record<string, unknown>> => {
    const [row] = await source.query<Record<string, unknown>[]>(`SELECT * FROM ledger`);
    return row;
  };
  const sql = (change: string): Promise<unknown> => source.query(`UPDATE ledger SET ${change}`);
  const open = (): Promise<MountedComponent<LedgerForm>> => live.mount(LedgerForm, { id });
  /** What the page of the form would send. */
  const shown = (form: MountedComponent<LedgerForm>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(form.state.data ?? {}).map(([field, value]) => [
        field,
        value === null ? '' : String(value as string),
      ]),
    );

  here('changes no column when it is saved as it was shown, and one when one was edited', async () => {
    if (name === 'PostgreSQL') await sql(`big = ${EXACT.big}, share = ${EXACT.share}, huge = '${EXACT.huge}'`);
    const before = await raw();
    const form = await open();
    await form.emit('submit', shown(form));
    expect(form.state).toMatchObject({ wasSaved: true, valid: true });
    expect(await raw()).toEqual(before);
    await form.emit('submit', { ...shown(form), name: 'second' });
    expect(await raw()).toEqual({ ...before, name: 'second', version: Number(before.version) + 1 });
  });

  here('keeps or refuses the digits of what is entered', async () => {
    const form = await open();
    await form.emit('submit', { ...shown(form), big: EXACT.big });
    expect(form.state.valid).toBe(false);
    expect(form.state.fieldErrors).toMatchObject({ big: ['has more digits than can be kept'] });
    await form.emit('submit', { ...shown(form), big: '9007199254740991', share: '0.5000' });
    expect(form.state).toMatchObject({ wasSaved: true, valid: true });
    expect([Number((await raw()).big), Number((await raw()).share)]).toEqual([9007199254740991, 0.5]);
  });

  here('mounts a BigInt that a transformer makes', async () => {
    await sql(`huge = '${EXACT.huge}'`);
    const form = await open();
    expect(form.html).toContain(EXACT.huge);
    await form.emit('submit', { ...shown(form), name: 'second' });
    expect((await raw()).huge).toBe(EXACT.huge);
  });

  here('finds what SQL has changed, and what a stale entity has written back', async () => {
    const stale = await source.getRepository(Ledger).findOneByOrFail({ id });
    const form = await open();
    await sql(`count = 8`);
    await form.emit('submit', { ...shown(form), count: '9' });
    expect(form.state.valid).toBe(false);
    expect(form.state.conflict).toMatchObject({ fields: [{ name: 'count', was: 7, mine: '9', theirs: 8 }] });
    const third = await open();
    await source.getRepository(Ledger).save({ ...stale, name: 'stale' });
    await third.emit('submit', { ...shown(third), name: 'mine' });
    expect(third.state.conflict).toMatchObject({ fields: [{ name: 'name', was: 'first', theirs: 'stale' }] });
  });

  here('asks nothing when only what it does not show was changed', async () => {
    const form = await open();
    await sql(`version = version + 1`);
    await form.emit('submit', { ...shown(form), name: 'second' });
    expect(form.state).toMatchObject({ wasSaved: true, valid: true });
  });

  here('shows that a chosen record is gone, and says so at the field of one that goes meanwhile', async () => {
    const form = await open();
    await source.getRepository(Owner).delete(ada.id);
    if ((await raw()).ownerId !== null) await sql(`"ownerId" = NULL`);
    await form.emit('submit', { ...shown(form), name: 'second' });
    expect(form.state.valid).toBe(false);
    expect(form.state.conflict).toMatchObject({ updated: [{ name: 'owner', was: ada.id, theirs: null }] });
    await form.emit('submit', { ...shown(form), name: 'second' });
    expect(await raw()).toMatchObject({ name: 'second', ownerId: null });
    const model: Model = { entity: Ledger, fields: ['name'], relations: { owner: { kind: 'one' } } };
    const late = new TypeOrmModelStore(source).create(model, {
      write: () => ({ values: { name: 'new', owner: ada.id } }),
    });
    await expect(late).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      details: { fields: { owner: ['is not there any more'] } },
    });
  });

  here('says at the field what its column cannot hold', async () => {
    const form = await open();
    const errorsOf = async (fields: object): Promise<unknown> => {
      await form.emit('submit', { ...shown(form), ...fields });
      return form.state.fieldErrors;
    };
    expect(await errorsOf({ count: '' })).toEqual({ count: ['must not be empty'] });
    expect(await errorsOf({ count: '7', name: 'a\0b' })).toEqual({ name: ['has a character that cannot be saved'] });
    expect((await raw()).name).toBe('first');
  });

  ofPostgres('says at the field what is too large, too long or taken by an expression', async () => {
    const form = await open();
    const errorsOf = async (fields: object): Promise<unknown> => {
      await form.emit('submit', { ...shown(form), ...fields });
      return form.state.fieldErrors;
    };
    expect(await errorsOf({ count: '2147483648' })).toEqual({ count: ['is too large or too small'] });
    expect(await errorsOf({ count: '7', share: '12345678901' })).toEqual({ share: ['is too large or too small'] });
    expect(await errorsOf({ share: '', name: 'x'.repeat(21) })).toEqual({ name: ['must be at most 20 characters'] });
    await source.query(`CREATE UNIQUE INDEX "by_name" ON ledger (lower(name::text))`);
    try {
      await source.getRepository(Ledger).save({ name: 'TAKEN' });
      expect(await errorsOf({ name: 'taken' })).toEqual({ name: ['is taken'] });
    } finally {
      await source.query(`DROP INDEX "by_name"`);
    }
  });

  here(
    'keeps a day in every zone, untouched and edited',
    async () => {
      const ROOT = join(import.meta.dirname, '../..');
      for (const zone of ['America/New_York', 'Pacific/Auckland', 'UTC']) {
        const child = fork(
          join(ROOT, 'test/typeorm/ledger.main.ts'),
          [name === 'PostgreSQL' ? (postgres?.url ?? '') : ''],
          {
            execArgv: [
              '--no-warnings',
              '-C',
              '@nest-live/source',
              '--import',
              join(ROOT, 'test/shutdown/typescript.register.mjs'),
            ],
            env: { ...process.env, TZ: zone, NODE_ENV: 'test', NEST_LIVE_KEYS: '' },
            stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
          },
        );
        const [days] = (await once(child, 'message')) as [string[]];
        child.kill();
        expect([zone, days]).toEqual([zone, ['2026-03-01', '2026-03-01', '2026-03-01', '2026-12-31']]);
      }
    },
    120_000,
  );
});
