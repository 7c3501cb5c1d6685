import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

import { createPlayground } from '../../apps/playground/src/create-playground.js';
import { APPLICATIONS } from '../../apps/playground/src/pages/application.js';
import { DEMOS } from '../../apps/playground/src/pages/demo.js';
import { launchChromium } from './chromium.js';

jest.setTimeout(60_000);

describe('the playground in Chromium', () => {
  let url: string;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** Console errors, which every policy violation is one of, and uncaught exceptions. */
  let troubles: string[];

  const started: INestApplication[] = [];

  const start = async (port = 0): Promise<INestApplication> => {
    const app = await createPlayground({ logger: ['error', 'fatal'] });
    started.push(app);
    await app.listen(port, '127.0.0.1');
    return app;
  };

  beforeAll(async () => {
    url = await (await start()).getUrl();
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    for (const app of started) await app.close();
  });

  beforeEach(async () => {
    troubles = [];
    context = await browser.newContext();
    page = await open();
  });

  afterEach(async () => {
    expect(troubles).toEqual([]);
    await page.close();
  });

  const open = async (): Promise<Page> => {
    const opened = await context.newPage();
    opened.setDefaultTimeout(15_000);
    opened.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
    opened.on('pageerror', (error) => troubles.push(error.message));
    return opened;
  };

  /** Waits until the browser shows this; a miss says what it shows instead. */
  const shows = async (locator: Locator, text: string): Promise<void> => {
    const seen = locator.filter({ hasText: text }).first();
    await seen.waitFor().catch(async () => expect(await locator.allInnerTexts()).toContain(text));
  };

  const button = (name: string, within: Page | Locator = page): Locator =>
    within.getByRole('button', { name, exact: true });

  const notice = (): Locator => page.locator('.live-notice');
  it('lists every demo, and each shows the source that makes it', async () => {
    await page.goto(url);
    for (const { name, title, files } of DEMOS) {
      await page.locator(`.card[href="/${name}"]`).click();
      await page.waitForURL(`${url}/${name}`);
      expect(await page.locator('h1').innerText()).toBe(title);
      expect(await page.locator('summary').allInnerTexts()).toEqual([...files]);
      await page.goBack();
    }
  });

  it.each(['', ...[...APPLICATIONS, ...DEMOS].map(({ name }) => name)])(
    'lays /%s out on a narrow screen without scrolling sideways',
    async (name) => {
      await page.setViewportSize({ width: 360, height: 700 });
      await page.goto(`${url}/${name}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    },
  );

  it('refuses inline style and text made HTML, so that the silence of the other tests means something', async () => {
    await page.goto(`${url}/counter`);
    const refused = await page.evaluate(() => {
      document.body.setAttribute('style', 'rotate: 90deg');
      try {
        document.body.innerHTML = '<p>text made HTML</p>';
        return false;
      } catch {
        return getComputedStyle(document.body).rotate === 'none';
      }
    });
    expect(refused).toBe(true);
    expect(troubles).toHaveLength(2);
    troubles = [];
  });

  it('counts three times apart', async () => {
    await page.goto(`${url}/counter`);
    const counters = page.locator('[live-component=counter]');
    const values = page.locator('output');
    expect(await values.allInnerTexts()).toEqual(['0', '10', '100']);

    await button('+1', counters.nth(0)).click();
    await shows(values.nth(0), '1');
    await button('+1', counters.nth(1)).click();
    await button('+5', counters.nth(1)).click();
    await shows(values.nth(1), '16');
    await button('−25', counters.nth(2)).click();
    await shows(values.nth(2), '75');
    expect(await values.allInnerTexts()).toEqual(['1', '16', '75']);

    await button('Reset', counters.nth(1)).click();
    await shows(values.nth(1), '10');
  });

  it('says that the server cannot be reached, and sends what was done meanwhile when it is back', async () => {
    const before = await start();
    const address = await before.getUrl();
    await page.goto(`${address}/counter`);
    await page.locator('html.live-connected').waitFor();
    await before.close();
    await button('+1').first().click();
    await page.locator('.offline').waitFor();

    await start(Number(new URL(address).port));
    await shows(page.locator('output').first(), '1');
    await page.locator('.offline').waitFor({ state: 'hidden' });
    // What the browser itself notes about connections that nobody took, and about questions over HTTP for instances that
    // have gone with the memory of the first server.
    troubles = troubles.filter((trouble) => !/net::ERR_(CONNECTION_|EMPTY_)|status of 410/.test(trouble));
  });

  describe('to-do list', () => {
    const title = (): Locator => page.getByLabel('New task');
    const rows = (): Locator => page.locator('.tasks li:not(.empty)');

    const add = async (text: string): Promise<void> => {
      await title().fill(text);
      await button('Add').click();
      await rows().filter({ hasText: text }).waitFor();
    };

    beforeEach(() => page.goto(`${url}/todo`));

    it('says that it is empty, and why it refuses a title', async () => {
      await shows(page.locator('.empty'), 'Nothing to do.');
      await button('Add').click();
      await shows(page.locator('.problem'), 'Write what is to be done.');
      expect(await title().getAttribute('aria-invalid')).toBe('true');
      expect(await title().getAttribute('aria-describedby')).toBe(await page.locator('.problem').getAttribute('id'));

      await title().fill('x'.repeat(81));
      await button('Add').click();
      await shows(page.locator('.problem'), 'this has 81');
      expect(await title().inputValue()).toBe('x'.repeat(81));

      await add('Water the plants');
      await page.locator('.problem').waitFor({ state: 'detached' });
      expect(await title().inputValue()).toBe('');
      expect(await title().getAttribute('aria-invalid')).toBeNull();
    });

    it('completes, filters, removes and clears', async () => {
      for (const task of ['Water the plants', 'Write to Ada', '<b>Fly</b> a kite']) await add(task);
      await page.getByLabel('Write to Ada', { exact: true }).check();
      await shows(page.locator('footer'), '2 open of 3');

      await page.getByLabel('open', { exact: true }).check();
      await rows().filter({ hasText: 'Write to Ada' }).waitFor({ state: 'detached' });
      expect(await rows().allInnerTexts()).toEqual([
        expect.stringContaining('Water the plants'),
        expect.stringContaining('<b>Fly</b> a kite'),
      ]);

      await page.getByLabel('done', { exact: true }).check();
      await rows().filter({ hasText: 'Write to Ada' }).waitFor();
      await button('Clear done').click();
      await shows(page.locator('.empty'), 'Nothing here.');

      await page.getByLabel('all', { exact: true }).check();
      await button('Remove Water the plants').click();
      await shows(page.locator('footer'), '1 open of 1');
      await button('Remove <b>Fly</b> a kite').click();
      await shows(page.locator('.empty'), 'Nothing to do.');
    });

    it('keeps the elements of the rows that stay', async () => {
      for (const task of ['one', 'two', 'three']) await add(task);
      await rows()
        .nth(2)
        .evaluate((row) => row.setAttribute('data-seen', 'three'));
      await button('Remove one').click();
      await rows().filter({ hasText: 'one' }).waitFor({ state: 'detached' });
      expect(await rows().nth(1).getAttribute('data-seen')).toBe('three');
    });
  });

  it('shows the same ticker to everybody, moving by itself', async () => {
    const other = await open();
    for (const viewer of [page, other]) await viewer.goto(`${url}/ticker`);
    for (const viewer of [page, other]) {
      const first = await viewer.locator('time').innerText();
      await viewer.waitForFunction((before) => document.querySelector('time')?.textContent !== before, first);
      expect(await viewer.locator('td:last-child:is(.up, .down, .flat)').count()).toBe(4);
    }
    await other.close();
  });

  it('refuses a board inside the page, and opens it to whom it is for', async () => {
    const response = await page.goto(`${url}/guarded`);
    expect(response?.status()).toBe(200);
    expect(await notice().getAttribute('data-code')).toBe('UNAUTHENTICATED');
    await shows(notice(), 'Sign in to continue.');

    await button('Sign in as user').click();
    await shows(page.locator('.board'), 'The kettle is back.');
    await page.getByLabel('Notice', { exact: true }).fill('Cake!');
    await button('Pin').click();
    await shows(notice(), 'You are not allowed to do this.');
    expect(await notice().getAttribute('data-code')).toBe('FORBIDDEN');
    expect(await page.locator('.board li').count()).toBe(1);

    await button('Sign in as staff').click();
    await shows(page.locator('.accounts'), 'Stefan Staff');
    await page.getByLabel('Notice', { exact: true }).fill('Cake!');
    await button('Pin').click();
    await shows(page.locator('.board li').first(), 'Cake!');

    await button('Sign out').click();
    await shows(notice(), 'Sign in to continue.');
    expect(await page.locator('.board').count()).toBe(0);
  });

  it('finds books while somebody types, and says when there are none', async () => {
    await page.goto(`${url}/search`);
    const input = page.getByLabel('Search books');
    await shows(page.getByRole('status').last(), '200 books');

    const busy = page.evaluate(
      () =>
        new Promise((seen) => {
          const root = document.querySelector('[live-component=book-search]')!;
          new MutationObserver(() => root.matches('.live-loading[aria-busy=true]') && seen('busy')).observe(root, {
            attributes: true,
          });
        }),
    );
    await input.pressSequentially('glass pi');
    expect(await busy).toBe('busy');
    await shows(page.locator('.count'), '1 of 200 books');
    expect(await page.locator('.books li').allInnerTexts()).toEqual([expect.stringContaining('The Glass Piano')]);
    expect(await input.inputValue()).toBe('glass pi');
    expect(await input.evaluate((element) => element === document.activeElement)).toBe(true);

    await input.fill('unwritten by nobody');
    await shows(page.locator('.empty'), 'unwritten by nobody');
    await shows(page.locator('.count'), '0 of 200 books');

    await input.fill('');
    await shows(page.locator('.count'), 'Try');
  });

  it('refuses an order in words, and leaves for another page with a good one', async () => {
    await page.goto(`${url}/navigation`);
    await button('Order').click();
    await shows(notice(), 'tell us whom the tea is for');
    expect(await notice().getAttribute('data-code')).toBe('VALIDATION_FAILED');

    await page.getByLabel('Your name').fill('<i>Ida</i> & co');
    await page.getByLabel('Jasmine').check();
    await button('Order').click();
    await page.waitForURL(`${url}/navigation/served?**`);
    await shows(page.locator('h3'), 'A cup of Jasmine for <i>Ida</i> & co');
  });

  it('is driven by plain htmx, refusals included', async () => {
    await page.goto(`${url}/htmx`);
    expect(await page.locator('script[src*="/components/"]').count()).toBe(0);
    const value = page.locator('output');
    await button('+500').click();
    await shows(notice(), 'amount must not be greater than 100');
    expect(await value.innerText()).toBe('10');
    // What the browser itself notes about the status of the refusal.
    expect(troubles.splice(0)).toEqual([expect.stringContaining('422')]);

    await button('+1').click();
    await shows(value, '11');
    expect(await notice().count()).toBe(0);
    await button('+5').click();
    await shows(value, '16');
  });
});
