import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';

import { Counter } from '../e2e/counter.component.js';
import { launchChromium } from './chromium.js';
import { openSite, type Site } from './site.js';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
}, 60_000);

afterAll(() => browser.close());

describe('the lives of a page in Chromium', () => {
  let site: Site;
  let context: BrowserContext;
  let page: Page;

  const open = (port = 0): Promise<Site> => openSite({ providers: [Counter], port });

  beforeEach(async () => {
    site = await open();
    context = await browser.newContext();
    page = await context.newPage();
  });

  afterEach(async () => {
    await context.close();
    await site.close();
  });

  /** @returns the HTML as the server sent it */
  const visit = async (tab: Page, start: number): Promise<string> => {
    const response = await tab.goto(`${site.url}/page?start=${start}`);
    await connected(tab);
    return (await response?.text()) ?? '';
  };
  const connected = async (tab: Page): Promise<void> => {
    await tab.waitForFunction(() => document.documentElement.classList.contains('live-connected'));
  };
  const plus = (tab: Page): Promise<void> => tab.getByRole('button', { name: '+1' }).click();
  const shows = async (tab: Page, value: string): Promise<void> => {
    const show = (wanted: string): boolean => document.querySelector('output')?.textContent === wanted;
    await tab.waitForFunction(show, value, { timeout: 10_000 });
  };

  it('recovers from a restart of the server without a reload, and says so', async () => {
    await visit(page, 5);
    await plus(page);
    await shows(page, '6');
    await page.evaluate(() => ((globalThis as { mark?: string }).mark = 'same page life'));

    const { port } = site;
    await site.close();
    site = await open(port);

    await page
      .getByRole('alert')
      .filter({ hasText: /lost|saved|server/i })
      .first()
      .waitFor({ timeout: 15_000 });
    await shows(page, '5');
    await plus(page);
    await shows(page, '6');
    expect(await page.evaluate(() => (globalThis as { mark?: string }).mark)).toBe('same page life');
  });

  it('recovers silently when the server restarts under a page that nobody has used', async () => {
    await visit(page, 5);
    const { port } = site;
    await site.close();
    site = await open(port);

    await connected(page);
    await plus(page);
    await shows(page, '6');
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('starts a new life on reload', async () => {
    await visit(page, 5);
    await plus(page);
    await shows(page, '6');
    await page.reload();
    await connected(page);
    await shows(page, '5');
    await plus(page);
    await shows(page, '6');
  });

  it('works after back and forward', async () => {
    await visit(page, 5);
    await plus(page);
    await shows(page, '6');
    await visit(page, 20);
    await page.goBack();
    await plus(page);
    await page.waitForFunction(() => ['6', '7'].includes(document.querySelector('output')?.textContent ?? ''));
    await page.goForward();
    await plus(page);
    await shows(page, '21');
  });

  it('gives a duplicated tab an instance of its own', async () => {
    const html = await visit(page, 5);
    await plus(page);
    await shows(page, '6');

    // What a browser does when it duplicates a tab from its cache: the same HTML, the same tokens, another page life.
    const twin = await context.newPage();
    site.cache(html);
    await twin.goto(`${site.url}/cached`);
    await connected(twin);
    await plus(twin);
    await shows(twin, '6');
    await plus(twin);
    await shows(twin, '7');
    await plus(page);
    await shows(page, '7');
  });

  it('works in a page reopened from a cache after the server was restarted', async () => {
    const html = await visit(page, 5);
    const { port } = site;
    await page.close();
    await site.close();
    site = await open(port);

    const reopened = await context.newPage();
    site.cache(html);
    await reopened.goto(`${site.url}/cached`);
    await connected(reopened);
    await plus(reopened);
    await shows(reopened, '6');
  });
});
