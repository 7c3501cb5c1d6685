import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UseGuards, type INestApplication, type Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { LiveComponent, LivePublisher, OnEvent, type LiveErrorCode, type Reply } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { StreamVisitor } from '../e2e/stream.visitor.js';
import { Counted, GUARD_KINDS, HeaderCaller, SwitchedGuard, TEMPLATE, type GuardKind } from './probe.component.js';

@UseGuards(SwitchedGuard)
@LiveComponent('by-class', { template: TEMPLATE })
class ByClass extends Counted {}

@LiveComponent('by-method', { template: TEMPLATE })
class ByMethod extends Counted {
  onMount(): void {
    // Mounts are not guarded by the guards of an event's method.
  }

  @UseGuards(SwitchedGuard)
  @OnEvent()
  override step(): void {
    super.step();
  }
}

@LiveComponent('by-mount', { template: TEMPLATE })
class ByMount extends Counted {
  @UseGuards(SwitchedGuard)
  onMount(): void {
    Counted.runs += 1;
  }
}

@LiveComponent('by-app', { template: TEMPLATE })
class ByApp extends Counted {}

interface Scope {
  readonly component: string;
  readonly providers: readonly Provider[];
  readonly configure?: (app: INestApplication) => void;
  /** Entry points this scope stands in front of. */
  readonly entries: readonly Entry[];
}

const ENTRIES = ['mount', 'event', 'compact', 'join', 'subscribe', 'push', 'poll'] as const;
type Entry = (typeof ENTRIES)[number];
type Transport = 'http' | 'socket' | 'stream';

/** Entry points a transport has. */
const ENTRIES_OF: Record<Transport, readonly Entry[]> = {
  http: ['mount', 'event', 'join', 'poll'],
  socket: ['mount', 'event', 'compact', 'join', 'subscribe', 'push'],
  stream: ['join', 'subscribe', 'push'],
};

const SCOPES: Record<string, Scope> = {
  APP_GUARD: {
    component: 'by-app',
    providers: [ByApp, { provide: APP_GUARD, useClass: SwitchedGuard }],
    entries: ENTRIES,
  },
  useGlobalGuards: {
    component: 'by-app',
    providers: [ByApp],
    configure: (app) => app.useGlobalGuards(new SwitchedGuard()),
    entries: ENTRIES,
  },
  class: { component: 'by-class', providers: [ByClass], entries: ENTRIES },
  'event method': { component: 'by-method', providers: [ByMethod], entries: ['event', 'compact'] },
  'mount method': { component: 'by-mount', providers: [ByMount], entries: ['mount'] },
};

const CODE: Record<GuardKind, LiveErrorCode | 'ok'> = {
  allow: 'ok',
  deny: 'FORBIDDEN',
  refuse: 'FORBIDDEN',
  crash: 'HANDLER_ERROR',
  'deny-later': 'FORBIDDEN',
};

const codeOf = (reply: Reply): string => (reply.ok ? 'ok' : reply.error.code);

const USER = { 'x-user': 'ada', 'x-probe': 'seen' };

interface Visit {
  readonly app: INestApplication;
  readonly url: string;
  readonly component: string;
  readonly entry: Entry;
  readonly arm: () => void;
}

