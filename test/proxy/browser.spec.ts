import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';

import { launchChromium } from '../browser/chromium.js';
import { PLATFORMS } from '../e2e/running-app.js';
import { isMissing, ProxiedApp, WAYS } from './ways.js';

const PATIENCE_MS = 20_000;

/** One red dot. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const photo = { name: 'dot.png', mimeType: 'image/png', buffer: Buffer.from(PNG, 'base64') };

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
}, 60_000);

afterAll(() => browser.close());

const CASES = PLATFORMS.flatMap((platform) =>
  WAYS.map((way) => ({ platform, way, title: `${platform} behind ${way.title}` })),
);

for (const { platform, way, title } of CASES) {
  const suite = isMissing(way) ? describe.skip : describe;

  suite(`${title}${isMissing(way) ? ' (skipped: no nginx on the PATH)' : ''}, in Chromium`, () => {
    let app: ProxiedApp;
    let context: BrowserContext;
    let page: Page;
    /** Requests that nobody answered as they were meant. */
    const lost: string[] = [];

    const open = async (javaScriptEnabled: boolean): Promise<void> => {
      context = await browser.newContext({ javaScriptEnabled });
      context.setDefaultTimeout(PATIENCE_MS);
      page = await context.newPage();
      page.on('response', (response) => {
        const isOurs = !response.url().endsWith('/favicon.ico');
        if (isOurs && response.status() >= 400) lost.push(`${response.status()} ${response.url()}`);
      });
      await page.goto(`${app.url}/yard`);
    };

    const shows = (id: string, text: string): Promise<void> =>
      page
        .locator(`#${id}`)
        .filter({ hasText: new RegExp(`^${text}$`) })
        .waitFor();

    beforeAll(async () => {
      app = await ProxiedApp.start(way, platform);
    }, 60_000);

    afterAll(() => app.close());

    it('has its page, its socket, clicks, pushes, uploads with their previews, and goes elsewhere', async () => {
      const frames: string[] = [];
      await open(true);
      page.on('websocket', (socket) => frames.push(new URL(socket.url()).pathname));
      await page.reload();
      await page.locator('html.live-connected').waitFor({ state: 'attached' });
      expect([...new Set(frames)]).toEqual(['/app/components/-/socket/']);
      await page.getByRole('button', { name: 'step' }).click();
      await shows('count', '1');
      expect((await fetch(`${app.url}/ring`)).status).toBe(200);
      await shows('rings', '1');
      await page.locator('#choose').setInputFiles(photo);
      const preview = page.locator('img[alt="dot.png"]');
      await preview.waitFor();
      await page.waitForFunction(`document.querySelector('img').naturalWidth === 1`);
      await page.getByRole('button', { name: 'keep' }).click();
      await shows('kept', '1');
      await page.getByRole('button', { name: 'away' }).click();
      await page.getByRole('heading', { name: 'done' }).waitFor();
      expect(page.url()).toBe(`${app.url}/done`);
      expect(lost).toEqual([]);
      await context.close();
    }, 90_000);

    it('takes forms without scripts, their files, and leads back to the page and elsewhere', async () => {
      await open(false);
      await page.locator('#say input[name="text"]').fill('hello');
      await page.getByRole('button', { name: 'say' }).click();
      await shows('said', 'hello');
      expect(page.url()).toBe(`${app.url}/yard`);
      await page.locator('#choose').setInputFiles(photo);
      await page.getByRole('button', { name: 'keep' }).click();
      await shows('kept', '1');
      await shows('said', 'hello');
      await page.getByRole('button', { name: 'away' }).click();
      await page.getByRole('heading', { name: 'done' }).waitFor();
      expect(page.url()).toBe(`${app.url}/done`);
      expect(lost).toEqual([]);
      await context.close();
    }, 90_000);
  });
}
