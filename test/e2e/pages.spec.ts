import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Param, Render, Req, Res, UseGuards } from '@nestjs/common';
import { ComponentsService, IsAuthenticated, LiveComponent, OnEvent, RequirePermissions, State } from 'nest-live';

import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { HeaderCaller } from '../pipeline/probe.component.js';
import { Counter } from './counter.component.js';
import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

let inside = 0;
let together = 0;

@LiveComponent('slow-tile', { template: '<p>tile {{n}}</p>' })
class SlowTile {
  @State() n = 0;

  async onMount({ n = 0 }: { n?: number }): Promise<void> {
    this.n = n;
    inside += 1;
    together = Math.max(together, inside);
    await new Promise((resolve) => setTimeout(resolve, 20));
    inside -= 1;
  }
}

@LiveComponent('card', { template: '<section><h2>{{title}}</h2>{{slots.default}}</section>' })
class Card {
  @State() title = '';

  onMount({ title = '' }: { title?: string }): void {
    this.title = title;
  }

  @OnEvent()
  rename(): void {
    this.title = 'renamed';
  }
}

@UseGuards(IsAuthenticated)
@LiveComponent('members', { template: '<p>gold</p>' })
class Members {}

@RequirePermissions('orders:read', 'orders:write')
@LiveComponent('orders', { template: '<p>orders</p>' })
class Orders {}

@LiveComponent('broken', { template: '<p>{{nothing}}</p>' })
class Broken {
  onMount(): void {
    throw new Error('hunter2');
  }

  beforeRender(): object {
    return { nothing: '' };
  }
}

const PAGES: Record<string, string> = {
  three:
    "<main>{{component 'counter' start=1}}{{component 'counter' start=2}}{{component 'counter' start=from}}</main>",
  tiles: "<main>{{#each numbers}}{{component 'slow-tile' n=this}}{{/each}}</main>",
  block:
    "<main>{{#component 'card' title='Box'}}<em>{{name}}</em> {{component 'counter' start=7}}{{/component}}</main>",
  refused:
    "<main>{{component 'members'}}<hr>{{component 'counter'}}<hr>{{component 'orders'}}<hr>{{component 'broken'}}{{component 'nobody'}}</main>",
  none: '<main>plain {{name}}</main>',
};

@Controller()
class Pages {
  @Get('three')
  @Render('three')
  three(): object {
    return { from: 3 };
  }

  @Get('tiles')
  @Render('tiles')
  tiles(): object {
    return { numbers: [1, 2, 3, 4, 5, 6] };
  }

  @Get('block')
  @Render('block')
  block(): object {
    return { name: '<Ada>' };
  }

  @Get('refused')
  @Render('refused')
  refused(): object {
    return {};
  }

  @Get('none')
  @Render('none')
  none(): object {
    return { name: 'Ada' };
  }

  constructor(private readonly components: ComponentsService) {}

  @Get('raw/:start')
  async raw(
    @Param('start') start: string,
    @Req() request: object,
    @Res({ passthrough: true }) response: object,
  ): Promise<string> {
    const props = { start: Number(start) };
    return `<article>${await this.components.render('counter', props, { request, response })}</article>`;
  }
}

const mountedIn = (html: string) =>
  [...html.matchAll(/<\w+ live-state="([^"]+)" live-id="([^"]+)" live-component="([^"]+)"/g)].map(
    ([, state, component_id, component]) => ({ state, component_id, component }),
  );

