import { describe, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';

import { openPlayground } from './open-playground.js';

jest.setTimeout(60_000);

describe('what a session keeps, in Chromium', () => {
  const playground = openPlayground();

  const visit = async (page: Page): Promise<Page> => {
    page.setDefaultTimeout(15_000);
    await page.goto(`${playground.url}/session-state`);
    await page.locator('html.live-connected').waitFor({ state: 'attached' });
    return page;
  };

  it('is shared by the components of a page, by tabs and by loads, and by nobody else', async () => {
    const context = await playground.browser.newContext();
    const [page, other] = [await visit(await context.newPage()), await visit(await context.newPage())];
    await page.getByRole('button', { name: 'Add Oolong' }).click();
    await page.getByText('1 × Oolong').waitFor();
    await other.getByText('1 × Oolong').waitFor();
    await other.getByLabel('yen').check();
    await page.getByText('Total: ¥2272').waitFor();
    await page.getByLabel('Note').fill('no sugar');
    await page.locator('input[value="no sugar"]').waitFor({ state: 'attached' });
    await other.getByRole('button', { name: 'Add Sencha' }).click();
    await page.getByText('1 × Sencha').waitFor();
    await visit(page);
    expect(await page.locator('[live-component=tea-basket] li').allInnerTexts()).toHaveLength(2);
    expect(await page.getByLabel('yen').isChecked()).toBe(true);
    expect(await page.getByLabel('Note').inputValue()).toBe('no sugar');

    const stranger = await visit(await (await playground.browser.newContext()).newPage());
    await stranger.getByText('Nothing yet.').first().waitFor();
  });
});
