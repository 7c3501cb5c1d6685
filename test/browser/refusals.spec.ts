import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { Counter } from '../e2e/counter.component.js';
import { Risky } from './risky.component.js';
import type { SiteOptions } from './site.js';
import { Stage } from './stage.js';

const FIRST: SiteOptions = {
  providers: [Risky, Counter],
  options: {
    keys: [{ kid: 'first', secret: 'the first key of these tests, 32 bytes' }],
    limits: { eventsPerSecond: 10, eventBurst: 5 },
  },
};
const OTHER_KEYS: SiteOptions = {
  ...FIRST,
  options: { ...FIRST.options, keys: [{ kid: 'second', secret: 'another key of these tests, 32 bytes' }] },
};

describe('a refusal in Chromium', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.raise();
  });

  afterAll(() => stage.browser.close());

  beforeEach(async () => {
    await stage.open(FIRST);
    await stage.visit('c=risky');
  });

  afterEach(async () => {
    expect(stage.troubles).toEqual([]);
    await stage.close();
  });

  const plus = (): Promise<void> => stage.button('+1').click();
  const clicks = (times: number): Promise<void> =>
    stage.page.evaluate((many) => {
      const button = document.querySelector<HTMLElement>('[live-click=increment]')!;
      for (let click = 0; click < many; click += 1) {
        button.removeAttribute('disabled');
        button.click();
      }
    }, times);

  it('says its reason in development', async () => {
    await stage.restart({ ...FIRST, options: { ...FIRST.options, rendering: { development: true } } });
    await stage.visit('c=risky');
    await stage.button('forbidden').click();
    await stage.notice('FORBIDDEN').filter({ hasText: 'You are not allowed to do this. [nobody may]' }).waitFor();
  });

  it('shows FORBIDDEN beside its component, until something newer is known', async () => {
    await stage.button('forbidden').click();
    const notice = stage.notice('FORBIDDEN');
    await notice.waitFor();
    expect(await notice.getAttribute('role')).toBe('alert');
    expect(await notice.textContent()).toContain('You are not allowed to do this.');
    expect(await notice.evaluate((element) => element.previousElementSibling?.getAttribute('live-component'))).toBe(
      'risky',
    );
    await plus();
    await stage.shows('output', '1');
    await notice.waitFor({ state: 'detached' });
  });

  it('is taken away by its button', async () => {
    await stage.button('forbidden').click();
    await stage.notice('FORBIDDEN').getByRole('button', { name: 'Dismiss' }).click();
    expect(await stage.notice('FORBIDDEN').count()).toBe(0);
  });

  it('shows the messages of each field', async () => {
    await stage.button('invalid').click();
    await stage.notice('VALIDATION_FAILED').waitFor();
    expect(await stage.notice('VALIDATION_FAILED').textContent()).toMatch(/by: .*10/);
    await stage.button('+5').click();
    await stage.shows('output', '5');
  });

  it('shows a failing handler with a reference, without its reason, and a way back', async () => {
    await stage.button('fail').click();
    const notice = stage.notice('HANDLER_ERROR');
    await notice.waitFor();
    const text = await notice.textContent();
    expect(text).toMatch(/Nothing was changed.*Reference: \S+/s);
    expect(text).not.toContain('secret');
    await notice.getByRole('button', { name: 'Try again' }).click();
    await stage.until(async () => (await notice.textContent()) !== text && (await notice.count()), 1);
    await plus();
    await stage.shows('output', '1');
  });

  it('goes on with what follows an unknown event', async () => {
    await stage.button('unknown').click();
    await stage.notice('UNKNOWN_EVENT').waitFor();
    await plus();
    await stage.shows('output', '1');
  });

  it('waits by itself when there are too many events, and loses none', async () => {
    const codes = stage.page.evaluate(
      () =>
        new Promise<string>((resolve) =>
          document.addEventListener('live:error', (event) =>
            resolve((event as CustomEvent<{ error: { code: string } }>).detail.error.code),
          ),
        ),
    );
    await clicks(16);
    expect(await codes).toBe('TOO_MANY_EVENTS');
    await stage.until(() => stage.page.locator('output').textContent(), '16', 15_000);
    await stage.notice('TOO_MANY_EVENTS').waitFor({ state: 'detached' });
  });

  it('can be shown by the page in its own way', async () => {
    await stage.page.evaluate(() =>
      document.addEventListener('live:error', (event) => {
        event.preventDefault();
        document.title = (event as CustomEvent<{ error: { code: string } }>).detail.error.code;
      }),
    );
    await stage.button('forbidden').click();
    await stage.until(() => stage.page.title(), 'FORBIDDEN');
    expect(await stage.page.locator('.live-notice').count()).toBe(0);
  });

  it('fetches the page again when the keys have changed, says so, and keeps what was typed', async () => {
    await plus();
    await stage.shows('output', '1');
    await stage.page.locator('#typed').fill('half a thought');
    await stage.page.evaluate(() => ((globalThis as { mark?: string }).mark = 'same page life'));
    await stage.restart(OTHER_KEYS);

    await stage.page.locator('.live-notice').filter({ hasText: 'Recent changes were lost.' }).waitFor();
    await stage.until(() => stage.page.locator('output').textContent(), '0', 15_000);
    expect(await stage.page.locator('#typed').inputValue()).toBe('half a thought');
    await plus();
    await stage.shows('output', '1');
    expect(await stage.page.evaluate(() => (globalThis as { mark?: string }).mark)).toBe('same page life');
  });

  it('keeps 50 events while there is no server, refuses the next visibly, and drains in order', async () => {
    await stage.page.evaluate(() => {
      document.documentElement.dataset.refused = '0';
      document.addEventListener('live:error', (event) => {
        const { error, waiting } = (event as CustomEvent<{ error: { code: string }; waiting?: boolean }>).detail;
        const { dataset } = document.documentElement;
        if (error.code === 'TOO_MANY_IN_FLIGHT' && !waiting) dataset.refused = String(Number(dataset.refused) + 1);
      });
    });
    stage.cable.pullOut();
    await stage.page.locator('html:not(.live-connected)').waitFor({ state: 'attached' });
    await clicks(60);
    await stage.notice('TOO_MANY_IN_FLIGHT').waitFor();
    const refused = Number(await stage.page.locator('html').getAttribute('data-refused'));
    expect([8, 9, 10]).toContain(refused);
    await stage.notice('OFFLINE').waitFor();

    stage.cable.isOut = false;
    await stage.button('Try now').click();
    await stage.until(() => stage.page.locator('output').textContent(), String(60 - refused), 25_000);
    await stage.notice('OFFLINE').waitFor({ state: 'detached' });
    await plus();
    await stage.shows('output', String(61 - refused));
  });

  it('follows a redirect', async () => {
    await stage.button('leave').click();
    await stage.shows('[live-component=counter] output', '9');
    expect(new URL(stage.page.url()).search).toBe('?c=counter&start=9');
  });
});
