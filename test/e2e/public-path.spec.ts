import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { ComponentsOptions } from 'nest-live';

import { addresses, closeFolder, socketAt, startGate, under, Warnings } from './gate.js';
import { HttpVisitor } from './http.visitor.js';
import { PlainBrowser } from './plain.browser.js';
import { PLATFORMS, type AppPlan, type RunningApp } from './running-app.js';

let running: RunningApp | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

afterAll(closeFolder);

const start = async (options: ComponentsOptions, plan?: AppPlan): Promise<RunningApp> =>
  (running = await startGate(options, plan));

const TARGETS: readonly (readonly [said: string, address: string])[] = [
  ['/done', '/app/done'],
  ['/', '/app/'],
  ['/done?next=/x#part', '/app/done?next=/x#part'],
  // What says the path already is not given it twice; what only begins with the same letters is.
  ['/app/done', '/app/done'],
  ['/app', '/app'],
  ['/apple', '/app/apple'],
  ['?q=1', '?q=1'],
];

describe.each(PLATFORMS)('a public path on %s', (platform) => {
  it('stands in front of every address, whether a proxy takes it away or leaves it', async () => {
    const { url } = await start({ publicPath: '/app' }, { platform });
    expect(await addresses(`${url}/page`)).toEqual(expect.arrayContaining(under('/app')));
    for (const path of ['/components', '/app/components']) {
      expect([path, (await fetch(`${url}${path}/gate`)).status]).toEqual([path, 200]);
      expect([path, (await fetch(`${url}${path}/-/health/live`)).status]).toEqual([path, 200]);
      expect(await socketAt(url, `${path}/-/socket`)).toMatchObject({ ok: true });
    }
  });

  it('stands in front of redirects, in answers, for htmx and for forms without scripts', async () => {
    const { url } = await start({ publicPath: '/app' }, { platform });
    const visitor = new HttpVisitor(url);
    for (const [to, address] of TARGETS) {
      const { state } = await visitor.mount('gate');
      const { effects } = await visitor.ok('gate', { state, event: 'go', payload: { to } });
      expect(effects.redirect).toEqual({ to: address });
    }
    const { state } = await visitor.mount('gate');
    const body = { state, event: 'go', payload: { to: '/done' } };
    const { headers } = await visitor.post('gate', body, { accept: 'text/html', 'hx-request': 'true' });
    expect(headers.get('hx-redirect')).toBe('/app/done');

    // As a browser behind a proxy that takes the path away: its pages are under the path, what is asked for is not.
    const browser = new PlainBrowser(url);
    await browser.goto('/page');
    const [form] = browser.forms();
    expect(form.action).toBe('/app/components/gate');
    browser.headers = { referer: `${url}/app/page` };
    const gone = await browser.send('POST', '/components/gate', browser.bodyOf(form, { to: '/done' }));
    expect(gone).toMatchObject({ status: 303, location: '/app/done' });
    await browser.goto('/page');
    const found = browser.bodyOf(browser.forms()[0], {}, 'Find');
    expect(await browser.send('POST', '/components/gate', found)).toMatchObject({ location: '/app/page?q=tea' });
    await browser.goto('/page?q=tea');
    expect(browser.outputs[0]).toBe('tea');
  });

  it('leads back where no browser says the page it comes from', async () => {
    const { url } = await start({ publicPath: '/app' }, { platform });
    // Nor to itself, whoever says so.
    for (const referer of ['', `${url}/app/components/gate`, 'https://evil.example/x']) {
      const browser = new PlainBrowser(url);
      await browser.goto('/page');
      browser.headers = { referer };
      const body = browser.bodyOf(browser.forms()[0], {}, 'Find');
      const answer = await browser.send('POST', '/components/gate', body);
      expect([referer, answer.location]).toEqual([referer, '/app/page?q=tea']);
    }
  });

  it('is what a trusted proxy says, with each request', async () => {
    const logger = new Warnings();
    const { url } = await start({ trustProxy: true }, { platform, logger });
    for (const [said, base] of [
      ['/app', '/app'],
      ['/app/', '/app'],
      ['/a/b-1/~c', '/a/b-1/~c'],
      // The nearest proxy's own word; what stands before it is a client's.
      ['/evil, /app', '/app'],
      ['/', ''],
      ['', ''],
    ]) {
      const headers = { 'x-forwarded-prefix': said };
      expect([said, await addresses(`${url}/page`, headers)]).toEqual([said, expect.arrayContaining(under(base))]);
    }
    expect(logger.all.filter((text) => text.includes('X-Forwarded-Prefix'))).toEqual([]);
  });

  it('is none where the header is no path, and says so once', async () => {
    const logger = new Warnings();
    const { url } = await start({ trustProxy: true }, { platform, logger });
    const bad = [
      '//evil.example',
      'app',
      'https://evil.example/app',
      '/a/../b',
      '/a"><script>',
      '/a?b',
      '/a\\b',
      '/%2e',
    ];
    for (const said of [...bad, `/${'a'.repeat(300)}`]) {
      const headers = { 'x-forwarded-prefix': said };
      expect([said, await addresses(`${url}/page`, headers)]).toEqual([said, expect.arrayContaining(under(''))]);
    }
    expect(logger.all.filter((text) => text.includes('X-Forwarded-Prefix'))).toHaveLength(1);
  });

  it('is no client’s to say: neither without a trusted proxy nor over the option', async () => {
    const headers = { 'x-forwarded-prefix': '/evil' };
    const { url } = await start({}, { platform });
    expect(await addresses(`${url}/page`, headers)).toEqual(expect.arrayContaining(under('')));
    await running?.close();
    const { url: fixed } = await start({ publicPath: '/app', trustProxy: true }, { platform });
    expect(await addresses(`${fixed}/page`, headers)).toEqual(expect.arrayContaining(under('/app')));
    await running?.close();
    const { url: none } = await start({ publicPath: '', trustProxy: true }, { platform });
    expect(await addresses(`${none}/page`, headers)).toEqual(expect.arrayContaining(under('')));
  });
});

it.each(['app', '/app/', '/', '//app', '/a//b', 'https://shop.example/app', '/a b', '/../x', '/a/./b', '/a?b', '/a#b'])(
  'refuses to start with %p as its public path',
  async (publicPath) => {
    await expect(start({ publicPath })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  },
);
