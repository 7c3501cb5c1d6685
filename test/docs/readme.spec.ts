import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication, Type } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test, type TestingModule } from '@nestjs/testing';
import { ComponentsModule, type OkReply } from 'nest-live';
import { io, type Socket } from 'socket.io-client';

import { PageVisitor } from './page-visitor.js';
import { SampleApp } from './sample-app.js';

const PLATFORMS = ['express', 'fastify'] as const;
type Platform = (typeof PLATFORMS)[number];

async function listen(sample: SampleApp, platform: Platform) {
  const { AppModule } = await sample.import<{ AppModule: Type }>('app.module.ts');
  const app = await start(await Test.createTestingModule({ imports: [AppModule] }).compile(), platform);
  return { app, url: await app.getUrl() };
}

async function start(module: TestingModule, platform: Platform): Promise<INestApplication> {
  const app: INestApplication =
    platform === 'fastify'
      ? module.createNestApplication<NestFastifyApplication>(new FastifyAdapter())
      : module.createNestApplication();
  await app.listen(0, '127.0.0.1');
  return app;
}

describe.each(PLATFORMS)('the README on %s', (platform) => {
  let sample: SampleApp;
  let app: INestApplication;
  let url: string;

  beforeAll(async () => {
    sample = new SampleApp('README.md');
    ({ app, url } = await listen(sample, platform));
  });

  afterAll(async () => {
    await app.close();
    sample.remove();
  });

  it('shows two counters in its page', async () => {
    const { status, html, mounted } = await new PageVisitor(url).open();
    expect(status).toBe(200);
    expect(html).toContain('<title>Two counters</title>');
    expect(html).toMatch(/<script src="\/components\/-\/client\.[0-9a-f]{16}\.js" defer>/);
    expect(mounted.map(({ component }) => component)).toEqual(['counter', 'counter']);
    expect(html.match(/<output>\d+<\/output>/g)).toEqual(['<output>5</output>', '<output>0</output>']);
  });

  it('counts each of them by itself', async () => {
    const visitor = new PageVisitor(url);
    const { mounted } = await visitor.open();
    const [first, second] = mounted;
    const one = await visitor.emit(first, 'increment');
    expect(one).toMatchObject({ ok: true, version: 1, html: expect.stringContaining('<output>6</output>') });
    const five = await visitor.emit(second, 'add', { by: 5 });
    expect(five).toMatchObject({ ok: true, version: 1, html: expect.stringContaining('<output>5</output>') });
  });

  it('refuses a step that its DTO refuses', async () => {
    const visitor = new PageVisitor(url);
    const { mounted } = await visitor.open();
    const refused = await visitor.emit(mounted[0], 'add', { by: 50 });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'VALIDATION_FAILED', fields: { by: [expect.anything()] } },
    });
  });
});

