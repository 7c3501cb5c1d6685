import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CreateProcessedEvents1700000000000, Inbox, ProcessedEvent } from 'nest-live/typeorm';
import { DataSource, type DataSourceOptions, type EntityManager } from 'typeorm';

import { resolveInbox } from '../../libs/typeorm/src/inbox.options.js';
import { PostgresServer } from '../postgres/postgres.server.js';
import { Row } from './row.entity.js';

const entities = [ProcessedEvent, Row];
// Before the tests are named: where there is no PostgreSQL, its row is reported as skipped.
const postgres = await PostgresServer.start();

afterAll(() => postgres?.stop());

const DATABASES: readonly (readonly [name: string, options: DataSourceOptions | null, count: number])[] = [
  ['sql.js', { type: 'sqljs', entities, synchronize: true }, 1],
  ['PostgreSQL', postgres && { type: 'postgres', url: postgres.url, entities, synchronize: true }, 2],
];

describe.each(DATABASES)('an inbox on %s', (_name, options, count) => {
  const here = options ? it : it.skip;
  let sources: DataSource[] = [];
  let inboxes: Inbox[] = [];

  beforeAll(async () => {
    if (!options) return;
    for (let node = 0; node < count; node += 1) sources.push(await new DataSource(options).initialize());
    inboxes = [...sources, ...sources].slice(0, 2).map((source) => new Inbox(source, resolveInbox({ keepMs: 1_000 })));
    if (count === 1) inboxes = [inboxes[0], inboxes[0]];
  });

  beforeEach(async () => {
    await sources[0]?.getRepository(Row).clear();
    await sources[0]?.getRepository(ProcessedEvent).clear();
  });

  afterAll(async () => {
    for (const source of sources) await source.destroy();
    sources = [];
  });

  const add = (text: string) => async (manager: EntityManager) => {
    const { id } = await manager.save(Row, { text });
    return { id, text };
  };
  const texts = async () => (await sources[0].getRepository(Row).find()).map(({ text }) => text).sort();

  here('does the work of an event once and answers the same again, from any node', async () => {
    const first = await inboxes[0].once('i:cs:1', add('a'));
    expect(first).toEqual({ id: expect.any(Number), text: 'a' });
    expect(await inboxes[1].once('i:cs:1', add('b'))).toEqual(first);
    expect(await inboxes[1].once('i:cs:2', add('c'))).toMatchObject({ text: 'c' });
    expect(await texts()).toEqual(['a', 'c']);
  });

  here('lets one of many callers at the same moment work, and the others wait for its answer', async () => {
    let runs = 0;
    const slow = async (manager: EntityManager) => {
      runs += 1;
      await wait(50);
      return add(`run ${runs}`)(manager);
    };
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => inboxes[i % 2].once('i:cs:1', slow)));
    expect(runs).toBe(1);
    expect(await texts()).toEqual(['run 1']);
    expect(answers).toEqual(answers.map(() => answers[0]));
  });

  here('notes nothing when the work throws, and lets a waiting caller try instead', async () => {
    let begun!: () => void;
    const isBegun = new Promise<void>((resolve) => (begun = resolve));
    const failing = async (manager: EntityManager) => {
      await add('lost')(manager);
      begun();
      await wait(30);
      throw new Error('no');
    };
    const [failed, next] = await Promise.allSettled([
      inboxes[0].once('i:cs:1', failing),
      isBegun.then(() => inboxes[1].once('i:cs:1', add('kept'))),
    ]);
    expect(failed).toMatchObject({ status: 'rejected', reason: { message: 'no' } });
    expect(next).toMatchObject({ status: 'fulfilled', value: { text: 'kept' } });
    expect(await texts()).toEqual(['kept']);
  });

  here('answers a JSON copy the first time too, and undefined for nothing', async () => {
    const work = async () => ({ when: new Date(0) });
    const first = (await inboxes[0].once('a', work)) as unknown;
    expect(first).toEqual({ when: '1970-01-01T00:00:00.000Z' });
    expect(await inboxes[0].once('a', work)).toEqual(first);
    expect(await inboxes[0].once('b', async () => undefined)).toBeUndefined();
    expect(await inboxes[0].once('b', async () => 1)).toBeUndefined();
    expect(await inboxes[0].once('c', async () => null)).toBeNull();
    expect(await inboxes[0].once('c', async () => 1)).toBeNull();
  });

  here('undoes a work whose result is too large, or whose event was over its time', async () => {
    const large = async (manager: EntityManager) => (await add('a')(manager), 'x'.repeat(64 * 1024));
    await expect(inboxes[0].once('a', large)).rejects.toMatchObject({ code: 'STATE_TOO_LARGE' });
    const over = new AbortController();
    const late = async (manager: EntityManager) => (over.abort(new Error('late')), add('b')(manager));
    const live = { eventKey: 'b', signal: over.signal };
    await expect(inboxes[0].once(live, late)).rejects.toMatchObject({ code: 'HANDLER_TIMEOUT' });
    expect(await texts()).toEqual([]);
    expect(await sources[0].getRepository(ProcessedEvent).count()).toBe(0);
  });

  here('says what is wrong when there is no event', async () => {
    for (const event of [undefined, '', { eventKey: undefined, signal: new AbortController().signal }])
      await expect(inboxes[0].once(event, add('a'))).rejects.toThrow(/only an @OnEvent\(\) handler has live.eventKey/);
    await expect(inboxes[0].once('x'.repeat(256), add('a'))).rejects.toThrow(/at most 255/);
    expect(await texts()).toEqual([]);
  });

  here('passes on an error of the database that is no duplicate', async () => {
    const broken = (manager: EntityManager) => manager.query('SELECT * FROM no_such_table');
    await expect(inboxes[0].once('a', broken)).rejects.toThrow(/no_such_table/);
  });

  here('forgets events after their time and no others', async () => {
    await inboxes[0].once('old', add('a'));
    await sources[0]
      .getRepository(ProcessedEvent)
      .update({ eventKey: 'old' }, { createdAt: String(Date.now() - 1_001) });
    await inboxes[0].once('new', add('b'));
    expect(await inboxes[0].purge()).toBe(1);
    expect((await sources[0].getRepository(ProcessedEvent).find()).map(({ eventKey }) => eventKey)).toEqual(['new']);
  });

  here('works on the table of the migration as on a synchronized one', async () => {
    const [source] = sources;
    const runner = source.createQueryRunner();
    const migration = new CreateProcessedEvents1700000000000();
    await migration.down(runner);
    await migration.up(runner);
    await migration.up(runner);
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
    await runner.release();
    await inboxes[0].once('a', add('a'));
    await inboxes[0].once('a', add('b'));
    expect(await texts()).toEqual(['a']);
  });
});
