import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LivePublisher } from 'nest-live';
import type { Browser, BrowserContext, Page } from 'playwright-core';

import { Counter } from '../e2e/counter.component.js';
import { Cable } from './cable.js';
import { launchChromium } from './chromium.js';
import { Notebook } from './notebook.component.js';
import { openSite, type Site } from './site.js';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
}, 60_000);

afterAll(() => browser.close());

describe('our client in Chromium, when things go wrong', () => {
  let site: Site;
  let cable: Cable;
  let context: BrowserContext;
  let page: Page;

  beforeEach(async () => {
    site = await openSite({ providers: [Counter, Notebook], options: { trustProxy: false } });
    cable = await Cable.plugInto(site.port);
    context = await browser.newContext();
    page = await context.newPage();
  });

  afterEach(async () => {
    await context.close();
    await cable.unplug();
    await site.close();
  });

  const plus = (): Promise<void> => page.getByRole('button', { name: '+1' }).click();
  const output = (): Promise<string | null> => page.locator('output').textContent();
  const shows = async (value: string): Promise<void> => {
    await page.waitForFunction((wanted) => document.querySelector('output')?.textContent === wanted, value, {
      timeout: 8_000,
    });
  };
  const connected = async (): Promise<void> => {
    await page.waitForFunction(() => document.documentElement.classList.contains('live-connected'));
  };

  it('loses and doubles nothing when the socket is cut with an answer on its way', async () => {
    await page.goto(`${cable.url}/page?start=0`);
    await connected();
    await plus();
    await shows('1');

    cable.losesReplies = true;
    await plus();
    await plus();
    await page.waitForTimeout(150);
    cable.cutSockets();
    cable.losesReplies = false;

    await shows('3');
    await plus();
    await shows('4');
    expect(cable.upgrades).toBeGreaterThan(1);
  });

  it('keeps every click over many cuts', async () => {
    await page.goto(`${cable.url}/page?start=0`);
    await connected();
    for (let round = 1; round <= 10; round += 1) {
      await page.evaluate(() => {
        const button = document.querySelector('button');
        for (let i = 0; i < 3; i += 1) button?.click();
      });
      if (round % 2 === 0) {
        cable.cutSockets();
      }
      await page.waitForTimeout(60);
    }
    await shows('30');
    await page.waitForTimeout(300);
    expect(await output()).toBe('30');
  });

  it('works over HTTP where sockets are blocked, and climbs back', async () => {
    cable.refusesSockets = true;
    await page.goto(`${cable.url}/page?start=0`);
    await plus();
    await shows('1');
    await plus();
    await plus();
    await shows('3');

    cable.refusesSockets = false;
    await connected();
    await plus();
    await shows('4');
    expect(cable.upgrades).toBe(1);
  });

  it('keeps text, caret and focus while updates arrive', async () => {
    await page.goto(`${cable.url}/page?c=notebook`);
    await connected();
    const publisher = site.app.get(LivePublisher);
    await page.locator('#long').fill('half a thought');
    const ticking = (async () => {
      for (let tick = 1; tick <= 40; tick += 1) {
        await publisher.broadcast('tick', tick);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    })();
    await page.locator('#note').pressSequentially('typed while ticking', { delay: 40 });
    await page.locator('#note').evaluate((input: HTMLInputElement) => input.setSelectionRange(3, 7));
    await ticking;
    await page.waitForFunction(() => document.querySelector('#tick')?.textContent === '40');

    const state = await page.evaluate(() => {
      const note = document.querySelector<HTMLInputElement>('#note');
      const long = document.querySelector<HTMLTextAreaElement>('#long');
      const focused = document.activeElement?.id;
      return { focused, note: note?.value, from: note?.selectionStart, to: note?.selectionEnd, long: long?.value };
    });
    expect(state).toEqual({ focused: 'note', note: 'typed while ticking', from: 3, to: 7, long: 'half a thought' });

    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForFunction(() => document.querySelector('li')?.textContent === 'typed while ticking');
  });
});
