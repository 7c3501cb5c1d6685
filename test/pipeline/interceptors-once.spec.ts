import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Injectable,
  Render,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import { APP_INTERCEPTOR, HttpAdapterHost } from '@nestjs/core';
import { ComponentsModule, LiveComponent, LiveExecutionContext, OnEvent, State, type Reply } from 'nest-live';
import { catchError, concat, last, map, of, retry, tap, timeout, type Observable } from 'rxjs';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { WAYS } from '../e2e/two-ways.js';
import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';

type Through = (next: CallHandler) => Observable<unknown>;

const through = (pass: Through): Type<NestInterceptor> => {
  @Injectable()
  class Through implements NestInterceptor {
    intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
      return pass(next);
    }
  }
  return Through;
};

/** As `CacheInterceptor` of `@nestjs/cache-manager` does it: answers to GET are kept by their address. */
@Injectable()
class KeepsByAddress implements NestInterceptor {
  readonly kept = new Map<string, unknown>();

  constructor(private readonly host: HttpAdapterHost) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { httpAdapter } = this.host;
    const request = context.switchToHttp().getRequest<{ method: string }>();
    const isGet = [request.method, httpAdapter.getRequestMethod(request)].includes('GET');
    return isGet ? keep(this.kept, httpAdapter.getRequestUrl(request) as string, next) : next.handle();
  }
}

/** As of a guide: by class and handler, whatever it is. */
@Injectable()
class KeepsByHandler implements NestInterceptor {
  private readonly kept = new Map<string, unknown>();

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { id } = LiveExecutionContext.create(context).getLive();
    return keep(this.kept, `${id} ${context.getHandler().name}`, next);
  }
}

const keep = (all: Map<string, unknown>, key: string, next: CallHandler): Observable<unknown> =>
  all.has(key) ? of(all.get(key)) : next.handle().pipe(tap((value) => all.set(key, value ?? 'kept')));

const runs: string[] = [];
const fails = { times: 0 };

/** Changes the state, and fails afterwards as often as it is told to. */
const change = (tally: Tally, name: string): void => {
  runs.push(name);
  tally.count += 1;
  tally.log.push(name);
  if (fails.times > 0) {
    fails.times -= 1;
    throw new Error('after it has changed everything');
  }
};

@LiveComponent('tally', { template: '<div><output>{{count}}</output>{{#each log}}<i>{{this}}</i>{{/each}}</div>' })
class Tally {
  @State() count = 0;
  @State() log: string[] = [];

  @OnEvent()
  plain(): void {
    change(this, 'plain');
  }

  @OnEvent()
  @UseInterceptors(KeepsByHandler)
  kept(): void {
    change(this, 'kept');
  }

  @OnEvent()
  @UseInterceptors(through((next) => next.handle().pipe(retry(2))))
  retried(): void {
    change(this, 'retried');
  }

  @OnEvent()
  @UseInterceptors(through((next) => concat(next.handle(), next.handle()).pipe(last(undefined, undefined))))
  async twice(): Promise<void> {
    await Promise.resolve();
    change(this, 'twice');
  }

  @OnEvent()
  @UseInterceptors(through((next) => next.handle().pipe(timeout(30))))
  async late(): Promise<void> {
    change(this, 'late');
    await new Promise((resolve) => setTimeout(resolve, 300));
    this.count = 99;
  }

  @OnEvent()
  @UseInterceptors(
    through((next) =>
      next.handle().pipe(
        timeout(30),
        catchError(() => of('instead')),
      ),
    ),
  )
  hushed(): Promise<void> {
    return this.late();
  }

  @OnEvent()
  @UseInterceptors(through((next) => next.handle().pipe(map(() => ({ count: 99 })))))
  mapped(): void {
    change(this, 'mapped');
  }

  @OnEvent()
  @UseInterceptors(through((next) => next.handle().pipe(catchError(() => of('instead')))))
  swallowed(): void {
    change(this, 'swallowed');
  }
}

interface Case {
  readonly event: string;
  /** How often the method itself fails. */
  readonly fails: number;
  /** What becomes of two of them. */
  readonly answers: readonly ('ok' | 'HANDLER_ERROR' | 'HANDLER_TIMEOUT')[];
}

