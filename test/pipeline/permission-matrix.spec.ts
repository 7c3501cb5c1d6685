import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Query, Render, UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import {
  AccessControl,
  CallerResolver,
  LIVE_CONTEXT,
  LiveComponent,
  LiveExecutionContext,
  ModelPermission,
  OnEvent,
  RequirePermissions,
  type CallerInit,
  type CallerRequest,
} from 'nest-live';

import { PLATFORMS, RunningApp, type AppPlan } from '../e2e/running-app.js';
import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { ENTRANCES, type Entry } from './entrances.js';
import { Counted, TEMPLATE } from './probe.component.js';

const NEEDED = 'desk:use';

@RequirePermissions(NEEDED)
@LiveComponent('by-class', { template: TEMPLATE })
class ByClass extends Counted {}

@LiveComponent('by-handler', { template: TEMPLATE })
class ByHandler extends Counted {
  @UseGuards(ModelPermission(NEEDED))
  onMount(): void {
    Counted.runs += 1;
  }

  @OnEvent()
  @RequirePermissions(NEEDED)
  override step(): void {
    super.step();
  }

  @OnEvent()
  @RequirePermissions(NEEDED)
  override async *drip(): AsyncGenerator<void> {
    yield* super.drip();
  }
}

@LiveComponent('by-app', { template: TEMPLATE })
class ByApp extends Counted {}

/** An application's own, which leaves its controllers alone. */
class DeskGuard implements CanActivate {
  constructor(private readonly access: AccessControl) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (context.getType<string>() !== LIVE_CONTEXT) return true;
    return this.access.permits(LiveExecutionContext.create(context).getLive().caller, NEEDED);
  }
}

interface Place extends Pick<AppPlan, 'providers' | 'options'> {
  readonly component: string;
  /** Entry points this place stands in front of. */
  readonly stands: (entry: Entry) => boolean;
}

const always = (): boolean => true;

const PLACES: Readonly<Record<string, Place>> = {
  class: { component: 'by-class', providers: [ByClass], stands: always },
  handler: {
    component: 'by-handler',
    providers: [ByHandler],
    stands: (entry) => ['mount', 'page helper', 'event', 'compact', 'streamed event'].includes(entry),
  },
  'global guard': {
    component: 'by-app',
    providers: [
      ByApp,
      { provide: APP_GUARD, inject: [AccessControl], useFactory: (access: AccessControl) => new DeskGuard(access) },
    ],
    stands: always,
  },
  'default policy': {
    component: 'by-app',
    providers: [ByApp],
    options: { defaultPolicy: ModelPermission(NEEDED) },
    stands: always,
  },
};

/** A person who is not there, one who lacks the permission, one who has it. */
const PEOPLE = {
  anonymous: { code: 'UNAUTHENTICATED', status: 401 },
  denied: { code: 'FORBIDDEN', status: 403 },
  allowed: { code: 'ok', status: 200 },
} as const;

type Who = keyof typeof PEOPLE;

/** Everybody may, so that there is an instance, until the moment that is tested. */
const deprived = new Set<unknown>();
let people = 0;

class Visitors extends CallerResolver {
  resolve({ headers }: CallerRequest): CallerInit {
    const { 'x-visitor': name, 'x-who': who } = headers;
    const user = who === 'anonymous' ? null : { id: name };
    return { user, sessionId: `session-of-${String(name)}`, permissions: deprived.has(name) ? [] : [NEEDED] };
  }
}

@Controller('pages')
class Pages {
  @Get('by-class')
  @Render('by-class')
  byClass(): object {
    return {};
  }

  @Get('by-handler')
  @Render('by-handler')
  byHandler(): object {
    return {};
  }

  @Get('by-app')
  @Render('by-app')
  byApp(): object {
    return {};
  }

  @Get('instance')
  @Render('instance')
  instance(@Query('id') id: string): object {
    return { id };
  }
}

const page = (shown: string): string => `<main>before {{component ${shown}}} after</main>`;
const TYPES = { http: 'application/json', html: 'text/html', stream: 'application/json', socket: undefined };

const ROWS = PLATFORMS.flatMap((platform) =>
  Object.entries(PLACES).map(([place, row]) => ({ platform, place, ...row })),
);
const CELLS = ENTRANCES.flatMap((entrance) => (Object.keys(PEOPLE) as Who[]).map((who) => ({ ...entrance, who })));

describe.each(ROWS)('a permission asked by $place on $platform', ({ platform, component, stands, ...plan }) => {
  const names = ['by-class', 'by-handler', 'by-app'].map((name) => [`${name}.hbs`, page(`'${name}'`)]);
  const folder = new TemporaryFolder({ ...Object.fromEntries(names), 'instance.hbs': page('instance=id') });
  let running: RunningApp;

  beforeAll(async () => {
    const limits = { eventsPerSecondPerCaller: 0, maxConnectionsPerIp: 0 };
    const rendering = { pages: [folder.path] };
    running = await RunningApp.start({
      platform,
      controllers: [Pages],
      providers: plan.providers,
      options: { ...plan.options, callerResolver: Visitors, limits, rendering },
    });
  });

  afterAll(async () => {
    await running.close();
    folder.remove();
  });

  it.each(CELLS)('is $who at $entry over $transport', async ({ entry, transport, who, enter }) => {
    const name = `v${(people += 1)}`;
    const arm = (): void => {
      if (who !== 'allowed') deprived.add(name);
      Counted.runs = 0;
    };
    const { app, url } = running;
    const headers = { 'x-visitor': name, 'x-who': who };
    const { code, text, status, type, location } = await enter({ app, url, component, headers, arm });

    const isRefused = who !== 'allowed' && stands(entry);
    expect(code).toBe(isRefused ? PEOPLE[who].code : 'ok');
    expect(location ?? null).toBeNull();
    if (!isRefused) {
      // Whoever joins what its page shows already is sent no HTML.
      if (!['join', 'poll'].includes(entry)) expect(text).toContain('<output>');
      return;
    }
    expect(Counted.runs).toBe(0);
    if (status !== undefined) expect([status, type]).toEqual([PEOPLE[who].status, TYPES[transport]]);
    // A refused event leaves a page without script what may still be seen of the component.
    if (stands('join')) expect(text).not.toContain('<output>');
  });
});
