import { describe, expect, it, jest } from '@jest/globals';

import { openPlayground } from './open-playground.js';

jest.setTimeout(60_000);

describe('the forms page of the playground in Chromium', () => {
  const playground = openPlayground();

  it('says what is wrong, keeps the guests, and shows what the handler has received', async () => {
    const page = await playground.browser.newPage();
    page.setDefaultTimeout(15_000);
    const troubles: string[] = [];
    page.on('pageerror', ({ message }) => troubles.push(message));
    page.on('console', (line) => line.type() === 'error' && troubles.push(line.text()));
    await page.goto(`${playground.url}/forms`);

    const register = page.getByRole('button', { name: 'Register' });
    await page.getByLabel('Your name').fill('Ada');
    await page.getByRole('button', { name: 'Add a guest' }).click();
    await register.click();
    await page.locator('.field-errors', { hasText: 'Who is it?' }).waitFor();
    expect(await page.getByLabel('Your name').inputValue()).toBe('Ada');
    expect(await page.getByLabel('E-mail').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('group', { name: 'Topics' }).getAttribute('aria-invalid')).toBe('true');

    await page.getByRole('button', { name: 'Remove guest' }).click();
    await page.locator('.guests .hint').waitFor();
    await page.getByRole('button', { name: 'Add a guest' }).click();
    await page.locator('[name="guests.0.name"]').fill('Charles');
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByLabel('Street').fill('12 St James');
    await page.getByLabel('Town').fill('London');
    await page.getByLabel('Day').fill('2026-12-10');
    await page.getByLabel('Weaving').check();
    await page.getByLabel('Lunch').selectOption('pie');
    await register.click();
    await page.locator('.good').waitFor();
    const received = await page.locator('.received tbody').innerText();
    expect(received).toMatch(/day\s+Date\s+"2026-12-10T00:00:00.000Z"/);
    expect(received).toMatch(/guests\s+Array\s+\[\{"name":"Charles"\}\]/);
    expect(troubles).toEqual([]);
    await page.close();
  });
});
