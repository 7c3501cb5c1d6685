import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';

import { Counter } from '../e2e/counter.component.js';
import { launchChromium } from './chromium.js';
import { HtmxCounter } from './htmx-counter.component.js';
import { openSite, type Site } from './site.js';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
}, 60_000);

afterAll(() => browser.close());

describe.each(['express', 'fastify'] as const)('a fresh application on %s in Chromium', (platform) => {
  let site: Site;
  let page: Page;

  beforeAll(async () => {
    site = await openSite({ platform, providers: [Counter, HtmxCounter] });
    page = await browser.newPage();
  });

  afterAll(async () => {
    await page.close();
    await site.close();
  });

  const shown = (): Promise<string | null> => page.locator('output').first().textContent();

  it.each(['htmx2', 'htmx4'])('is driven by %s, first and later clicks', async (htmx) => {
    await page.goto(`${site.url}/${htmx}?c=htmx-counter&start=5`);
    for (const expected of ['6', '7', '8']) {
      await page.getByRole('button', { name: '+1' }).click();
      await page.waitForFunction((value) => document.querySelector('output')?.textContent === value, expected);
    }
    expect(await shown()).toBe('8');
  });

  it.each(['htmx2', 'htmx4'])('shows a refusal to %s inside the component that stays', async (htmx) => {
    await page.goto(`${site.url}/${htmx}?c=htmx-counter&start=5`);
    await page.evaluate(() => document.querySelector('input[name=state]')?.setAttribute('value', 'broken'));
    await page.getByRole('button', { name: '+1' }).click();
    await page.locator('form [data-code="STATE_INVALID"]').waitFor();
    expect(await shown()).toBe('5');
  });

  it('is driven by our client, each counter by itself', async () => {
    await page.goto(`${site.url}/page?c=counter&c=counter&start=5`);
    await page.getByRole('button', { name: '+1' }).nth(1).click();
    await page.waitForFunction(() => document.querySelectorAll('output')[1]?.textContent === '6');
    expect(await shown()).toBe('5');
  });

  it('counts exactly thirty fast clicks', async () => {
    await page.goto(`${site.url}/page?start=0`);
    await page.evaluate(() => {
      const button = document.querySelector('button');
      for (let i = 0; i < 30; i += 1) button?.click();
    });
    await page.waitForFunction(() => Number(document.querySelector('output')?.textContent) >= 30);
    await page.waitForTimeout(200);
    expect(await shown()).toBe('30');
  });
});
