import { describe, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';

import { openPlayground } from './open-playground.js';

jest.setTimeout(60_000);

describe('presence in Chromium', () => {
  const playground = openPlayground();

  const visit = async (page: Page): Promise<Page> => {
    page.setDefaultTimeout(15_000);
    await page.goto(`${playground.url}/presence`);
    return page;
  };

  it('shows who has the page open to those who signed in, once for all their tabs', async () => {
    const [mine, other] = [await playground.browser.newContext(), await playground.browser.newContext()];
    const uma = await visit(await mine.newPage());
    await uma.getByRole('button', { name: 'Sign in as Uma' }).click();
    await uma.locator('[live-component=tea-room] li', { hasText: 'Uma User' }).waitFor();
    const second = await visit(await mine.newPage());
    await second.getByText('1 here').waitFor();
    const nobody = await visit(await other.newPage());
    await uma.getByText('2 here').waitFor();
    await nobody.getByText('2 here').waitFor();
    expect(await nobody.locator('[live-component=tea-room]').innerText()).not.toContain('Uma');
    await nobody.getByRole('button', { name: 'Sign in as Stefan' }).click();
    await uma.locator('[live-component=tea-room] li', { hasText: 'Stefan Staff' }).waitFor();
    await second.close();
    await nobody.close();
    await uma.getByText('1 here').waitFor();
  });
});
