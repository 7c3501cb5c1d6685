import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';

import { openPlayground } from './open-playground.js';

jest.setTimeout(60_000);

const PICTURE = readFileSync(join(import.meta.dirname, '../../docs/images/playground-light.png'));

describe('the page of uploads in Chromium', () => {
  const playground = openPlayground();
  let page: Page;

  beforeAll(async () => {
    page = await playground.browser.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`${playground.url}/uploads`);
    await page.locator('html.live-connected').waitFor();
  });

  const choose = (...names: readonly string[]): Promise<void> =>
    page.setInputFiles(
      '.drop input',
      names.map((name) => ({ name, mimeType: name.endsWith('png') ? 'image/png' : 'text/plain', buffer: PICTURE })),
    );
  const chosen = (): Locator => page.locator('form .photos li');
  const saved = (): Locator => page.locator('h3 + .photos li');
  const widthOf = (place: Locator): Promise<number> =>
    place
      .locator('img')
      .first()
      .evaluate(async (image: HTMLImageElement) => (await image.decode(), image.naturalWidth));

  it('shows what was chosen, says what was refused, forgets what is removed, and keeps what is saved', async () => {
    await choose('one.png', 'two.png', 'notes.txt');
    await chosen().nth(1).waitFor();
    expect(await widthOf(chosen())).toBeGreaterThan(0);
    await page.getByText('Files of this kind are not accepted here.').waitFor();
    await page.locator('.arriving').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Remove one.png' }).click();
    await chosen().nth(1).waitFor({ state: 'detached' });
    await page.getByText(/1 of 12 photos, 0.\d MB/).waitFor();

    await page.getByRole('button', { name: 'Save to the album' }).click();
    await saved().waitFor();
    await chosen().waitFor({ state: 'detached' });
    expect(await saved().allInnerTexts()).toEqual(['two.png']);
    expect(await widthOf(saved())).toBeGreaterThan(0);
    expect(await page.locator('.live-notice').count()).toBe(0);
  });

  it('takes photos with scripts off, keeps them in its album, and says what it does not take', async () => {
    const context = await playground.browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    plain.setDefaultTimeout(15_000);
    await plain.goto(`${playground.url}/uploads`);
    const send = async (name: string): Promise<void> => {
      await plain.setInputFiles('.drop input', [{ name, mimeType: 'image/png', buffer: PICTURE }]);
      await plain.getByRole('button', { name: 'Save to the album' }).click();
    };
    await send('plain.png');
    const album = plain.locator('h3 + .photos li');
    await album.waitFor();
    expect(await album.allInnerTexts()).toEqual(['plain.png']);
    expect(new URL(plain.url()).pathname).toBe('/uploads');

    await send('other.gif');
    await plain.getByText('Files of this kind are not accepted here.').waitFor();
    expect(await album.allInnerTexts()).toEqual(['plain.png']);
    await context.close();
  });
});
