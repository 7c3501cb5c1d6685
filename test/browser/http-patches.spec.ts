import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { LedgerOfRows } from './ledger-of-rows.component.js';
import { Stage } from './stage.js';

jest.setTimeout(90_000);

describe('what an update sends where no socket passes', () => {
  let stage: Stage;
  /** Answers to events, as they came. */
  let answers: string[];

  beforeAll(async () => {
    stage = await Stage.raise();
  });
  afterAll(() => stage.browser.close());

  beforeEach(async () => {
    await stage.open({ providers: [LedgerOfRows], options: {} });
    stage.cable.refusesSockets = true;
    answers = [];
    stage.page.on('response', (response) => {
      if (response.url().endsWith('/ledger-of-rows')) void response.text().then((text) => answers.push(text));
    });
    await stage.page.goto(`${stage.cable.url}/page?c=ledger-of-rows`);
  });
  afterEach(async () => {
    expect(stage.troubles).toEqual([]);
    await stage.close();
  });

  const raise = (id: number) => stage.page.locator(`tr[live-key="${id}"] button`).click();
  const amount = (id: number, text: string) => stage.shows(`tr[live-key="${id}"] .amount`, text);

  it('is what has changed, and touches only the element that shows it', async () => {
    await raise(100);
    await amount(100, '701');
    await stage.page.evaluate(() => {
      const touched: string[] = ((globalThis as { touched?: string[] }).touched = []);
      new MutationObserver((records) => {
        for (const { target } of records) touched.push((target as Element).className || target.nodeName);
      }).observe(document.querySelector('tbody')!, { subtree: true, childList: true, characterData: true });
    });
    await raise(101);
    await amount(101, '708');
    await stage.until(async () => answers.length, 2);

    expect(JSON.parse(answers.at(-1)!)).toEqual([2, expect.any(Number), [expect.any(Number), expect.any(Array)]]);
    expect(answers.at(-1)!.length).toBeLessThan(250);
    expect(await stage.page.evaluate(() => (globalThis as { touched?: string[] }).touched)).toEqual(['#text']);
    expect(stage.cable.upgrades).toBe(0);
  });

  it('adds up to what a render would show, lists as well', async () => {
    for (const name of ['Add', 'Rename', 'Turn', 'Drop', 'Rename', 'Turn', 'Add']) {
      await stage.button(name).click();
    }
    await raise(7);
    await amount(7, '50');
    await stage.shows('p', '2 clicks, <2>');
    await stage.until(async () => answers.length, 8);

    const rows = await stage.page.locator('tr').evaluateAll((all) => all.map((row) => row.getAttribute('live-key')));
    expect(rows).toEqual([...Array.from({ length: 200 }, (_, i) => String(i + 1)), '201']);
    expect(answers.filter((answer) => answer.includes('"html":'))).toHaveLength(1);
  });

  it('is shown whole where the page is not as the server believes', async () => {
    await raise(100);
    await amount(100, '701');
    await stage.page.evaluate(() => document.querySelector('h2')!.remove());
    await stage.button('Rename').click();
    await stage.shows('#last', '<1>');
    await stage.shows('h2.loud', 'Ledger');
    await raise(102);
    await amount(102, '715');
    expect(stage.cable.upgrades).toBe(0);
  });

  it('goes on over a socket that comes up, and over HTTP when it is cut', async () => {
    await raise(100);
    await amount(100, '701');
    stage.cable.refusesSockets = false;
    await stage.page.locator('html.live-connected').waitFor({ state: 'attached', timeout: 60_000 });
    await raise(100);
    await amount(100, '702');
    stage.cable.refusesSockets = true;
    stage.cable.cutSockets();
    await stage.page.locator('html:not(.live-connected)').waitFor({ state: 'attached', timeout: 60_000 });
    for (const more of [3, 4, 5]) {
      await raise(100);
      await amount(100, `70${more}`);
    }
    await stage.button('Rename').click();
    await stage.shows('p', '1 clicks, <1>');
  });
});
