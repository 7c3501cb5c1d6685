import { describe, expect, it, jest } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';

import { openPlayground } from './open-playground.js';

jest.setTimeout(60_000);

describe('the playground page of sessions in Chromium', () => {
  const playground = openPlayground();

  it('lets a viewer look and an editor change, and ends the other tab with the login', async () => {
    const context = await playground.browser.newContext({ viewport: { width: 390, height: 800 } });
    const open = async (): Promise<Page> => {
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      await page.goto(`${playground.url}/sessions`);
      return page;
    };
    const page = await open();
    const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
    const shows = (selector: string, text: string, on = page): Promise<void> =>
      on.locator(selector).filter({ hasText: text }).first().waitFor();

    await shows('.live-notice', 'Sign in to continue.');
    await button('Sign in as viewer').click();
    await shows('.shifts', 'Monday: taken');
    // One line, beside its day.
    expect((await button('Change Monday').boundingBox())?.height).toBeLessThan(60);
    await button('Change Monday').click();
    await shows('.live-notice', 'You are not allowed to do this.');

    await button('Sign in as editor').click();
    await shows('.accounts', 'signed in as editor');
    await button('Change Monday').click();
    await shows('.shifts', 'Monday: free');

    const other = await open();
    await other.locator('html.live-connected').waitFor();
    await button('Sign out everywhere').click();
    await shows('.live-notice', 'Sign in to continue.');
    await other.locator('.live-notice').first().waitFor();
    expect(await other.locator('.live-notice').first().innerText()).not.toBe('');
    await context.close();
  });
});