describe.each(PLATFORMS)('components in pages on %s', (platform) => {
  const folder = new TemporaryFolder(
    Object.fromEntries(Object.entries(PAGES).map(([name, text]) => [`${name}.hbs`, text])),
  );
  let running: RunningApp;
  let visitor: HttpVisitor;

  beforeAll(async () => {
    running = await RunningApp.start({
      platform,
      controllers: [Pages],
      providers: [Counter, SlowTile, Card, Members, Orders, Broken],
      options: { callerResolver: HeaderCaller, rendering: { pages: [folder.path] } },
    });
  });

  beforeEach(() => {
    visitor = new HttpVisitor(running.url);
  });

  afterAll(async () => {
    await running.close();
    folder.remove();
  });

  it('are each an instance of their own, with the props of the page', async () => {
    const { text, status } = await visitor.send('GET', '/three');
    expect(status).toBe(200);
    const mounted = mountedIn(text);
    expect(new Set(mounted.map(({ component_id }) => component_id)).size).toBe(3);
    expect([...text.matchAll(/<output>(\d)</g)].map(([, count]) => count)).toEqual(['1', '2', '3']);
    const [first, second] = mounted;
    expect((await visitor.ok('counter', { state: first.state, event: 'increment' })).html).toContain(
      '<output>2</output>',
    );
    expect((await visitor.ok('counter', { state: second.state, event: 'increment' })).html).toContain(
      '<output>3</output>',
    );
  });

  it('are joined by a socket that has the cookie of the page', async () => {
    const { text } = await visitor.send('GET', '/three');
    const [{ state, component_id }] = mountedIn(text);
    const socket = await SocketVisitor.connect(running.url, { headers: { cookie: visitor.cookie } });
    const joined = await socket.ok('join', { component: 'counter', component_id, state, page: socket.page });
    expect(joined).toMatchObject({ version: 0, h: 1 });
    expect(joined.html).toBeUndefined();
    socket.close();
  });

  it('get one anonymous cookie per visitor, and none where nothing is mounted', async () => {
    const first = await visitor.send('GET', '/three');
    expect(first.headers.getSetCookie()).toHaveLength(1);
    expect(first.headers.getSetCookie()[0]).toMatch(/^nest_live=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax$/);
    expect((await visitor.send('GET', '/three')).headers.getSetCookie()).toEqual([]);
    expect((await new HttpVisitor(running.url).send('GET', '/none')).headers.getSetCookie()).toEqual([]);
    const forged = new HttpVisitor(running.url, { cookie: 'nest_live=forged.forged' });
    expect((await forged.send('GET', '/three')).headers.getSetCookie()).toHaveLength(1);
    const ada = new HttpVisitor(running.url, { 'x-user': 'ada' });
    expect((await ada.send('GET', '/three')).headers.getSetCookie()).toEqual([]);
  });

  it('are mounted side by side', async () => {
    together = 0;
    const { text } = await visitor.send('GET', '/tiles');
    expect(text.match(/tile \d/g)).toEqual(['tile 1', 'tile 2', 'tile 3', 'tile 4', 'tile 5', 'tile 6']);
    expect(together).toBe(6);
  });

  it('take a block as their default slot, escaped by the page, and keep it after an event', async () => {
    const { text } = await visitor.send('GET', '/block');
    expect(text).toContain('<h2>Box</h2><em>&lt;Ada&gt;</em> <div live-state=');
    expect(text).toContain('<output>7</output>');
    const [card] = mountedIn(text);
    const { html } = await visitor.ok('card', { state: card.state, event: 'rename' });
    expect(html).toContain('<h2>renamed</h2><em>&lt;Ada&gt;</em>');
  });

  it('that are refused show their notice in a page that stays 200', async () => {
    const { text, status } = await visitor.send('GET', '/refused');
    expect(status).toBe(200);
    const codes = [...text.matchAll(/data-code="(\w+)"/g)].map(([, code]) => code);
    expect(codes).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED', 'HANDLER_ERROR', 'UNKNOWN_COMPONENT']);
    expect(text).toContain('<output>0</output>');
    expect(text).not.toMatch(/gold|hunter2|live-[0-9a-f]{32}/);

    const ada = new HttpVisitor(running.url, { 'x-user': 'ada', 'x-permissions': 'orders:read' });
    const halfway = (await ada.send('GET', '/refused')).text;
    expect(halfway).toContain('gold');
    expect(halfway).toMatch(/data-code="FORBIDDEN"/);
    const full = { 'x-user': 'ada', 'x-permissions': 'orders:write,orders:read' };
    expect((await new HttpVisitor(running.url, full).send('GET', '/refused')).text).toContain('<p live-state=');
  });

  it('are rendered by the service too', async () => {
    const { text } = await visitor.send('GET', '/raw/9');
    const [{ state }] = mountedIn(text);
    expect(text).toContain('<output>9</output>');
    expect((await visitor.ok('counter', { state, event: 'increment' })).html).toContain('<output>10</output>');
  });

  it('of two visitors at once do not see each other', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `user${i}`);
    const pages = await Promise.all(
      names.map(async (name) => {
        const own = new HttpVisitor(running.url, { 'x-user': name });
        const [{ state }] = mountedIn((await own.send('GET', '/three')).text);
        return { own, state };
      }),
    );
    const [a, b] = pages;
    expect((await a.own.ok('counter', { state: a.state, event: 'increment' })).version).toBe(1);
    expect((await b.own.refused('counter', { state: a.state, event: 'increment' })).error.code).toBe('STATE_INVALID');
  });
});
