import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { BrowserContext, Locator, Page } from 'playwright-core';

import { Warehouse } from '../../../apps/shop/src/warehouse.js';
import { openPlayground } from '../open-playground.js';

jest.setTimeout(60_000);

describe('the shop, in Chromium', () => {
  const playground = openPlayground();
  const customers: BrowserContext[] = [];
  const troubles: string[] = [];

  /** A tab of somebody new, or of somebody who is here already. */
  const open = async (customer?: BrowserContext, path = '/shop'): Promise<Page> => {
    const context = customer ?? (await playground.browser.newContext());
    if (!customer) customers.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
    page.on('pageerror', ({ message }) => troubles.push(message));
    await page.goto(`${playground.url}${path}`);
    await page.locator('html.live-connected').waitFor({ state: 'attached' });
    return page;
  };

  afterEach(async () => {
    expect(troubles.splice(0)).toEqual([]);
    for (const customer of customers.splice(0)) await customer.close();
  });

  const article = (page: Page, name: string): Locator => page.locator('.article').filter({ hasText: name });
  const line = (page: Page, name: string): Locator => page.locator('.lines li').filter({ hasText: name });
  const add = (page: Page, name: string): Promise<void> =>
    page.getByRole('button', { name: `Add ${name}`, exact: true }).click();
  const settled = (page: Page): Promise<void> =>
    page.locator('[live-component=shop-shelf]:not(.live-loading)').waitFor();

  /** The warehouse thinks until it is told to answer. */
  const keepWaiting = (): (() => void) => {
    const warehouse = playground.app.get(Warehouse, { strict: false });
    const hold = warehouse.hold.bind(warehouse);
    let answer: (value?: unknown) => void = () => {};
    const told = new Promise((resolve) => (answer = resolve));
    const spy = jest.spyOn(warehouse, 'hold').mockImplementation(async (...asked) => {
      await told;
      return hold(...asked);
    });
    return () => {
      answer();
      spy.mockRestore();
    };
  };

  it('begins with an empty cart, and shows one kind under an address of its own', async () => {
    const page = await open();
    expect(await page.locator('.cart .empty').innerText()).toMatch(/^Nothing yet\./);
    expect(await page.locator('.article').count()).toBe(12);
    await page.locator('.pills').getByText('find').click();
    await page.waitForURL('**/shop?kind=find');
    await page.locator('.article').nth(3).waitFor({ state: 'detached' });
    expect(await page.locator('.article h3').allInnerTexts()).toEqual(['Pilot compass', 'Coast map', 'Keeper lantern']);
    await page.goBack();
    await page.locator('.article').nth(11).waitFor();
  });

  it('adds before the warehouse has answered, and the cart of every tab agrees', async () => {
    const page = await open();
    const other = await open(page.context());
    const answer = keepWaiting();
    for (const name of ['Tin mug', 'Tin mug', 'Coast map']) await add(page, name);
    expect(await page.locator('.pieces').textContent()).toBe('3');
    expect(await article(page, 'Tin mug').locator('.left').innerText()).toBe('40 left\n2 in your cart');
    answer();

    await line(other, 'Coast map').waitFor();
    expect(await line(other, 'Tin mug').locator('output').innerText()).toBe('2');
    expect(await other.locator('.sums').innerText()).toBe(
      'Goods\n€43.90\nPostage\n€4.90\nTo free postage\n€36.10\nTotal\n€48.80\nVAT in it\n€9.13',
    );
    expect(await article(other, 'Tin mug').locator('.left').innerText()).toBe('38 left\n2 in your cart');

    await other.getByRole('button', { name: 'One Tin mug more' }).click();
    expect(await line(other, 'Tin mug').locator('output').innerText()).toBe('3');
    await line(page, 'Tin mug').locator('output').filter({ hasText: '3' }).waitFor();
    for (const name of ['Tin mug', 'Coast map']) {
      await page.getByRole('button', { name: `Remove ${name}` }).click();
      expect(await line(page, name).getAttribute('class')).toContain('leaving');
      await line(page, name).waitFor({ state: 'detached' });
    }
    await other.locator('.cart .empty').waitFor();
    expect(await article(other, 'Tin mug').locator('.left').innerText()).toBe('40 left');
  });

  it('gives the last one to who was quicker, and takes back what the other one was shown', async () => {
    const [ada, ben] = [await open(), await open()];
    expect(await article(ada, 'Pilot compass').locator('.left').innerText()).toBe('1 left');
    const answer = keepWaiting();
    for (const page of [ada, ben]) {
      await add(page, 'Pilot compass');
      expect(await article(page, 'Pilot compass').locator('.left').innerText()).toBe('1 left\n1 in your cart');
      expect(await page.locator('.pieces').textContent()).toBe('1');
    }
    answer();
    await line(ada, 'Pilot compass').waitFor();
    await article(ben, 'Pilot compass').getByText('Somebody was quicker.').waitFor();
    await settled(ben);
    expect(await article(ben, 'Pilot compass').locator('.left').innerText()).toBe('0 left');
    expect(await ben.locator('.pieces').textContent()).toBe('0');
    expect(await line(ben, 'Pilot compass').count()).toBe(0);
    expect(await ben.getByRole('button', { name: 'Add Pilot compass' }).isDisabled()).toBe(true);

    await ada.getByRole('button', { name: 'Remove Pilot compass' }).click();
    await ben.getByRole('button', { name: 'Add Pilot compass', disabled: false }).click();
    await line(ben, 'Pilot compass').waitFor();
    expect(await article(ben, 'Pilot compass').getByText('Somebody was quicker.').count()).toBe(0);
  });

  it('orders what is in the cart once what was entered is right, and remembers it', async () => {
    const page = await open();
    await add(page, 'Gull kettle');
    await line(page, 'Gull kettle').waitFor();
    await page.getByRole('link', { name: 'Check out' }).click();
    await page.waitForURL('**/shop/checkout');
    await page.locator('html.live-connected').waitFor({ state: 'attached' });

    const order = page.getByRole('button', { name: /^Order for/ });
    expect(await order.innerText()).toBe('Order for €44.85');
    await page.getByLabel('Name').fill('Ada Byron');
    await page.getByLabel('E-mail').fill('ada@');
    await page.getByLabel('E-mail').press('Tab');
    await page.getByText('This is no e-mail address.').waitFor();
    await order.click();
    await page.getByText('Write street and number.').waitFor();
    expect(
      await page.locator('[aria-invalid]').evaluateAll((all) => all.map((one) => one.getAttribute('name'))),
    ).toEqual(['email', 'street', 'postcode', 'town']);
    expect(await page.getByLabel('Name').inputValue()).toBe('Ada Byron');

    await page.getByLabel('not at all: I pick it up').check();
    await page.getByRole('button', { name: 'Order for €39.95' }).waitFor();
    for (const [label, text] of [
      ['E-mail', 'ada@example.org'],
      ['Street', '1 Pier Road'],
      ['Postcode', 'T12 AB34'],
      ['Town', 'Cork'],
    ])
      // prettier-ignore
      await page.getByLabel(label).fill(text);
    await order.click();
    await page.getByRole('heading', { name: 'Thank you, Ada Byron' }).waitFor();
    expect(await page.locator('.thanks').innerText()).toMatch(/Order TT-\d+ is ready to be picked up/);
    expect(await page.locator('.thanks .lines').innerText()).toMatch(/^1 × Gull kettle\s+€39\.95$/);

    await page.reload();
    await page.getByRole('heading', { name: 'Thank you, Ada Byron' }).waitFor();
    await page.getByRole('link', { name: 'Go on shopping' }).click();
    await page.locator('.cart .empty').waitFor();
    expect(await article(page, 'Gull kettle').locator('.left').innerText()).toBe('11 left');
  });

  it('has nothing to check out in an empty cart', async () => {
    const page = await open(undefined, '/shop/checkout');
    await page.getByText('Your cart is empty.').waitFor();
    await page.getByRole('link', { name: 'To the shop', exact: true }).click();
    await page.waitForURL('**/shop');
  });

  it.each(['/shop', '/shop/checkout'])('fits %s onto a narrow screen with a full cart', async (path) => {
    const page = await open();
    await add(page, 'Slack Tide hammock');
    await line(page, 'Slack Tide hammock').waitFor();
    await page.setViewportSize({ width: 320, height: 700 });
    await page.goto(`${playground.url}${path}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });
});
