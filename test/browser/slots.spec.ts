import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';

import { createPlayground } from '../../apps/playground/src/create-playground.js';
import { launchChromium } from './chromium.js';

jest.setTimeout(120_000);

const LANES = ['To do', 'Doing', 'Done'];
const TITLES: Readonly<Record<string, string>> = {
  keys: 'Fetch the keys',
  boxes: 'Pack the boxes',
  ferns: 'Water the ferns',
  van: 'Rent a van',
};

interface Entry {
  readonly id: string;
  lane: number;
  cheers: number;
}

/** What a person sees on the board, card by card. */
const seen = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('.lane')].flatMap((lane, index) =>
      [...lane.querySelectorAll('.errand')].map(
        (card) => `${index} ${card.querySelector('p')!.textContent} ${card.querySelector('output')!.textContent}`,
      ),
    ),
  );

const wanted = (entries: readonly Entry[]): string[] =>
  LANES.flatMap((_title, lane) =>
    entries.filter((entry) => entry.lane === lane).map(({ id, cheers }) => `${lane} ${TITLES[id]} ${cheers}`),
  );

describe('components in slots of components, in Chromium', () => {
  let app: INestApplication;
  let url: string;
  let browser: Browser;
  let page: Page;
  let troubles: string[];

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

  beforeEach(async () => {
    troubles = [];
    page = await browser.newPage();
    page.setDefaultTimeout(10_000);
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
    page.on('pageerror', (error) => troubles.push(error.message));
  });

  afterEach(async () => {
    await page.close();
    expect(troubles).toEqual([]);
  });

  const open = async (): Promise<Entry[]> => {
    await page.goto(`${url}/slots`);
    await page.waitForFunction(() => document.documentElement.classList.contains('live-connected'));
    return ['keys', 'boxes', 'ferns', 'van'].map((id) => ({
      id,
      lane: id === 'keys' ? 1 : id === 'van' ? 2 : 0,
      cheers: 0,
    }));
  };

  const shows = async (expected: readonly string[]): Promise<void> => {
    for (let tries = 0; tries < 100; tries += 1) {
      if ((await seen(page)).join() === expected.join()) return;
      await page.waitForTimeout(50);
    }
    expect(await seen(page)).toEqual(expected);
  };

  it('lets every button reach its own component, in any order of updates', async () => {
    const step = fc.record({ what: fc.constantFrom('cheer', 'on', 'back', 'drop', 'add'), at: fc.nat(9) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 12 }), async (steps) => {
        let entries = await open();
        for (const { what, at } of steps) {
          const entry = entries[at % entries.length];
          if (!entry) break;
          const title = TITLES[entry.id];
          if (what === 'cheer') {
            await page.getByRole('button', { name: `Cheer for ${title}` }).click();
            entry.cheers += 1;
          } else if (what === 'drop' && entries.length > 2) {
            await page.getByRole('button', { name: `Remove ${title}` }).click();
            entries = entries.filter((other) => other !== entry);
          } else if (what === 'on' && entry.lane < 2) {
            await page.getByRole('button', { name: `On: ${title}` }).click();
            entry.lane += 1;
          } else if (what === 'back' && entry.lane > 0) {
            await page.getByRole('button', { name: `Back: ${title}` }).click();
            entry.lane -= 1;
          }
          await shows(wanted(entries));
        }
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });

  it('adds a card that takes its own clicks, and keeps a lane folded through the board’s updates', async () => {
    await open();
    await page.getByLabel('New errand').fill('Call the cat');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('button', { name: 'Cheer for Call the cat' }).click();
    await page.getByRole('button', { name: 'Cheer for Call the cat' }).click();
    await page.waitForFunction(() => document.querySelectorAll('.errand output')[2]?.textContent === '2');

    await page.locator('.lane', { hasText: 'Done' }).getByRole('button', { name: 'Fold' }).click();
    await page.locator('.lane.folded').waitFor();
    await page.getByRole('button', { name: 'On: Fetch the keys' }).click();
    await page.getByRole('heading', { name: 'Done 2' }).waitFor();
    expect(await page.locator('.lane.folded .errand').count()).toBe(0);
    await page.getByRole('button', { name: 'Unfold' }).click();
    await page.locator('.lane', { hasText: 'Done' }).locator('.errand', { hasText: 'Fetch the keys' }).waitFor();
  });

  it('goes on where there is no socket', async () => {
    await page.route(/socket/, (route) => route.abort());
    await page.goto(`${url}/slots`);
    await page.getByRole('button', { name: 'Cheer for Rent a van' }).click();
    await page.waitForFunction(() => document.querySelectorAll('.errand output')[3]?.textContent === '1');
    await page.getByLabel('New errand').fill('Call the cat');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.locator('.errand', { hasText: 'Call the cat' }).waitFor();
    await page.getByRole('button', { name: 'Remove Water the ferns' }).click();
    await page.locator('.errand', { hasText: 'Water the ferns' }).waitFor({ state: 'detached', timeout: 20_000 });
    expect((await seen(page)).at(-1)).toBe('2 Rent a van 1');
    troubles.splice(0);
  });
});
