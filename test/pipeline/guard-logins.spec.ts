import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Injectable,
  Query,
  Render,
  UnauthorizedException,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { LiveComponent, LiveExecutionContext, Revocation, Upload, type LiveCaller } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp, type PlatformName } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { UploadVisitor } from '../e2e/upload.visitor.js';
import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { ENTRANCES, type Visit } from './entrances.js';
import { Counted, TEMPLATE } from './probe.component.js';

/** As any application would write it: whoever the header names is put on the request. */
@Injectable()
class HeaderGuard implements CanActivate {
  static readonly over = new Set<string>();

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string>; user?: object }>();
    const [, name] = /^Bearer (\w+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (name === undefined || HeaderGuard.over.has(name)) throw new UnauthorizedException();
    request.user = { id: name };
    return true;
  }
}

/** Stands behind it, and asks who is there. */
@Injectable()
class Seen implements CanActivate {
  static readonly callers: (LiveCaller | undefined)[] = [];

  canActivate(context: ExecutionContext): boolean {
    const isLive = context.getType<string>() === 'live';
    if (isLive) Seen.callers.push(LiveExecutionContext.create(context).getLive().caller);
    return true;
  }
}

@LiveComponent('desk', { template: TEMPLATE })
class Desk extends Counted {}

@UseGuards(HeaderGuard, Seen)
@LiveComponent('guarded-desk', { template: TEMPLATE })
class GuardedDesk extends Counted {}

@UseGuards(HeaderGuard)
@LiveComponent('folder', { template: '<div>{{#each files}}<p>{{name}}</p>{{/each}}</div>' })
class Folder {
  @Upload({ types: ['text/plain'] }) files: unknown[] = [];
}

@Controller('pages')
@UseGuards(HeaderGuard)
class Pages {
  @Get('desk')
  @Render('desk')
  desk(): object {
    return {};
  }

  @Get('guarded-desk')
  @Render('guarded-desk')
  guarded(): object {
    return {};
  }

  @Get('instance')
  @Render('instance')
  instance(@Query('id') id: string): object {
    return { id };
  }
}

@Controller('open')
class OpenPages {
  @Get('desk')
  @Render('desk')
  desk(): object {
    return {};
  }
}

const PAGES = {
  'desk.hbs': `<main>{{component 'desk'}}</main>`,
  'guarded-desk.hbs': `<main>{{component 'guarded-desk'}}</main>`,
  'instance.hbs': '<main>{{component instance=id}}</main>',
};

interface Place {
  readonly component: string;
  readonly providers: readonly Provider[];
}

const PLACES: Readonly<Record<string, Place>> = {
  'in front of everything': { component: 'desk', providers: [Desk, { provide: APP_GUARD, useClass: HeaderGuard }] },
  'on page and component': { component: 'guarded-desk', providers: [GuardedDesk, Folder] },
};

const bearer = (name: string): Record<string, string> => ({ authorization: `Bearer ${name}` });

const shownTo = async (visitor: HttpVisitor, path: string): Promise<string> => {
  const { text } = await visitor.send('GET', path);
  return /live-state="([^"]+)"/.exec(text)?.[1] ?? '';
};

class Lines {
  readonly all: string[] = [];
  readonly warn = (line: unknown): void => void this.all.push(String(line));
  readonly log = (): void => undefined;
  readonly error = (): void => undefined;
  readonly fatal = (): void => undefined;
}

const start = (
  platform: PlatformName,
  folder: TemporaryFolder,
  { providers, lines, controllers = [Pages] }: Pick<Place, 'providers'> & { lines?: Lines; controllers?: Type[] },
): Promise<RunningApp> =>
  RunningApp.start({
    platform,
    controllers,
    providers,
    logger: lines ?? false,
    options: { rendering: { pages: [folder.path] }, limits: { eventsPerSecondPerCaller: 0 } },
  });

const ROWS = PLATFORMS.flatMap((platform) =>
  Object.entries(PLACES).map(([place, row]) => ({ platform, place, ...row })),
);