describe.each(PLATFORMS)('the tutorial on %s', (platform) => {
  let sample: SampleApp;
  let app: INestApplication;
  let url: string;

  beforeAll(async () => {
    sample = new SampleApp('docs/tutorial/getting-started.md');
    ({ app, url } = await listen(sample, platform));
  });

  afterAll(async () => {
    await app.close();
    sample.remove();
  });

  it('adds, ticks off and hides a task', async () => {
    const visitor = new PageVisitor(url);
    const { html, mounted } = await visitor.open();
    expect(html).toContain('Nothing to do.');
    const [list] = mounted;

    const added = (await visitor.emit(list, 'add', { title: 'Write docs' })) as OkReply;
    expect(added.html).toContain('Write docs');
    expect(added.html).toContain('<p>1 open</p>');
    const [, id] = /live-value-id="([^"]+)"/.exec(added.html ?? '') ?? [];

    const done = (await visitor.emit({ ...list, state: added.state! }, 'toggle', { id, value: true })) as OkReply;
    expect(done.html).toMatch(/type="checkbox"[^>]* checked/);
    expect(done.html).toContain('<p>0 open</p>');

    const hidden = (await visitor.emit({ ...list, state: done.state! }, 'filter')) as OkReply;
    expect(hidden.html).not.toContain('Write docs');
  });

  it('refuses a short title with the sentence of the tutorial, and goes on', async () => {
    const visitor = new PageVisitor(url);
    const { mounted } = await visitor.open();
    const refused = await visitor.emit(mounted[0], 'add', { title: 'ab' });
    expect(refused).toMatchObject({
      ok: false,
      error: {
        code: 'VALIDATION_FAILED',
        message: 'Some values are not valid.',
        fields: { title: ['title must be longer than or equal to 3 characters'] },
      },
    });
    expect(await visitor.emit(mounted[0], 'add', { title: 'abc' })).toMatchObject({ ok: true });
  });

  it('shows what another program adds in an open page', async () => {
    const visitor = new PageVisitor(url);
    const { mounted } = await visitor.open();
    const { component_id, state } = mounted[0];
    const socket: Socket = io(url, {
      path: '/components/-/socket',
      transports: ['websocket'],
      extraHeaders: { origin: url, cookie: visitor.cookie },
    });
    try {
      const joined = (await socket.emitWithAck('join', { component: 'task-list', component_id, state })) as OkReply;
      expect(joined).toMatchObject({ ok: true, h: 1 });
      const pushed = new Promise<{ readonly html: string }>((resolve) => socket.once('component_update', resolve));
      const posted = await fetch(`${url}/tasks`, {
        method: 'POST',
        body: new URLSearchParams({ title: 'From the shell' }),
      });
      expect(posted.status).toBe(201);
      expect((await pushed).html).toContain('From the shell');
    } finally {
      socket.disconnect();
    }
  });

  it('asks for a sign-in in place, and lets Ada delete everything', async () => {
    const visitor = new PageVisitor(url);
    const before = await visitor.open();
    expect(before.status).toBe(200);
    expect(before.html).toContain('Sign in to continue.');
    expect(before.mounted.map(({ component }) => component)).toEqual(['task-list']);

    expect((await visitor.fetch('/sign-in', { method: 'POST' })).status).toBe(303);
    const { mounted } = await visitor.open();
    const admin = mounted.find(({ component }) => component === 'task-admin');
    expect(await visitor.emit(admin!, 'clear')).toMatchObject({ ok: true });
    expect((await visitor.open()).html).toContain('Nothing to do.');
  });
});

describe.each(PLATFORMS)('the htmx counter on %s', (platform) => {
  let sample: SampleApp;
  let app: INestApplication;
  let url: string;

  beforeAll(async () => {
    sample = new SampleApp('docs/guides/http-and-htmx.md');
    const { Counter } = await sample.import<{ Counter: Type }>('counter.component.ts');
    const module = await Test.createTestingModule({
      imports: [ComponentsModule.forRoot()],
      providers: [Counter],
    }).compile();
    app = await start(module, platform);
    url = await app.getUrl();
  });

  afterAll(async () => {
    await app.close();
    sample.remove();
  });

  it('is refused in words, and goes on with the fields it has', async () => {
    const visitor = new PageVisitor(url);
    const post = async (html: string, fields: Record<string, string>): Promise<Response> =>
      visitor.fetch('/components/counter', {
        method: 'POST',
        headers: { 'hx-request': 'true' },
        body: new URLSearchParams({ ...hiddenInputs(html), ...fields }),
      });
    const mounted = await (
      await visitor.fetch('/components/counter?start=3', { headers: { 'hx-request': 'true' } })
    ).text();

    const refused = await post(mounted, { event: 'add', by: '50' });
    expect(refused.status).toBe(422);
    const shown = await refused.text();
    expect(shown).toContain('by must not be greater than 10');
    expect(shown).toContain('<output>3</output>');
    expect(shown).toContain('<input name="by" value="50" aria-label="Step">');

    const first = await (await post(shown, { event: 'add', by: '5' })).text();
    expect(first).toContain('<output>8</output>');
    const second = await (await post(first, { event: 'increment' })).text();
    expect(second).toContain('<output>9</output>');
    // What a browser shows again of before goes on with the same counter.
    expect(await (await post(mounted, { event: 'increment' })).text()).toContain('<output>10</output>');
    expect(await (await post(first, { event: 'increment' })).text()).toContain('<output>11</output>');
  });
});

const hiddenInputs = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
