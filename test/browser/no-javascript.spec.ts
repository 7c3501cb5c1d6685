import type { Server } from 'node:http';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';

import { GuestBook, seen } from '../e2e/plain-forms.js';
import { launchChromium } from './chromium.js';
import { openSite, STRICT_POLICY, type Site } from './site.js';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
}, 60_000);

afterAll(() => browser.close());

describe.each(['express', 'fastify'] as const)('a form of a component on %s in Chromium', (platform) => {
  let site: Site;
  let context: BrowserContext;
  let page: Page;
  const posts: string[] = [];

  beforeAll(async () => {
    // Only Express has a middleware for the policy.
    const policy = platform === 'express' ? STRICT_POLICY : undefined;
    site = await openSite({ platform, providers: [GuestBook], policy });
    const server = site.app.getHttpServer() as Server;
    server.on('request', ({ method, url = '' }: { method?: string; url?: string }) => {
      if (method === 'POST') posts.push(url);
    });
  });

  afterAll(() => site.close());

  const open = async (options: { javaScriptEnabled: boolean }): Promise<void> => {
    context = await browser.newContext(options);
    page = await context.newPage();
    page.setDefaultTimeout(6_000);
  };

  beforeEach(() => {
    seen.length = 0;
    posts.length = 0;
  });

  afterEach(() => context.close());

  const address = (): string => `${site.url}/page?c=guest-book&c=guest-book`;
  const second = () => page.locator('section').nth(1);
  const sign = async (text: string): Promise<void> => {
    await second().getByLabel('Text').fill(text);
    await second().getByLabel('Stars').fill('4');
    await second().getByLabel('Public').check();
    await second().getByRole('button', { name: 'Sign' }).click();
  };

  it('works with scripts off: the page comes back and shows what has come of it', async () => {
    await open({ javaScriptEnabled: false });
    await page.goto(address());
    await sign('no script');
    await second().getByText('no script/4/true').waitFor();
    expect(page.url()).toBe(address());
    expect(seen).toEqual([{ text: 'no script', stars: 4, isPublic: true }]);
    await sign('once more');
    await second().getByText('once more/4/true').waitFor();
    expect(await page.locator('output').allTextContents()).toEqual(['0', '2']);
  });

  it('with scripts off says why it was refused, and keeps what was typed', async () => {
    await open({ javaScriptEnabled: false });
    await page.goto(address());
    await second().getByLabel('Mood').selectOption('bad');
    await second().getByLabel('Pin').fill('hunter2');
    await sign('x');
    await second().locator('[data-code="VALIDATION_FAILED"]').waitFor();
    expect(await second().getByLabel('Text').inputValue()).toBe('x');
    expect(await second().getByLabel('Stars').inputValue()).toBe('4');
    expect(await second().getByLabel('Mood').inputValue()).toBe('bad');
    expect(await second().getByLabel('Pin').inputValue()).toBe('');
    expect(await second().getByLabel('Public').isChecked()).toBe(true);
  });

  it('with scripts off happens once, however often it is sent by reload and back', async () => {
    await open({ javaScriptEnabled: false });
    await page.goto(address());
    await sign('only once');
    await second().getByText('only once').waitFor();
    await page.reload();
    await page.goBack();
    await page.goForward();
    expect(seen).toHaveLength(1);
    await page.goto(address());
    await sign('and again');
    await second().getByText('and again').waitFor();
    await page.goBack();
    await second().getByLabel('Text').fill('and again');
    if (!(await second().getByLabel('Public').isChecked())) await second().getByLabel('Public').check();
    await second().getByLabel('Stars').fill('4');
    await second().getByRole('button', { name: 'Sign' }).click();
    await second().getByText('and again/4/true').waitFor();
    expect(seen.length).toBeLessThanOrEqual(3);
  });

  it('with scripts on is the client’s: nothing is posted, and nothing hidden goes along', async () => {
    await open({ javaScriptEnabled: true });
    const sent: string[] = [];
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload))));
    await page.goto(address());
    await page.locator('html.live-connected').waitFor({ state: 'attached' });
    await sign('by the client');
    await second().getByText('by the client/4/true').waitFor();
    expect(posts).toEqual([]);
    expect(sent.filter((frame) => frame.includes('by the client'))).toHaveLength(1);
    expect(sent.join()).not.toContain('"$');
    await second().getByRole('button', { name: 'Clear' }).click();
    await second().getByText('cleared').waitFor();
    expect(seen.at(-1)).toEqual({ from: '7' });
  });

  it('works before the client has come, which then goes on from there', async () => {
    await open({ javaScriptEnabled: true });
    const script = /\/components\/-\/client/;
    await page.route(script, (route) => route.abort());
    await page.goto(address());
    await sign('too early');
    await second().getByText('too early/4/true').waitFor();
    // The script of this page has been refused, too.
    await page.waitForLoadState();
    await page.unroute(script);
    await second().getByLabel('Public').uncheck();
    await sign('still early');
    await page.locator('html.live-connected').waitFor({ state: 'attached' });
    await sign('with the client');
    await second().getByText('with the client/4/true').waitFor();
    expect(await page.locator('output').allTextContents()).toEqual(['0', '3']);
    expect(posts).toHaveLength(2);
  });
});
