import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Render, UseGuards, type CanActivate } from '@nestjs/common';
import { LiveComponent, OnEvent, Payload, State, type ComponentsOptions } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';

const REASON = 'the cellar <b>is</b> flooded';

@Injectable()
class Nobody implements CanActivate {
  canActivate(): boolean {
    throw new Error(REASON);
  }
}

@LiveComponent('cellar', {
  template: `<section><output>{{bottles}}</output><form live-submit="fetch"><input name="many"><button>Fetch</button></form></section>`,
})
class Cellar {
  @State() bottles = 3;

  @OnEvent()
  fetch(@Payload('many') many: string): void {
    if (many !== '0') throw new Error(REASON);
  }
}

@LiveComponent('vault', { template: '<p>open</p>' })
@UseGuards(Nobody)
class Vault {}

@Controller()
class Pages {
  @Get('house')
  @Render('house')
  house(): object {
    return {};
  }
}

/** What somebody is told who asks in every way. */
const told = async (url: string): Promise<Readonly<Record<string, string>>> => {
  const http = new HttpVisitor(url);
  const page = (await http.send('GET', '/house')).text;
  const { state } = await http.mount('cellar');
  const socket = await SocketVisitor.connect(url);
  const { component_id } = await socket.open('cellar');
  const html = { 'hx-request': 'true' };
  const hidden = (name: string): string => new RegExp(`name="\\${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';
  const inputs = ['$state', '$page', '$place', '$at', '$event'].map((name) => [name, hidden(name)]);
  const form = { ...(Object.fromEntries(inputs) as Record<string, string>), many: '7' };
  await http.form('cellar', form, { 'sec-fetch-mode': 'navigate', accept: 'text/html' });
  const answers = {
    page,
    'the page after a form': (await http.send('GET', '/house')).text,
    'an event over HTTP': (await http.post('cellar', { state, event: 'fetch', payload: { many: '7' } })).text,
    'an event of htmx': (await http.form('cellar', { state, event: 'fetch', many: '7', page: http.page }, html)).text,
    'a mount over HTTP': (await http.send('GET', '/components/vault')).text,
    'an event on a socket': JSON.stringify(await socket.event(component_id, 'fetch', { payload: { many: '7' } })),
    'a mount on a socket': JSON.stringify(await socket.ask('mount', { component: 'vault', params: {} })),
  };
  socket.close();
  return answers;
};

describe.each(PLATFORMS)('the reason of a refusal on %s', (platform) => {
  const folder = new TemporaryFolder({ 'house.hbs': `<main>{{component 'cellar'}}{{component 'vault'}}</main>` });
  const env = process.env.NODE_ENV;
  let running: RunningApp;

  const open = async (options: ComponentsOptions = {}, development?: boolean): Promise<void> => {
    running = await RunningApp.start({
      platform,
      controllers: [Pages],
      providers: [Cellar, Vault],
      options: { ...options, rendering: { pages: [folder.path], development } },
    });
  };

  afterEach(async () => {
    process.env.NODE_ENV = env;
    await running.close();
  });

  afterAll(() => folder.remove());

  it('stands in the page in development, escaped, whichever way was asked', async () => {
    await open({}, true);
    for (const [way, text] of Object.entries(await told(running.url))) {
      const isHtml = text.startsWith('<');
      expect([way, text]).toEqual([way, expect.stringContaining(isHtml ? 'cellar &lt;b&gt;is&lt;/b&gt;' : REASON)]);
    }
  });

  it('stands there where nothing says which kind of environment it is', async () => {
    delete process.env.NODE_ENV;
    await open();
    expect((await told(running.url)).page).toContain('flooded');
  });

  it('does not stand beside messages about fields, which say it', async () => {
    await open({}, true);
    const http = new HttpVisitor(running.url);
    const { state } = await http.mount('cellar');
    const { error } = await http.refused('cellar', { event: 'fetch', state, payload: { many: 'x'.repeat(40_000) } });
    expect(error.fields).toBeDefined();
    expect(error.message).toMatch(/\w\.$/);
  });

  describe('in production', () => {
    const keys = [{ kid: 'own', secret: 'a key of this test alone, long enough to be one' }];

    it.each([
      ['by NODE_ENV', 'production', { keys }, undefined],
      ['by NODE_ENV, whatever rendering says', 'production', { keys, production: false }, true],
      ['by the option, whatever rendering says', 'test', { keys, production: true }, true],
      ['by rendering', 'development', { keys }, false],
    ] as const)('is never told (%s)', async (_title, kind, options, development) => {
      process.env.NODE_ENV = kind;
      await open(options, development);
      for (const [way, text] of Object.entries(await told(running.url))) {
        expect([way, text]).toEqual([way, expect.not.stringContaining('flooded')]);
      }
    });
  });
});
