import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';

import { openPlayground } from './open-playground.js';

jest.setTimeout(60_000);

describe('the page of streams in Chromium', () => {
  const playground = openPlayground();
  let page: Page;

  beforeAll(async () => {
    page = await playground.browser.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`${playground.url}/streaming`);
    await page.locator('html.live-connected').waitFor();
  });

  const shows = (place: Locator, text: string | RegExp): Promise<void> => place.filter({ hasText: text }).waitFor();
  const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
  const told = (): Locator => page.locator('.tale .text:not(.telling)');

  it('tells a tale word by word, and exports pages until it is stopped', async () => {
    const status = page.locator('[live-component=export-job] [role=status]');
    await button('Export 40 pages').click();
    await button('Tell a tale').click();
    await page.locator('.telling').waitFor();
    // A busy machine leaves out previews.
    await shows(status, /Page ([3-9]|\d\d) of 40/);
    expect(await page.getByRole('progressbar').getAttribute('value')).not.toBe('0');
    await button('Cancel').click();
    await shows(status, 'Nothing exported yet.');
    await shows(told(), 'And the lamp has burnt ever since.');
    const tale = await told().innerText();

    await button('Tell another').click();
    await button('Stop').click();
    await told().waitFor();
    expect(await told().innerText()).toBe(tale);
    expect(await page.locator('.live-notice').count()).toBe(0);
  });
});
