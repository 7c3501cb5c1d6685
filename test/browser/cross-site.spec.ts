import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, State } from 'nest-live';
import type { Browser, BrowserContext, Page } from 'playwright-core';

import { launchChromium } from './chromium.js';
import { openSite, type Site } from './site.js';

@LiveComponent('safe', {
  template: `<form method="post" action="/components/safe">{{liveFields}}
  <output>{{count}}</output><button name="event" value="open">Open</button></form>`,
})
class Safe {
  static opened = 0;
  static mounted = 0;

  @State() count = 0;

  onMount(): void {
    Safe.mounted += 1;
  }

  @OnEvent()
  open(): void {
    Safe.opened += 1;
    this.count += 1;
  }
}

/** What an attacker's page is told: where the victim's component is, and even its token. */
interface Loot {
  readonly action: string;
  readonly socket: string;
  readonly state: string;
}

interface Sent {
  readonly status: number;
  readonly cookie: boolean;
}

/** `localhost` is another site than 127.0.0.1; another port of 127.0.0.1 is the same site (cookies come along), but another origin. */
const STRANGERS = [
  { stranger: 'another site', host: 'localhost', cookie: false },
  { stranger: 'another port of the same site', host: '127.0.0.1', cookie: true },
];

let browser: Browser;
let evil: Server;

beforeAll(async () => {
  browser = await launchChromium();
  evil = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Win a prize</title><p>prize</p>');
  });
  await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
}, 60_000);

afterAll(async () => {
  await browser.close();
  evil.closeAllConnections();
  await new Promise((resolve) => evil.close(resolve));
});

/** Runs in the page: resolves to whether the socket opened and said anything. */
const dial = (address: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = new WebSocket(address);
    socket.onmessage = ({ data }) => resolve(`heard ${String(data).slice(0, 1)}`);
    socket.onerror = () => resolve('refused');
  });

const submitForm = ({ action, state }: Loot): void => {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = action;
  for (const [name, value] of Object.entries({ state, event: 'open' })) {
    const input = document.createElement('input');
    input.name = name;
    input.value = value;
    form.append(input);
  }
  document.body.append(form);
  form.submit();
};

describe.each(['express', 'fastify'] as const)('a page of somebody else against a site on %s', (platform) => {
  let site: Site;
  let context: BrowserContext;
  let page: Page;
  let loot: Loot;
  const arrived: { readonly request: IncomingMessage; readonly response: ServerResponse }[] = [];

  beforeAll(async () => {
    site = await openSite({ platform, providers: [Safe] });
    const server = site.app.getHttpServer() as Server;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => arrived.push({ request, response }));
  });

  afterAll(() => site.close());

  beforeEach(async () => {
    await context?.close();
    context = await browser.newContext();
    page = await context.newPage();
    // A page without our client, which would make the token its own.
    await page.goto(`${site.url}/htmx2?c=safe`);
    const state = (await page.locator('[live-state]').getAttribute('live-state')) ?? '';
    const socket = `${site.url.replace('http', 'ws')}/components/-/socket/?EIO=4&transport=websocket`;
    loot = { action: `${site.url}/components/safe`, socket, state };
    arrived.length = 0;
    Safe.opened = 0;
    Safe.mounted = 0;
  });

  afterAll(() => context.close());

  /** The posts that the server has got, as it got them and answered. */
  const posts = (): Sent[] =>
    arrived
      .filter(({ request }) => request.method === 'POST')
      .map(({ request, response }) => ({ status: response.statusCode, cookie: 'cookie' in request.headers }));

  const lure = (host: string): Promise<unknown> => page.goto(`http://${host}:${(evil.address() as AddressInfo).port}/`);

  describe.each(STRANGERS)('from $stranger', ({ host, cookie }) => {
    it('posts no form', async () => {
      await lure(host);
      await page.evaluate(submitForm, loot);
      await page.waitForURL(loot.action);
      expect(await page.content()).toContain('ORIGIN_REJECTED');
      expect(posts()).toEqual([{ status: 403, cookie }]);
      expect([Safe.opened, Safe.mounted]).toEqual([0, 0]);
    });

    it.each([
      ['text', 'no-cors', 'text/plain', [403]],
      ['a form', 'no-cors', 'application/x-www-form-urlencoded', [403]],
      ['JSON', 'cors', 'application/json', []],
    ] as const)('fetches nothing by %s', async (_what, mode, type, statuses) => {
      await lure(host);
      const outcome = await page.evaluate(
        async ({ loot: { action, state }, mode: how, type: kind }) => {
          const body = kind.endsWith('urlencoded')
            ? new URLSearchParams({ state, event: 'open' }).toString()
            : JSON.stringify({ state, event: 'open', seq: 1 });
          const request = { method: 'POST', mode: how, credentials: 'include', body } as const;
          try {
            return (await fetch(action, { ...request, headers: { 'content-type': kind } })).type;
          } catch {
            return 'refused by the browser';
          }
        },
        { loot, mode, type },
      );
      expect(outcome).toBe(mode === 'cors' ? 'refused by the browser' : 'opaque');
      expect(posts()).toEqual(statuses.map((status) => ({ status, cookie })));
      expect([Safe.opened, Safe.mounted]).toEqual([0, 0]);
    });

    it('opens no socket', async () => {
      await lure(host);
      expect(await page.evaluate(dial, loot.socket)).toBe('refused');
      expect([Safe.opened, Safe.mounted]).toEqual([0, 0]);
    });
  });

  it('that has the same port under another name is somebody else, too', async () => {
    await page.goto(`${site.url.replace('127.0.0.1', 'localhost')}/none`);
    Safe.mounted = 0;
    expect(await page.evaluate(dial, loot.socket)).toBe('refused');
    await page.evaluate(submitForm, loot);
    await page.waitForURL(loot.action);
    expect(await page.content()).toContain('ORIGIN_REJECTED');
    expect(Safe.opened).toBe(0);
  });

  it('is unlike a page of the site itself, whose forms and sockets arrive', async () => {
    expect(await page.evaluate(dial, loot.socket)).toBe('heard 0');
    await page.evaluate(submitForm, loot);
    await page.getByText('1', { exact: true }).waitFor();
    expect(page.url()).toBe(`${site.url}/htmx2?c=safe`);
    expect(posts()).toEqual([{ status: 303, cookie: true }]);
    await page.getByRole('button', { name: 'Open' }).click();
    await page.waitForFunction(() => document.querySelector('output')?.textContent === '2');
    expect(Safe.opened).toBe(2);
  });
});
