import { describe, expect, it, jest } from '@jest/globals';

import { openPlayground } from './open-playground.js';

jest.setTimeout(60_000);

describe('the address page of the playground in Chromium', () => {
  const playground = openPlayground();

  it('lists all books, turns their pages in the address, and begins again with a filter', async () => {
    const page = await playground.browser.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`${playground.url}/url-state`);
    const status = page.getByRole('status').last();
    const first = await page.locator('.books li').first().innerText();
    expect(await status.innerText()).toBe('Page 1 of 25, 200 books');

    await page.getByRole('button', { name: 'Next page' }).click();
    await page.waitForURL('**/url-state?page=2');
    await page.getByText('Page 2 of 25').waitFor();
    expect(await page.locator('.books li').first().innerText()).not.toBe(first);
    await page.goBack();
    await page.getByText('Page 1 of 25').waitFor();

    await page.getByLabel('Filter books').pressSequentially('glass piano');
    await page.getByText('Page 1 of 1, 1 books').waitFor();
    expect(new URL(page.url()).search).toBe('?q=glass+piano');
    await page.reload();
    expect(await page.locator('.books li').allInnerTexts()).toEqual([expect.stringContaining('The Glass Piano')]);
    await page.close();
  });
});
