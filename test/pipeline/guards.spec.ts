import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UseGuards, type INestApplication, type Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { LiveComponent, OnEvent, type LiveErrorCode } from 'nest-live';

import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { ENTRANCES, type Entry } from './entrances.js';
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

/** What a guard may stand in front of; components in a page have a suite of their own. */
const ENTRIES: readonly Entry[] = ['mount', 'event', 'compact', 'join', 'subscribe', 'push', 'poll'];

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

const headers = { 'x-user': 'ada', 'x-probe': 'seen' };

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

  const cells = ENTRANCES.filter(({ entry, transport }) => entries.includes(entry) && transport !== 'html');

  it.each(cells)('decides at $entry over $transport, whatever kind of guard it is', async ({ enter }) => {
    const answers: Record<string, unknown> = {};
    for (const kind of GUARD_KINDS) {
      SwitchedGuard.reset();
      Counted.runs = 0;
      const arm = (): void => {
        SwitchedGuard.seen.length = 0;
        SwitchedGuard.kind = kind;
        Counted.runs = 0;
      };
      answers[kind] = (await enter({ app: running.app, url: running.url, component, headers, arm })).code;
      expect({ kind, calls: SwitchedGuard.seen.length }).toEqual({ kind, calls: 1 });
      expect(SwitchedGuard.seen[0]).toMatchObject({ type: 'live', header: 'seen', user: { id: 'ada' } });
      if (kind !== 'allow') expect({ kind, runs: Counted.runs }).toEqual({ kind, runs: 0 });
    }
    expect(answers).toEqual(CODE);
  });
});
