import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';

import { openPlayground } from './open-playground.js';

describe('the pages about waiting, in the playground', () => {
  const playground = openPlayground();
  let page: Page;
  const troubles: string[] = [];

  beforeEach(async () => {
    page = await playground.browser.newPage();
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
    page.on('pageerror', ({ message }) => troubles.push(message));
  });

  afterEach(async () => {
    expect(troubles.splice(0)).toEqual([]);
    await page.close();
  });

  const visit = async (name: string): Promise<void> => {
    await page.goto(`${playground.url}/${name}`);
    await page.locator('html.live-connected').waitFor();
  };

  const button = (name: string): Locator => page.getByRole('button', { name, exact: true });

  it('votes before the server has counted, and takes back what it refuses', async () => {
    await visit('optimistic');
    const figures = async () => [...(await page.locator('.talks output').allInnerTexts()), await page.locator('.figure').innerText()]; // prettier-ignore
    await button('Vote for A queue that never drops').click();
    await button('Vote for Clocks: the vote is over').click();
    expect(await figures()).toEqual(['5', '3', '3', '11']);
    await button('I will come').click();
    expect(await button('I will come').getAttribute('aria-pressed')).toBe('true');
    await page.locator('.live-notice').waitFor();
    expect(await figures()).toEqual(['5', '3', '2', '10']);
    await page.locator('[live-id]:not(.live-loading)').waitFor();
    expect(await button('I will come').getAttribute('aria-pressed')).toBe('true');
  });

  it('queues every cup, drops a second ring, and rests after too many orders', async () => {
    await visit('queue');
    const lines = page.locator('.log li');
    const newest = (text: string) => lines.first().filter({ hasText: text }).waitFor();
    for (const name of ['Brew a cup', 'Brew a cup', 'Ring the bell', 'Ring the bell']) await button(name).click();
    await newest('the bell has rung');
    expect(await lines.allInnerTexts()).toEqual(['the bell has rung', 'cup 2 is ready', 'cup 1 is ready']);
    const order = page.locator('[live-click=order]');
    for (let time = 0; time < 3; time++) await order.click({ force: true });
    await page.locator('[live-click=order][aria-disabled=true]').waitFor();
    expect(await order.innerText()).toMatch(/^Order milk in \d s$/);
    expect(await page.locator('.live-notice').count()).toBe(0);
    await button('Brew a cup').click();
    await newest('cup 3 is ready');
  });
});
