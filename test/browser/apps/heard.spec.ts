import { describe, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';

import { openPlayground } from '../open-playground.js';

jest.setTimeout(90_000);

describe('what is said to somebody who cannot see the page', () => {
  const playground = openPlayground();

  const visit = async (path: string): Promise<Page> => {
    const page = await (await playground.browser.newContext()).newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(`${playground.url}${path}`);
    await page.locator('html.live-connected').waitFor({ state: 'attached' });
    return page;
  };
  const status = (page: Page, text: string): Promise<void> =>
    page.getByRole('status').filter({ hasText: text }).first().waitFor({ state: 'attached' });
  /** Elements whose changes are read, by what they say. */
  const isHeard = (page: Page, selector: string): Promise<boolean> =>
    page.locator(selector).evaluate((element) => {
      const region = element.closest('[aria-live], output, [role=status], [role=log], [role=alert]');
      return !!region && region.getAttribute('aria-live') !== 'off';
    });

  it('leads from a letter that was not sent to its first wrong field', async () => {
    const page = await visit('/contact');
    await page.getByLabel('Your name').fill('Ada');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('alert').getByText('Not sent yet').waitFor();
    const email = page.getByLabel('E-mail');
    await expect(email.evaluate((field) => field === document.activeElement)).resolves.toBe(true);
    const summary = page.locator('.wrong');
    expect(await summary.getAttribute('aria-atomic')).toBe('false');
    expect(await summary.getAttribute('aria-relevant')).toBe('additions');
  });

  it('tells of the cart, and of an order that was not taken', async () => {
    const page = await visit('/shop');
    await page.getByRole('button', { name: 'Add Pilot compass' }).click();
    await status(page, '1 × Pilot compass in your cart');
    await page.goto(`${playground.url}/shop/checkout`);
    await page.locator('html.live-connected').waitFor({ state: 'attached' });
    await page.getByRole('button', { name: /Order for/ }).click();
    await page.getByRole('alert').filter({ hasText: 'Not ordered yet' }).waitFor();
    await expect(page.getByLabel('Name').evaluate((field) => field === document.activeElement)).resolves.toBe(true);
  });

  it('tells of the next step, and of what was found', async () => {
    const wizard = await visit('/wizard');
    await status(wizard, 'Step 1: Who comes');
    await wizard.getByLabel('Your name').fill('Ada Lovelace');
    await wizard.getByLabel('E-mail').fill('ada@example.org');
    await wizard.locator('.ways').getByRole('button', { name: 'Continue' }).click();
    await status(wizard, 'Step 2: Which workshop');
    const orders = await visit('/orders');
    await orders.getByRole('searchbox').fill('no such order');
    await status(orders, 'No order found');
    await orders.getByRole('searchbox').fill('');
    await status(orders, ' found');
  });

  it('does not tell each word of a tale', async () => {
    const page = await visit('/streaming');
    expect(await isHeard(page, '.tale output')).toBe(false);
    await page.getByRole('button', { name: 'Tell a tale' }).click();
    await page.locator('.tale .text').waitFor();
    expect(await isHeard(page, '.tale .text')).toBe(false);
    await status(page, 'The tale is told.');
    await page.getByRole('button', { name: 'Export 40 pages' }).click();
    await page.locator('.job .count', { hasText: /^\s*Page/ }).waitFor();
    expect(await isHeard(page, '.job .count')).toBe(false);
  });
});
