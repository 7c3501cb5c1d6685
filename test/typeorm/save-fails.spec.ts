import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { ComponentsModule, Live, LiveComponent, LiveContext, OnEvent, State, type OnMount } from 'nest-live';
import { Backend, MemoryBackend, MemoryStateStore, type CommitOutcome, type CommitRequest } from 'nest-live/extend';
import { Inbox, InboxModule, ProcessedEvent } from 'nest-live/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { RunningApp } from '../e2e/running-app.js';
import { PostgresServer } from '../postgres/postgres.server.js';
import { Row } from './row.entity.js';

const keys: (string | undefined)[] = [];

@LiveComponent('till', { template: '<p>{{count}}</p>' })
class Till {
  @State() count = 0;

  constructor(private readonly inbox: Inbox) {}

  @OnEvent()
  async pay(@Live() live: LiveContext): Promise<void> {
    keys.push(live.eventKey);
    await this.inbox.once(live, (manager) => manager.insert(Row, { text: 'paid' }));
    this.count += 1;
  }
}

@LiveComponent('eager-till', { template: '<p></p>' })
class EagerTill implements OnMount {
  constructor(private readonly inbox: Inbox) {}

  async onMount(): Promise<void> {
    await this.inbox.once(undefined, (manager) => manager.insert(Row, { text: 'too early' }));
  }
}

/** A store whose commit fails on the calls it is told to, after the handler ran. */
class FailingStateStore extends MemoryStateStore {
  failing: 'before' | 'after' | undefined;

  override async commit(request: CommitRequest): Promise<CommitOutcome> {
    const { failing } = this;
    this.failing = undefined;
    if (failing === 'before') throw new Error('the store is away');
    const outcome = await super.commit(request);
    if (failing === 'after') throw new Error('the answer of the store is lost');
    return outcome;
  }
}

class FailingBackend extends MemoryBackend {
  override readonly state = new FailingStateStore();
}

const entities = [ProcessedEvent, Row];
// Before the tests are named: where there is no PostgreSQL, its row is reported as skipped.
const postgres = await PostgresServer.start();

afterAll(() => postgres?.stop());

const DATABASES: readonly (readonly [name: string, options: DataSourceOptions | null])[] = [
  ['sql.js', { type: 'sqljs', entities, synchronize: true }],
  ['PostgreSQL', postgres && { type: 'postgres', url: postgres.url, entities, synchronize: true }],
];

describe.each(DATABASES)('an event whose state cannot be saved, with its row on %s', (_name, options) => {
  const here = options ? it : it.skip;
  let source: DataSource;
  let running: RunningApp;
  let backend: FailingBackend;

  beforeAll(async () => {
    if (!options) return;
    source = await new DataSource(options).initialize();
    backend = new FailingBackend();

    @Module({
      providers: [
        { provide: Backend, useValue: backend },
        { provide: DataSource, useValue: source },
      ],
      exports: [Backend, DataSource],
    })
    class Outside {}

    running = await RunningApp.start({
      root: ComponentsModule.forRoot({ imports: [Outside] }),
      imports: [InboxModule.forRoot({ imports: [Outside] })],
      providers: [Till, EagerTill],
    });
  });

  beforeEach(async () => {
    keys.length = 0;
    await source.getRepository(Row).clear();
  });

  afterAll(async () => {
    await running?.close();
    await source?.destroy();
  });

  here.each(['before', 'after'] as const)(
    'is retried with the same key: one row, counted once (fails %s it was saved)',
    async (when) => {
      const http = new HttpVisitor(running.url);
      const mounted = await http.mount('till');
      const first = await http.ok('till', { state: mounted.state, event: 'pay', seq: 1 });
      expect(first.html).toContain('>1<');

      backend.state.failing = when;
      const body = { state: first.state, event: 'pay', seq: 2 };
      const refused = await http.refused('till', body);
      expect(refused).toMatchObject({
        status: 503,
        error: { code: 'STORE_UNAVAILABLE', retryable: true, consumed: false },
      });
      expect(JSON.stringify(refused)).not.toContain('html');

      const again = await http.ok('till', body);
      expect(again.html).toContain('>2<');
      const [, ...second] = keys;
      expect(second).toEqual(when === 'before' ? [second[0], second[0]] : [second[0]]);
      expect(second[0]).toBe(`${mounted.component_id}:${http.page}:2`);
      expect(await source.getRepository(Row).count()).toBe(2);
      expect(await source.getRepository(ProcessedEvent).countBy({ eventKey: second[0] })).toBe(1);
    },
  );

  here('is not there at a mount, which the handler is told', async () => {
    const answer = await new HttpVisitor(running.url).send('GET', '/components/eager-till');
    expect(answer.reply).toMatchObject({ ok: false, error: { code: 'HANDLER_ERROR' } });
    expect(await source.getRepository(Row).count()).toBe(0);
  });
});
