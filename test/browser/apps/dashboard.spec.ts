import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';

import { openPlayground } from '../open-playground.js';

jest.setTimeout(60_000);

/** The parts of `chart.js` that the test reads. */
interface Drawn {
  readonly data: {
    readonly labels: string[];
    readonly datasets: { readonly label: string; readonly data: number[]; borderColor: string }[];
  };
}

declare global {
  var drawn: Drawn[];
  var Chart: { getChart(canvas: Element): Drawn };
}

describe('the dashboard, in Chromium', () => {
  const playground = openPlayground();
  let page: Page;
  const troubles: string[] = [];

  const open = async (options: BrowserContextOptions = {}, path = '/dashboard'): Promise<void> => {
    page = await (await playground.browser.newContext(options)).newPage();
    page.setDefaultTimeout(15_000);
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
    page.on('pageerror', ({ message }) => troubles.push(message));
    await page.goto(`${playground.url}${path}`);
  };

  afterEach(async () => {
    expect(troubles.splice(0)).toEqual([]);
    await page.context().close();
  });

  const connected = (): Promise<void> => page.locator('html.live-connected').waitFor({ state: 'attached' });
  const time = (): Promise<string> => page.locator('.clock-line time').innerText();
  const beat = async (): Promise<void> => {
    const before = await time();
    await page.waitForFunction((seen) => document.querySelector('.clock-line time')!.textContent !== seen, before);
  };
  const charts = (): Promise<Drawn['data'][]> =>
    page.evaluate(() =>
      [...document.querySelectorAll('live-chart')].map((element) => {
        const { labels, datasets } = Chart.getChart(element.shadowRoot!.querySelector('canvas')!).data;
        const plain = datasets.map(({ label, data, borderColor }) => ({ label, data: [...data], borderColor }));
        return { labels: [...labels], datasets: plain };
      }),
    );
  const tables = (): Promise<number[][]> =>
    page
      .locator('live-chart tbody tr')
      .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('data')].map(({ value }) => Number(value))));

  it('moves once a second, and updates its charts without building them anew', async () => {
    await open();
    await connected();
    await page.evaluate(() => {
      globalThis.drawn = [...document.querySelectorAll('live-chart')].map((element) =>
        Chart.getChart(element.shadowRoot!.querySelector('canvas')!),
      );
    });
    const [line] = await charts();
    expect([line.labels.length, line.datasets.map(({ label }) => label)]).toEqual([
      15,
      ['This minute', 'The minute before'],
    ]);
    for (let beats = 0; beats < 5; beats += 1) await beat();

    const [moved] = await charts();
    expect(moved.labels.at(-1)).not.toBe(line.labels.at(-1));
    expect(moved.labels).toContain(line.labels.at(-1));
    const areTheSame = await page.evaluate(() =>
      [...document.querySelectorAll('live-chart')].every(
        (element, place) => Chart.getChart(element.shadowRoot!.querySelector('canvas')!) === globalThis.drawn[place],
      ),
    );
    expect(areTheSame).toBe(true);
  });

  it('draws what its tables say, in the colours of the page, and stops when it is told to', async () => {
    await open({ colorScheme: 'light' });
    await connected();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    const [stopped, shown] = [await time(), await page.locator('.board').innerText()];
    const [line, bars] = await charts();
    const drawn = [...line.labels.map((_, place) => line.datasets.map(({ data }) => data[place])), ...bars.labels.map((_, place) => [bars.datasets[0].data[place]])]; // prettier-ignore
    expect(drawn).toEqual(await tables());
    expect(line.datasets[0].borderColor).toBe('#0f766e');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForFunction(() => {
      const canvas = document.querySelector('live-chart')!.shadowRoot!.querySelector('canvas')!;
      return Chart.getChart(canvas).data.datasets[0].borderColor === '#4fd1c1';
    });

    await page.waitForTimeout(2_200);
    expect([await time(), await page.locator('.board').innerText()]).toEqual([stopped, shown]);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    expect(await time()).not.toBe(stopped);
  });

  it('keeps the range in the address, and one viewer’s range is not the other’s', async () => {
    await open();
    await connected();
    await page.getByText('Hour', { exact: true }).click();
    await page.waitForURL('**/dashboard?range=hour');
    await page.waitForFunction(() => document.querySelectorAll('.line tbody tr').length === 30);
    await beat();
    expect((await charts())[0].labels).toHaveLength(30);
    await page.getByText('Day', { exact: true }).click();
    await page.waitForURL('**/dashboard?range=day');
    await page.goBack();
    await page.waitForFunction(() => document.querySelectorAll('.line tbody tr').length === 30);
    expect(await page.locator('.tile').first().innerText()).toMatch(
      /^Revenue\n€[\d,.]+\n[+-]?[\d.]+%\s+on the hour before$/,
    );

    const [first] = page.context().pages();
    const other = await page.context().newPage();
    await other.goto(`${playground.url}/dashboard?range=day`);
    expect(await other.locator('.line tbody tr').count()).toBe(24);
    await beat();
    expect(await first.locator('.line tbody tr').count()).toBe(30);
  });

  it('shows new orders on top, and moves no row that was there', async () => {
    await open();
    await connected();
    const rows = page.locator('.latest tbody tr');
    const first = await rows.first().elementHandle();
    const key = await rows.first().getAttribute('live-key');
    await page.waitForFunction(
      (seen) => document.querySelector('.latest tbody tr')!.getAttribute('live-key') !== seen,
      key,
    );
    expect(await rows.count()).toBe(10);
    expect(await first.evaluate((row) => row.isConnected)).toBe(true);
    expect(await page.locator(`.latest tr[live-key="${key}"]`).evaluate((row, kept) => row === kept, first)).toBe(true);
  });

  it('is tables of numbers where no script runs', async () => {
    await open({ javaScriptEnabled: false });
    expect(await page.locator('live-chart table').first().isVisible()).toBe(true);
    expect(await page.locator('live-chart caption').allInnerTexts()).toEqual([
      'Revenue in the last minute',
      'Orders by channel in the last minute',
    ]);
    expect(await page.locator('.latest tbody tr').count()).toBe(10);
  });

  it('gives a screen reader the tables and not the drawing, and moves nothing where motion is unwanted', async () => {
    await open({ reducedMotion: 'reduce' });
    await connected();
    const heard = await page.locator('.bars').ariaSnapshot();
    expect(heard).toContain('table "Orders by channel in the last minute"');
    expect(heard).toMatch(/row "Web \d+"/);
    const animated = await page.evaluate(() =>
      [...document.querySelectorAll('live-chart')].map((element) => {
        const { options } = Chart.getChart(element.shadowRoot!.querySelector('canvas')!) as unknown as { options: { animation: unknown } }; // prettier-ignore
        return options.animation;
      }),
    );
    expect(animated).toEqual([false, false]);
  });
});