const CASES: readonly Case[] = [
  { event: 'plain', fails: 0, answers: ['ok', 'ok'] },
  { event: 'plain', fails: 1, answers: ['HANDLER_ERROR', 'ok'] },
  { event: 'kept', fails: 0, answers: ['ok', 'HANDLER_ERROR'] },
  { event: 'retried', fails: 0, answers: ['ok', 'ok'] },
  { event: 'retried', fails: 2, answers: ['ok', 'ok'] },
  { event: 'retried', fails: 4, answers: ['HANDLER_ERROR', 'ok'] },
  { event: 'twice', fails: 0, answers: ['ok', 'ok'] },
  { event: 'late', fails: 0, answers: ['HANDLER_ERROR', 'HANDLER_ERROR'] },
  { event: 'hushed', fails: 0, answers: ['HANDLER_ERROR', 'HANDLER_ERROR'] },
  { event: 'mapped', fails: 0, answers: ['ok', 'ok'] },
  { event: 'swallowed', fails: 1, answers: ['HANDLER_ERROR', 'ok'] },
];

const codeOf = (reply: Reply): string => (reply.ok ? 'ok' : reply.error.code);
const shown = (html = ''): readonly [count: number, logged: number] => [
  Number(/<output>(\d+)/.exec(html)?.[1]),
  html.match(/<i>/g)?.length ?? 0,
];

@Controller()
class Pages {
  @Get('page')
  @Render('page')
  page(): object {
    return { title: 'of a controller' };
  }
}

@LiveComponent('greeting', { template: '<p>{{greeting}}</p>' })
class Greeting {
  @State() greeting = 'nobody was asked';

  onMount(): void {
    this.greeting = 'mounted';
  }
}

describe.each(PLATFORMS)('each acknowledged event changes the state once on %s', (platform) => {
  let running: RunningApp;
  let views: TemporaryFolder;

  beforeAll(async () => {
    views = new TemporaryFolder({
      'page.hbs': "<!doctype html><html><body>{{title}} {{component 'greeting'}}</body></html>",
    });
    running = await RunningApp.start({
      platform,
      root: ComponentsModule.forRoot({ rendering: { pages: [views.path] }, limits: { maxLoopLagMs: 0 } }),
      providers: [Tally, Greeting, { provide: APP_INTERCEPTOR, useClass: KeepsByAddress }],
      controllers: [Pages],
    });
  });

  beforeEach(() => {
    runs.length = 0;
    fails.times = 0;
  });

  afterAll(async () => {
    await running.close();
    views.remove();
  });

  describe.each(WAYS)('over $way', ({ open }) => {
    it.each(CASES)(
      'whatever stands around $event, which fails $fails times',
      async ({ event, fails: times, answers }) => {
        const driver = await open(running.url, 'tally');
        fails.times = times;
        const replies = [await driver.send({ event }), await driver.send({ event })];
        expect(replies.map(codeOf)).toEqual(answers);
        fails.times = 0;
        const after = await driver.send({ event: 'plain' });
        const done = answers.filter((answer) => answer === 'ok').length + 1;
        expect(after).toMatchObject({ ok: true, version: done });
        expect(shown(after.ok ? after.html : '')).toEqual([done, done]);
        driver.close();
      },
    );

    it('is not taken for a GET by what keeps answers', async () => {
      const driver = await open(running.url, 'tally');
      for (const count of [1, 2, 3]) {
        expect(await driver.send({ event: 'plain' })).toMatchObject({
          ok: true,
          html: expect.stringContaining(`<output>${count}</output>`),
        });
      }
      expect(runs).toEqual(['plain', 'plain', 'plain']);
      driver.close();
    });
  });

  it('mounts the components of a page whose controller is answered for by a cache', async () => {
    for (const again of [false, true]) {
      const { status, text } = await new HttpVisitor(running.url).send('GET', '/page');
      expect({ again, status }).toEqual({ again, status: 200 });
      expect(text).toContain('of a controller');
      expect(text).toContain('mounted');
    }
  });

  it('mounts anew what is asked for by the same address', async () => {
    for (const visitor of [new HttpVisitor(running.url), new HttpVisitor(running.url)]) {
      expect((await visitor.mount('greeting')).html).toContain('mounted');
    }
  });
});
