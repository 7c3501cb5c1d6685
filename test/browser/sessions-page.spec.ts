import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import type { Browser, Locator, Page } from 'playwright-core';

import { createPlayground } from '../../apps/playground/src/create-playground.js';
import { launchChromium } from './chromium.js';

jest.setTimeout(60_000);

describe('the playground page of sessions in Chromium', () => {
  let app: INestApplication;
  let url: string;
  let browser: Browser;

  beforeAll(async () => {
    app = await createPlayground({ logger: ['error', 'fatal'] });
    await app.listen(0, '127.0.0.1');
    url = `${await app.getUrl()}/sessions`;
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await app.close();
  });

  it('lets a viewer look and an editor change, and ends the other tab with the login', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 800 } });
    const open = async (): Promise<Page> => {
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      await page.goto(url);
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
