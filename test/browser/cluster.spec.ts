import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';

import { Cluster } from '../../apps/cluster/src/supervisor/cluster.js';
import { launchChromium } from './chromium.js';

const NODE = join(import.meta.dirname, '../../dist/apps/cluster/src/node/main.js');
const CLICKS = 300;

describe('the cluster demo', () => {
  let cluster: Cluster;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    cluster = await Cluster.start({ nodeMain: NODE });
    browser = await launchChromium();
    page = await browser.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(cluster.url);
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    cluster.close();
  });

  const passes = (least: number): Promise<unknown> =>
    page.waitForFunction((wanted) => Number(document.querySelector('.sum output')?.textContent) >= wanted, least, {
      timeout: 30_000,
    });
  const servedBy = async (): Promise<string> => (await page.textContent('.served li:first-child b')) ?? '';
  const isServing = (name: string): Promise<unknown> =>
    page.waitForSelector(`.node-${name} .status.running`, { timeout: 30_000 });
  const reaches = (expected: number): Promise<unknown> =>
    page.waitForFunction((wanted) => document.querySelector('.sum output')?.textContent === wanted, String(expected), {
      timeout: 45_000,
    });

  it('counts every click once while the nodes under it are killed and drained', async () => {
    let clicks = 0;
    for (const ending of ['kill', 'drain', 'kill'] as const) {
      await page.click('#burst:enabled');
      await passes(clicks + 40);
      const name = await servedBy();
      await page.click(`.node-${name} [live-click="${ending}"]`);
      clicks += CLICKS;
      await reaches(clicks);
      expect(await page.textContent('#clicks')).toBe(`${clicks} clicks on this page`);
      await isServing(name);
    }

    expect(await page.locator('.share').allTextContents()).toHaveLength(2);
    expect(errors).toEqual([]);
  }, 150_000);
});
