import { expect, it } from '@jest/globals';

import { openPlayground } from './open-playground.js';

const playground = openPlayground();

it('the to-do page of the playground takes tasks with scripts off, and says what is wrong', async () => {
  const context = await playground.browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  page.setDefaultTimeout(6_000);
  await page.goto(`${playground.url}/todo`);
  const add = async (title: string): Promise<void> => {
    await page.getByLabel('New task').fill(title);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
  };
  await add('Buy tea');
  await page.getByText('Buy tea', { exact: true }).waitFor();
  await add('Drink it');
  await page.getByText('Drink it', { exact: true }).waitFor();
  expect(await page.locator('.tasks span').allTextContents()).toEqual(expect.arrayContaining(['Buy tea', 'Drink it']));
  await add('');
  await page.locator('#todo-problem').waitFor();
  expect(await page.locator('.tasks span').allTextContents()).toEqual(expect.arrayContaining(['Buy tea', 'Drink it']));
  await context.close();
});
