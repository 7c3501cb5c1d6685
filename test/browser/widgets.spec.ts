import { describe, expect, it, jest } from '@jest/globals';

import { openPlayground } from './open-playground.js';

jest.setTimeout(60_000);

describe('a shared instance in Chromium', () => {
  const playground = openPlayground();

  it('is one wall for two visitors, and shows both what a function of the server writes on it', async () => {
    const pages = await Promise.all([1, 2].map(async () => (await playground.browser.newContext()).newPage()));
    const [one, two] = pages;
    for (const page of pages) await page.goto(`${playground.url}/widgets`);
    await one.getByRole('button', { name: 'Tile 3: sun' }).click();
    for (const page of pages) await page.getByText('Tile 3 was the last.').waitFor();
    await two.getByRole('button', { name: 'Tile 3: sea' }).click();
    for (const page of pages) await page.getByText('2 changes').waitFor();
    expect(await one.getByRole('button', { name: 'Tile 3: moss' }).count()).toBe(1);

    await two.close();
    await one.getByRole('button', { name: 'Tile 4: sun' }).click();
    await one.getByText('Tile 4 was the last.').waitFor();
  });
});