describe.each(ROWS)('a login that a guard finds, $place, on $platform', ({ platform, component, providers }) => {
  const folder = new TemporaryFolder(PAGES);
  let running: RunningApp;

  beforeAll(async () => {
    running = await start(platform, folder, { providers });
  });

  afterEach(() => HeaderGuard.over.clear());

  afterAll(async () => {
    await running.close();
    folder.remove();
  });

  const visit = (name: string, arm = (): void => undefined): Visit => ({
    app: running.app,
    url: running.url,
    component,
    headers: bearer(name),
    arm,
  });

  it.each(ENTRANCES)('is the caller of $entry over $transport', async ({ enter }) => {
    const { code, text } = await enter(visit('ada'));
    expect({ code, text }).toEqual({ code: 'ok', text: expect.any(String) as unknown });
  });

  it.each(ENTRANCES)('that is over is refused by its guard at $entry over $transport', async ({ enter, entry }) => {
    const end = (): void => void HeaderGuard.over.add('eve');
    const outcome = enter(visit('eve', end));
    if (entry.startsWith('page helper')) {
      await expect(outcome).rejects.toThrow('401');
      return;
    }
    expect((await outcome).code).toBe('UNAUTHENTICATED');
  });

  it('holds what its page shows: a click and a join of the same user, and of nobody else', async () => {
    const ada = new HttpVisitor(running.url, bearer('ada'));
    const state = await shownTo(ada, `/pages/${component}`);
    const socket = await SocketVisitor.connect(running.url, { headers: bearer('ada') });
    const { component_id } = await socket.ok('join', { component, state, page: socket.page });
    expect((await socket.event(component_id, 'step')).ok).toBe(true);
    const other = await shownTo(ada, `/pages/${component}`);
    expect((await ada.post(component, { state: other, event: 'step' })).reply.ok).toBe(true);
    socket.close();

    const bob = new HttpVisitor(running.url, bearer('bob'));
    expect((await bob.refused(component, { state, event: 'step' })).error.code).toBe('STATE_INVALID');
    const foreign = await SocketVisitor.connect(running.url, { headers: bearer('bob') });
    expect((await foreign.refused('join', { component, state, page: foreign.page })).error.code).toBe('STATE_INVALID');
    foreign.close();

    const nobody = new HttpVisitor(running.url);
    expect((await nobody.refused(component, { state, event: 'step' })).error.code).toBe('UNAUTHENTICATED');
  });

  it('ends its sockets when it is revoked', async () => {
    const socket = await SocketVisitor.connect(running.url, { headers: bearer('kim') });
    await socket.open(component);
    const closed = socket.closed();
    await running.app.get(Revocation).revoke({ userId: 'kim' });
    await closed;
    expect(socket.errors[0]?.error.code).toBe('SESSION_REVOKED');
  });
});

describe.each(PLATFORMS)('behind a guard on %s', (platform) => {
  const folder = new TemporaryFolder({
    'desk.hbs': `<main>{{component 'desk'}}{{component 'guarded-desk'}}</main>`,
  });
  let running: RunningApp;
  let lines: Lines;

  beforeAll(async () => {
    lines = new Lines();
    running = await start(platform, folder, { providers: [Desk, GuardedDesk, Folder], lines });
  });

  afterAll(async () => {
    await running.close();
    folder.remove();
  });

  it('the next one knows whom it has found', async () => {
    Seen.callers.length = 0;
    await new HttpVisitor(running.url, bearer('ada')).mount('guarded-desk');
    expect(Seen.callers.map((caller) => caller?.id)).toEqual(['ada']);
  });

  it('an upload is the user’s, and nobody else brings it', async () => {
    const visitor = await UploadVisitor.open(running.url, 'folder', bearer('ada'));
    const file = { name: 'note.txt', bytes: 'hello there', type: 'text/plain' };
    const { tickets } = await visitor.announce('files', [file]);
    const post = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${running.url}/components/-/upload`, {
        method: 'POST',
        headers: { 'sec-fetch-site': 'same-origin', 'live-upload': tickets[0].token, ...headers },
        body: file.bytes,
      });
    expect((await post(bearer('bob'))).headers.get('live-error')).toBe('UPLOAD_TOKEN_INVALID');
    expect((await post({})).headers.get('live-error')).toBe('UNAUTHENTICATED');
    expect((await post(bearer('ada'))).status).toBe(200);
  });

  it('a page alone: the log says how its component gets to know the user, once', async () => {
    lines.all.length = 0;
    const ada = new HttpVisitor(running.url, bearer('ada'));
    const { text } = await ada.send('GET', '/pages/desk');
    await ada.send('GET', '/pages/desk');
    const told = lines.all.filter((line) => line.includes('A page shows'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('"desk"');
    expect(told[0]).toContain('APP_GUARD');
    expect(text).not.toContain('APP_GUARD');
  });
});

describe.each(PLATFORMS)('a login that middleware finds on %s', (platform) => {
  it('is known to page, click and socket alike, until the middleware knows it no more', async () => {
    const folder = new TemporaryFolder({ 'desk.hbs': `<main>{{component 'desk'}}</main>` });
    const lines = new Lines();
    const over = new Set<string>();
    const running = await RunningApp.start({
      platform,
      controllers: [OpenPages],
      providers: [Desk],
      logger: lines,
      options: { rendering: { pages: [folder.path] } },
      configure: (app) =>
        app.use((request: { headers: Record<string, string>; user?: object }, _: unknown, next: () => void) => {
          const [, name] = /^Bearer (\w+)$/.exec(request.headers.authorization ?? '') ?? [];
          if (name !== undefined && !over.has(name)) request.user = { id: name };
          next();
        }),
    });
    const ada = new HttpVisitor(running.url, bearer('ada'));
    const state = await shownTo(ada, '/open/desk');
    const socket = await SocketVisitor.connect(running.url, { headers: bearer('ada') });
    const joined = await socket.ask('join', { component: 'desk', state, page: socket.page });
    expect(joined.ok).toBe(true);
    const clicked = await ada.post('desk', { state: await shownTo(ada, '/open/desk'), event: 'step' });
    expect(clicked.reply.ok).toBe(true);
    expect(lines.all.filter((line) => line.includes('A page shows'))).toEqual([]);

    await running.app.get(Revocation).recheck();
    expect(socket.socket.connected).toBe(true);
    const closed = socket.closed();
    over.add('ada');
    await running.app.get(Revocation).recheck();
    await closed;
    expect(socket.errors[0]?.error.code).toBe('SESSION_REVOKED');
    await running.close();
    folder.remove();
  });
});
