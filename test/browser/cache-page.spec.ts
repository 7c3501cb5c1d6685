import { describe, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';

import { openPlayground } from './open-playground.js';

jest.setTimeout(60_000);

describe('the cache page of the playground in Chromium', () => {
  const playground = openPlayground();

  /** Somebody else, with cookies of their own. */
  const visit = async (): Promise<Page> => {
    const page = await (await playground.browser.newContext()).newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`${playground.url}/cache`);
    return page;
  };
  const said = (page: Page): Promise<string> => page.locator('.ticker').innerText();
  const idOf = (page: Page): Promise<string | null> => page.locator('.ticker').getAttribute('live-id');

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
