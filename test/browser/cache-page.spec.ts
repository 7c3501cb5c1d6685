import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import type { Browser, Page } from 'playwright-core';

import { createPlayground } from '../../apps/playground/src/create-playground.js';
import { launchChromium } from './chromium.js';

jest.setTimeout(60_000);

describe('the cache page of the playground in Chromium', () => {
  let app: INestApplication;
  let url: string;
  let browser: Browser;

  /** Somebody else, with cookies of their own. */
  const visit = async (): Promise<Page> => {
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`${url}/cache`);
    return page;
  };
  const said = (page: Page): Promise<string> => page.locator('.ticker').innerText();
  const idOf = (page: Page): Promise<string | null> => page.locator('.ticker').getAttribute('live-id');

  beforeAll(async () => {
    app = await createPlayground({ logger: ['error', 'fatal'] });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  it('shows two people one render in components of their own, and nobody the old one once somebody has asked again', async () => {
    const [one, two] = [await visit(), await visit()];
    const kept = await said(one);
    expect(await said(two)).toBe(kept);
    expect(await idOf(two)).not.toBe(await idOf(one));

    await one.getByRole('button', { name: 'Ask again' }).click();
    await one.waitForFunction((before) => !before.includes(document.querySelector('time')?.textContent ?? ''), kept);
    expect(await said(two)).toBe(kept);
    await two.reload();
    expect(await said(two)).not.toBe(kept);
  });
});