/** Gets to an entry point with the guard open, arms it, and says how the entry ended. */
const VISITS: Record<Transport, (visit: Visit) => Promise<string>> = {
  http: async ({ url, component, entry, arm }) => {
    const visitor = new HttpVisitor(url, USER);
    if (entry === 'mount') {
      arm();
      return codeOf((await visitor.send('GET', `/components/${component}`)).reply);
    }
    const { state } = await visitor.mount(component);
    arm();
    if (entry === 'event') return codeOf((await visitor.post(component, { state, event: 'step' })).reply);
    if (entry === 'join') return codeOf((await visitor.post(component, { state })).reply);
    const query = new URLSearchParams({ sub: `${component}:${state}`, page: visitor.page });
    const { text } = await visitor.send('GET', `/components/-/poll?${query.toString()}`);
    return codeOf((JSON.parse(text) as { replies: [Reply] }).replies[0]);
  },
  socket: async ({ app, url, component, entry, arm }) => {
    const visitor = await SocketVisitor.connect(url, { headers: USER });
    try {
      if (entry === 'mount') {
        arm();
        return codeOf(await visitor.ask('mount', { component }));
      }
      const { component_id, state } = await visitor.ok('mount', { component });
      const ticket = { component, component_id, state, page: visitor.page };
      if (entry === 'join') {
        arm();
        return codeOf(await visitor.ask('join', ticket));
      }
      const joined = await visitor.ok('join', ticket);
      arm();
      if (entry === 'subscribe') return codeOf(await visitor.ask('subscribe', { ...ticket, state: joined.state }));
      if (entry === 'event') return codeOf(await visitor.event(component_id, 'step'));
      if (entry === 'compact') return codeOf(await visitor.ask(joined.h!, 1, 'step'));
      await app.get(LivePublisher).push({ instance: component_id });
      const shown = visitor.pushed().then(() => 'ok');
      return await Promise.race([shown, visitor.refusedPush().then(({ error }) => error.code)]);
    } finally {
      visitor.close();
    }
  },
  stream: async ({ app, url, component, entry, arm }) => {
    const visitor = new HttpVisitor(url, USER);
    const { component_id, state } = await visitor.mount(component);
    const query = new URLSearchParams({ sub: `${component}:${state}` });
    // Without a page life the reader is one more who looks, and looks at what is there already.
    if (entry === 'subscribe') query.set('sub', `${component}:${(await visitor.ok(component, { state })).state}`);
    else query.set('page', visitor.page);
    if (entry !== 'push') arm();
    const address = `${url}/components/-/pushes?${query.toString()}`;
    const stream = await StreamVisitor.open({ url: address, cookie: visitor.cookie, headers: USER });
    try {
      if (stream.status !== 200) return (await stream.json()).error.code;
      await stream.got('joined');
      if (entry !== 'push') return 'ok';
      arm();
      await app.get(LivePublisher).push({ instance: component_id });
      const shown = stream.got('component_update').then(() => 'ok');
      return await Promise.race([shown, stream.got('error').then(({ data }) => codeOf(data as Reply))]);
    } finally {
      stream.close();
    }
  },
};

const ROWS = PLATFORMS.flatMap((platform) =>
  Object.entries(SCOPES).map(([scope, row]) => ({ platform, scope, ...row })),
);

describe.each(ROWS)('a guard at $scope on $platform', ({ platform, component, providers, configure, entries }) => {
  let running: RunningApp;

  beforeAll(async () => {
    const options = { callerResolver: HeaderCaller, limits: { eventsPerSecondPerCaller: 0 } };
    running = await RunningApp.start({ platform, providers, configure, options });
  });

  afterAll(() => running.close());

  const cells = (['http', 'socket', 'stream'] as const).flatMap((transport) =>
    entries.filter((entry) => ENTRIES_OF[transport].includes(entry)).map((entry) => ({ transport, entry })),
  );

  it.each(cells)('decides at $entry over $transport, whatever kind of guard it is', async ({ transport, entry }) => {
    const answers: Record<string, unknown> = {};
    for (const kind of GUARD_KINDS) {
      SwitchedGuard.reset();
      Counted.runs = 0;
      const arm = (): void => {
        SwitchedGuard.seen.length = 0;
        SwitchedGuard.kind = kind;
        Counted.runs = 0;
      };
      answers[kind] = await VISITS[transport]({ app: running.app, url: running.url, component, entry, arm });
      expect({ kind, calls: SwitchedGuard.seen.length }).toEqual({ kind, calls: 1 });
      expect(SwitchedGuard.seen[0]).toMatchObject({ type: 'live', header: 'seen', user: { id: 'ada' } });
      if (kind !== 'allow') expect({ kind, runs: Counted.runs }).toEqual({ kind, runs: 0 });
    }
    expect(answers).toEqual(CODE);
  });
});
