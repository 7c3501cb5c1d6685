import { describe, expect, it, jest } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';

import { openPlayground } from '../open-playground.js';

jest.setTimeout(90_000);

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 800 };

describe('the orders in Chromium', () => {
  const playground = openPlayground();

  /** Somebody at the orders, in a browser of their own. */
  const come = async (path: string, { viewport = WIDE } = {}): Promise<Page> => {
    const context = await playground.browser.newContext({ viewport });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`${playground.url}${path}`);
    await page.locator('html.live-connected').waitFor();
    return page;
  };
  const save = (page: Page): Promise<void> => page.getByRole('button', { name: 'Save', exact: true }).click();
  const saved = (page: Page): Promise<void> => page.getByText('Saved', { exact: true }).waitFor();
  const line = (page: Page, number: number): Locator => page.getByRole('group', { name: `Line ${number}` });
  const row = (page: Page, number: string): Locator => page.locator('tbody tr', { hasText: number });
  const isOverflowing = (page: Page): Promise<boolean> =>
    page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);

  it('is a list that is searched and filtered, with an address for each view', async () => {
    const page = await come('/orders', { viewport: NARROW });
    expect(await isOverflowing(page)).toBe(false);
    expect(await page.locator('tbody tr').count()).toBe(6);
    await page.getByLabel('Search').fill('alma');
    await row(page, 'A-1042').waitFor({ state: 'detached' });
    expect(await page.locator('tbody tr').count()).toBe(2);
    await page.getByText('draft', { exact: true }).first().click();
    await row(page, 'A-1041').waitFor({ state: 'detached' });
    await page.waitForURL(({ search }) => search === '?search=alma&status=draft');
    await page.getByLabel('Search').fill('nobody');
    await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
    await page.getByRole('link', { name: 'Show all' }).click();
    await row(page, 'A-1042').waitFor();
    await page.context().close();
  });

  it('takes a new order, line by line, and shows it to whoever looks at the list', async () => {
    const [list, page] = [await come('/orders'), await come('/orders/new', { viewport: NARROW })];
    await save(page);
    await page.getByText('Choose a customer.').waitFor();
    expect(await line(page, 1).getByText('Name the article.').count()).toBe(1);
    await page.getByLabel('Customer').selectOption('Harbour Bakery');
    expect(await page.getByLabel('Customer').textContent()).not.toContain('Old Mill');
    await line(page, 1).getByLabel('Article').fill('Rye flour');
    await line(page, 1).getByLabel('Quantity').fill('3');
    await line(page, 1).getByLabel('Price').fill('12.5');
    await page.getByRole('button', { name: 'Add a line' }).click();
    await line(page, 2).getByLabel('Article').fill('Salt');
    await line(page, 2).getByLabel('Quantity').fill('two');
    await line(page, 2).getByLabel('Price').fill('0.99');
    await save(page);
    await line(page, 2).getByText('must be a number').waitFor();
    await line(page, 2).getByLabel('Quantity').fill('2');
    await page.getByRole('textbox', { name: 'Note' }).click();
    await page.getByText('€39.48').waitFor();
    expect(await isOverflowing(page)).toBe(false);
    await save(page);
    await page.getByRole('heading', { name: 'Order A-1047' }).waitFor();
    expect(await line(page, 2).getByLabel('Price').inputValue()).toBe('0.99');
    await row(list, 'A-1047').getByText('€39.48').waitFor();

    await page.getByLabel('Number').fill('A-1041');
    await page.getByRole('button', { name: 'Remove line 1' }).click();
    await line(page, 2).waitFor({ state: 'detached' });
    await save(page);
    await page.getByText('Another order has this number.').waitFor();
    await page.getByLabel('Number').fill('A-2000');
    await save(page);
    await saved(page);
    await row(list, 'A-2000').getByText('€1.98').waitFor();
    for (const one of [list, page]) await one.context().close();
  });

  it('shows the second of two people what the first has saved, who then keeps, takes or adds', async () => {
    const [ada, bob] = [await come('/orders/3'), await come('/orders/3', { viewport: NARROW })];
    await ada.getByRole('textbox', { name: 'Note' }).fill('Front door.');
    await ada.getByLabel('Status').selectOption('shipped');
    await save(ada);
    await saved(ada);

    await bob.getByRole('textbox', { name: 'Note' }).fill('Ring twice.');
    await bob.getByLabel('Due').fill('2026-12-24');
    await save(bob);
    const box = bob.getByRole('alert');
    await box.getByText('Somebody else has changed this order').waitFor();
    expect(await box.getByRole('row', { name: /Note/ }).innerText()).toMatch(/Ring twice\.[\s\S]*Front door\./);
    expect(
      await box
        .getByRole('row')
        .filter({ hasText: /Due|Status/ })
        .count(),
    ).toBe(0);
    await bob.getByText('Status is now shipped').waitFor();
    expect(await bob.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('Ring twice.');
    expect(await bob.getByLabel('Status').inputValue()).toBe('shipped');
    expect(await isOverflowing(bob)).toBe(false);
    // Saving again without a choice overwrites nothing.
    await save(bob);
    await box.getByText('Somebody else has changed this order').waitFor();
    await bob.getByRole('button', { name: 'Save mine' }).click();
    await saved(bob);

    // Ada's turn to be late: she takes his.
    await ada.getByRole('textbox', { name: 'Note' }).fill('Mine.');
    await save(ada);
    await ada.getByRole('button', { name: 'Take all of theirs' }).click();
    await ada.getByRole('alert').waitFor({ state: 'detached' });
    expect(await ada.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('Ring twice.');
    expect(await ada.getByLabel('Due').inputValue()).toBe('2026-12-24');
    expect(await ada.getByLabel('Status').inputValue()).toBe('shipped');

    // Different fields: both stay, once the second has seen it.
    await ada.getByLabel('Status').selectOption('confirmed');
    await save(ada);
    await saved(ada);
    await line(bob, 1).getByLabel('Quantity').fill('17');
    await save(bob);
    await bob.getByText('Status is now confirmed').waitFor();
    await save(bob);
    await saved(bob);
    await ada.reload();
    await ada.locator('html.live-connected').waitFor();
    expect(await line(ada, 1).getByLabel('Quantity').inputValue()).toBe('17');
    expect(await ada.getByLabel('Status').inputValue()).toBe('confirmed');
    for (const one of [ada, bob]) await one.context().close();
  });

  it('is searched, edited and disputed where no script runs', async () => {
    const context = await playground.browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`${playground.url}/orders`);
    await page.getByLabel('Search').fill('lighthouse');
    await page.getByRole('button', { name: 'Find' }).click();
    expect(await page.locator('tbody tr').count()).toBe(1);
    await page.getByRole('link', { name: 'A-1042' }).click();
    await line(page, 1).getByLabel('Quantity').fill('none');
    await page.getByRole('button', { name: 'Add a line' }).click();
    expect(await line(page, 1).getByLabel('Quantity').inputValue()).toBe('none');
    await line(page, 3).getByLabel('Article').fill('Honey');
    await line(page, 3).getByLabel('Quantity').fill('1');
    await line(page, 3).getByLabel('Price').fill('9');
    await save(page);
    expect(await line(page, 1).getByText('must be a number').count()).toBe(1);
    await line(page, 1).getByLabel('Quantity').fill('1');
    await save(page);
    expect(await page.getByText('Saved', { exact: true }).count()).toBe(1);
    expect(await line(page, 3).getByLabel('Price').inputValue()).toBe('9.00');

    const other = await context.newPage();
    await other.goto(`${playground.url}/orders/2`);
    await page.getByRole('textbox', { name: 'Note' }).fill('Theirs.');
    await save(page);
    await other.getByRole('textbox', { name: 'Note' }).fill('Mine.');
    await save(other);
    expect(await other.getByRole('alert').innerText()).toMatch(/Mine\.[\s\S]*Theirs\./);
    await other.getByRole('button', { name: 'Save mine' }).click();
    expect(await other.getByText('Saved', { exact: true }).count()).toBe(1);
    await page.reload();
    expect(await page.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('Mine.');
    await context.close();
  });

  it('says that an order does not exist', async () => {
    for (const path of ['/orders/4711', '/orders/nobody', '/orders/9999999999']) {
      const page = await playground.browser.newPage();
      const response = await page.goto(`${playground.url}${path}`);
      expect(response?.status()).toBe(404);
      expect(await page.getByRole('heading', { name: 'No such order' }).count()).toBe(1);
      await page.close();
    }
  });
});
