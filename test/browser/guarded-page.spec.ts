import { describe, expect, it, jest } from '@jest/globals';
import type { Locator } from 'playwright-core';

import { openPlayground } from './open-playground.js';

jest.setTimeout(60_000);

describe('the guarded page of the playground in Chromium', () => {
  const playground = openPlayground();

  it('lets staff pin and take down, and only the owner clear the board', async () => {
    const page = await playground.browser.newPage({ viewport: { width: 390, height: 800 } });
    page.setDefaultTimeout(10_000);
    const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
    const shows = (selector: string, text: string): Promise<void> =>
      page.locator(selector).filter({ hasText: text }).first().waitFor();

    await page.goto(`${playground.url}/guarded`);
    await shows('.live-notice', 'Sign in to continue.');
    await button('Sign in as staff').click();
    await page.getByLabel('Notice', { exact: true }).fill('Cake at four');
    await button('Pin').click();
    await shows('.board li', 'Cake at four');
    // One line, beside its notice.
    expect((await button('Take down Cake at four').boundingBox())?.height).toBeLessThan(60);
    await button('Take down Cake at four').click();
    await page.locator('.board li').filter({ hasText: 'Cake' }).waitFor({ state: 'detached' });
    await button('Clear the board').click();
    await shows('.live-notice', 'You are not allowed to do this.');
    expect(await page.locator('.board li').count()).toBe(1);

    await button('Sign in as owner').click();
    await shows('.accounts', 'Olga Owner');
    await button('Clear the board').click();
    await shows('.board li', 'Nothing to know today.');
    expect(new URL(page.url()).pathname).toBe('/guarded');
    await page.close();
  });
});
