import { beforeEach, expect, it } from '@jest/globals';

import { Errands } from './errands.component.js';
import { describeEnginesWidely } from './engines/describe-engines.js';

describeEnginesWidely('the queue', (stage) => {
  beforeEach(async () => {
    await stage.open({ providers: [Errands] });
    await stage.visit('c=errands');
  });

  /** All within one task of the page: nothing is answered between them. */
  const click = (...names: string[]): Promise<void> =>
    stage.page.evaluate((wanted) => {
      const buttons = [...document.querySelectorAll('button')];
      for (const name of wanted) buttons.find(({ textContent }) => textContent === name)!.click();
    }, names);

  const text = (selector: string) => stage.locator(selector).textContent();
  const rest = () => stage.until(() => stage.locator('.live-loading').count(), 0, 20_000);

  it('sends each click of an ordinary handler, in order, however fast they come', async () => {
    await click('count', 'count', 'count', 'count', 'count');
    await stage.shows('#log', 'count count count count count');
  });

  it('drops what comes while one is under way, and nothing else', async () => {
    await click('save', 'save', 'count', 'save');
    await stage.shows('#log', 'save count');
    await rest();
    await click('save');
    await stage.shows('#log', 'save count save');
    expect(await stage.locator('.live-notice').count()).toBe(0);
  });

  it('keeps the newest of what comes while one is under way', async () => {
    await click('a', 'b', 'c', 'd');
    await stage.shows('#log', 'a d');
    await rest();
    await click('b');
    await stage.shows('#log', 'a d b');
  });

  it('keeps the order of what was asked for', async () => {
    await click('a', 'b', 'count', 'c', 'd', 'count');
    await rest();
    expect(await text('#log')).toBe('a b count d count');
  });

  it('answers the one that gave way, and the one that was held with its own outcome', async () => {
    const outcomes = await stage.page.evaluate(() => {
      const { live } = globalThis as never as {
        live: {
          call(at: Element, event: string, payload?: object): Promise<{ ok: boolean; error?: { code: string } }>;
        };
      };
      const root = document.querySelector('[live-component]')!;
      const find = (what: string) =>
        live.call(root, 'find', { what }).then(({ ok, error }) => (ok ? 'ok' : error!.code));
      return Promise.all([find('a'), find('b'), find('c')]);
    });
    expect(outcomes).toEqual(['ok', 'SUPERSEDED', 'ok']);
    await stage.shows('#log', 'a c');
  });

  it('predicts nothing for what is dropped', async () => {
    await click('save', 'save', 'save');
    expect(await text('#saves')).toBe('1');
    await stage.shows('#log', 'save');
    await rest();
    expect(await text('#saves')).toBe('1');
  });

  it('keeps what is done without a connection, shows how much it is, and sends it once', async () => {
    const queued = stage.locator('#queued');
    expect(await queued.isVisible()).toBe(false);
    stage.cable.pullOut();
    await stage.locator('html.live-offline').waitFor();
    await click('count', 'save', 'save', 'count', 'a', 'b');
    await stage.shows('#queued', '5');
    expect(await queued.isVisible()).toBe(true);
    stage.cable.isOut = false;
    await stage.until(() => text('#log'), 'count save count a b', 20_000);
    await rest();
    expect(await queued.isVisible()).toBe(false);
  }, 40_000);

  it('refuses, for all to see, what it can no longer keep', async () => {
    stage.cable.pullOut();
    await stage.locator('html.live-offline').waitFor();
    await click(...new Array<string>(51).fill('count'));
    await stage.notice('TOO_MANY_IN_FLIGHT').waitFor();
    await stage.shows('#queued', '50');
  });

  it('does not show what is soon over', async () => {
    await click('count');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await stage.locator('#queued').isVisible()).toBe(false);
    await click('save', 'save', 'count', 'count', 'count');
    await stage.until(() => stage.locator('#queued').isVisible(), true);
    await rest();
    expect(await stage.locator('#queued').isVisible()).toBe(false);
  });
});
