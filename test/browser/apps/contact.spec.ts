import { describe, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';

import { openPlayground } from '../open-playground.js';

jest.setTimeout(60_000);

describe('the contact form in Chromium', () => {
  const playground = openPlayground();

  const visit = async ({ width = 1280, javaScriptEnabled = true } = {}): Promise<Page> => {
    const context = await playground.browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(`${playground.url}/contact`);
    if (javaScriptEnabled) await page.locator('html.live-connected').waitFor();
    return page;
  };
  const fill = async (page: Page): Promise<void> => {
    await page.getByLabel('Your name').fill('Ada Lovelace');
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByLabel('What is it about?').selectOption('A product');
    await page.getByLabel('Your message').fill('Does the kettle whistle?');
    await page.getByLabel('You may keep my message').check();
  };
  const problems = async (page: Page): Promise<string[]> =>
    (await page.locator('.field-errors').allTextContents()).map((text) => text.trim()).filter(Boolean);
  const letters = (page: Page): Promise<number> => page.locator('.inbox li').count();
  const isOverflowing = (page: Page): Promise<boolean> =>
    page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);

  it('says what is wrong as one goes from field to field, and sends what is right once', async () => {
    const page = await visit();
    await page.getByLabel('E-mail').fill('ada');
    await page.keyboard.press('Tab');
    await page.getByText('Write an address that we can answer').waitFor();
    expect(await problems(page)).toHaveLength(1);
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.keyboard.press('Tab');
    await page.getByText('Write an address that we can answer').waitFor({ state: 'detached' });

    await page.getByLabel('Order number').fill('seven');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('alert').getByText('Not sent yet').waitFor();
    expect(await problems(page)).toHaveLength(5);
    expect(await page.getByLabel('E-mail').getAttribute('aria-invalid')).toBeNull();
    expect(await page.getByLabel('Order number').inputValue()).toBe('seven');
    await page.getByRole('alert').getByRole('link', { name: 'Your message' }).click();
    expect(await page.getByLabel('Your message').evaluate((field) => field === document.activeElement)).toBe(true);

    await fill(page);
    await page.getByLabel('Order number').fill('7731');
    await page.getByRole('button', { name: 'Send' }).dblclick();
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    const reference = await page.locator('.reference').innerText();
    await page.locator('.inbox li', { hasText: reference }).waitFor();
    expect(await letters(page)).toBe(1);

    await page.getByRole('button', { name: 'Write another message' }).click();
    await page.getByLabel('Your message').waitFor();
    expect(await page.getByLabel('Your message').inputValue()).toBe('');
    expect(await problems(page)).toEqual([]);
    await page.reload();
    await page.locator('.inbox li', { hasText: reference }).waitFor();
    expect(await letters(page)).toBe(1);
  });

  it('fits a narrow screen, and shows nobody what others have sent', async () => {
    const page = await visit({ width: 390 });
    expect(await letters(page)).toBe(0);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('alert').waitFor();
    expect(await isOverflowing(page)).toBe(false);
    await fill(page);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    expect(await isOverflowing(page)).toBe(false);
  });

  it('does the same where no script runs', async () => {
    const page = await visit({ javaScriptEnabled: false });
    await page.getByLabel('E-mail').fill('ada');
    await page.getByLabel('Your message').fill('Does the kettle whistle?');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('alert').getByText('Not sent yet').waitFor();
    expect(await problems(page)).toHaveLength(4);
    expect(await page.getByLabel('E-mail').inputValue()).toBe('ada');
    expect(await page.getByLabel('Your message').inputValue()).toBe('Does the kettle whistle?');

    await fill(page);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    const reference = await page.locator('.reference').innerText();
    await page.locator('.inbox li', { hasText: reference }).waitFor();
    // Loading the page anew sends nothing anew.
    await page.reload();
    expect(await letters(page)).toBe(1);
  });
});
