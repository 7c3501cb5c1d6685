import { describe, expect, it, jest } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';

import { openPlayground } from '../open-playground.js';

jest.setTimeout(90_000);

describe('the booking wizard in Chromium', () => {
  const playground = openPlayground();

  const visit = async ({ width = 1280, javaScriptEnabled = true } = {}): Promise<Page> => {
    const context = await playground.browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`${playground.url}/wizard`);
    if (javaScriptEnabled) await page.locator('html.live-connected').waitFor();
    return page;
  };
  const heading = (page: Page, name: string): Promise<void> =>
    page.getByRole('heading', { name, exact: true }).waitFor();
  const goOn = (page: Page): Promise<void> => page.locator('.ways').getByRole('button', { name: 'Continue' }).click();
  const current = (page: Page): Locator => page.locator('[aria-current=step]');
  const isOverflowing = (page: Page): Promise<boolean> =>
    page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);

  /** From the first step to the review. */
  const fillIn = async (page: Page, workshop = 'Throwing on the wheel'): Promise<void> => {
    await page.getByLabel('Your name').fill('Ada Lovelace');
    await page.getByLabel('E-mail').fill('ada@example.org');
    await goOn(page);
    await heading(page, 'Which workshop');
    await page.getByLabel(workshop).check();
    await page.getByLabel('How many people?').fill('2');
    await goOn(page);
    await heading(page, 'Extras');
    await page.getByLabel('Lunch').check();
    await page.getByLabel('Anything we should know?').fill('No nuts, please.');
    await goOn(page);
    await heading(page, 'Review');
  };

  it('leads to a booking, forth and back and over a reload, and loses nothing', async () => {
    const page = await visit();
    expect(await current(page).innerText()).toContain('Who comes');
    await goOn(page);
    await page.getByText('Tell us your name.').waitFor();
    await fillIn(page);
    expect(new URL(page.url()).searchParams.get('step')).toBe('review');
    expect(await current(page).innerText()).toContain('Review');

    // The browser's own way back, and on again.
    await page.goBack();
    await heading(page, 'Extras');
    expect(await page.getByLabel('Lunch').isChecked()).toBe(true);
    await page.goBack();
    await heading(page, 'Which workshop');
    expect(await page.getByLabel('How many people?').inputValue()).toBe('2');
    await page.getByLabel('How many people?').fill('3');
    await page.getByText('255 €').first().waitFor();
    await page.goForward();
    await heading(page, 'Extras');
    expect(await page.getByLabel('Anything we should know?').inputValue()).toBe('No nuts, please.');

    // Whoever comes again goes on where they were, with what they had not sent yet.
    await page.getByLabel('Anything we should know?').fill('No nuts and no fish');
    await page.getByRole('button', { name: 'Back' }).click();
    await heading(page, 'Which workshop');
    await page.reload();
    await heading(page, 'Which workshop');
    expect(await page.getByLabel('How many people?').inputValue()).toBe('3');
    await page.locator('.trail').getByRole('button', { name: 'Review' }).click();
    await heading(page, 'Review');
    await page.getByText('“No nuts and no fish”').waitFor();

    await page.getByRole('button', { name: 'Edit who comes' }).click();
    await heading(page, 'Who comes');
    expect(await page.getByLabel('Your name').inputValue()).toBe('Ada Lovelace');
    await page.getByLabel('Your name').fill('Ada King');
    // “Enter” goes on, as in any form.
    await page.keyboard.press('Enter');
    await heading(page, 'Which workshop');
    await page.locator('.trail').getByRole('button', { name: 'Review' }).click();
    await page.getByText('Ada King').waitFor();
    await page.getByRole('button', { name: 'Book for 297 €' }).dblclick();
    await heading(page, 'See you at the studio');
    expect(await page.locator('.booking-number').innerText()).toMatch(/^W-\d{5}$/);

    await page.getByRole('button', { name: 'Book another place' }).click();
    await heading(page, 'Who comes');
    expect(await page.getByLabel('Your name').inputValue()).toBe('');
    await page.getByLabel('Your name').fill('Grace');
    await page.getByLabel('E-mail').fill('grace@example.org');
    await goOn(page);
    // Two clicks booked once: three of eight places are gone.
    await page.locator('.workshop', { hasText: 'Throwing' }).getByText('5 left').waitFor();
  });

  it('leads no further than one has been, whatever the address says', async () => {
    const page = await visit();
    await page.goto(`${playground.url}/wizard?step=review`);
    await heading(page, 'Who comes');
  });

  it('says on a narrow screen that somebody else took the last places', async () => {
    const [page, other] = [await visit({ width: 390 }), await visit()];
    await fillIn(page, 'Glazes and fire');
    expect(await isOverflowing(page)).toBe(false);
    await fillIn(other, 'Glazes and fire');
    await other.getByRole('button', { name: /Book for/ }).click();
    await heading(other, 'See you at the studio');
    await page.getByRole('button', { name: /Book for/ }).click();
    await page.getByText('It was sold out a moment ago.').waitFor();
    await page.locator('.workshop', { hasText: 'Glazes' }).getByText('Sold out').waitFor();
    expect(await isOverflowing(page)).toBe(false);
    await page.getByLabel('Building by hand').check();
    await page.locator('.trail').getByRole('button', { name: 'Review' }).click();
    await page.getByRole('button', { name: /Book for/ }).click();
    await heading(page, 'See you at the studio');
  });

  it('does the same where no script runs', async () => {
    const page = await visit({ javaScriptEnabled: false });
    await goOn(page);
    await page.getByText('Tell us your name.').waitFor();
    await fillIn(page, 'Building by hand');
    await page.getByRole('button', { name: 'Edit which workshop' }).click();
    await heading(page, 'Which workshop');
    expect(await page.getByLabel('How many people?').inputValue()).toBe('2');
    await page.locator('.trail').getByRole('button', { name: 'Review' }).click();
    await page.getByRole('button', { name: /Book for/ }).click();
    await heading(page, 'See you at the studio');
  });
});
