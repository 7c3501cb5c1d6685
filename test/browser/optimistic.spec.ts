import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LivePublisher } from 'nest-live';

import { Guess } from './guess.component.js';
import { Stage } from './stage.js';

describe('optimistic updates in Chromium', () => {
  let stage: Stage;
  /** Everything the page says to the server. */
  const sent: string[] = [];

  beforeAll(async () => {
    stage = await Stage.raise();
  });

  afterAll(() => stage.browser.close());

  beforeEach(async () => {
    await stage.open({ providers: [Guess] });
    sent.length = 0;
    stage.page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload))));
    stage.page.on('request', (request) => sent.push(request.postData() ?? ''));
    await stage.visit('c=guess');
  });

  afterEach(async () => {
    expect(stage.troubles).toEqual([]);
    await stage.close();
  });

  const text = (selector: string) => stage.page.locator(selector).textContent();

  /** What a person would see: the page as it is after the click, and each time it was painted since. */
  const paints = async (selector: string): Promise<() => Promise<string[]>> => {
    await stage.page.evaluate((wanted) => {
      const seen: string[] = ((globalThis as never as { seen: string[] }).seen = []);
      const look = () => {
        const now = document.querySelector(wanted)!.textContent;
        if (seen.at(-1) !== now) seen.push(now);
        requestAnimationFrame(look);
      };
      look();
    }, selector);
    return () => stage.page.evaluate(() => (globalThis as never as { seen: string[] }).seen);
  };

  const heart = () =>
    stage.page.evaluate(() => {
      const of = (id: string) => document.getElementById(id)!;
      const isOn = of('heart').classList.contains('on');
      const pressed = of('heart').getAttribute('aria-pressed');
      return [isOn, pressed, of('empty').hidden, of('thanks').hidden, (of('box') as HTMLInputElement).checked];
    });

  it('shows what will happen at once, and then what has happened', async () => {
    stage.cable.delayMs = 500;
    await stage.button('add').click();
    expect(await text('#count')).toBe('1');
    await stage.button('wrong').click();
    expect(await text('#count')).toBe('101');
    await stage.shows('#count', '3');
    expect(await text('#rich')).toBe('3 in all');
  });

  it('turns classes, attributes and boxes, and says words', async () => {
    stage.cable.delayMs = 500;
    expect(await heart()).toEqual([false, 'false', false, true, false]);
    await stage.button('like').click();
    expect(await heart()).toEqual([true, 'true', true, false, true]);
    await stage.button('say').click();
    expect([await text('#word'), await stage.page.locator('#word').getAttribute('title')]).toEqual(['hello', 'hello']);
    await stage.page.waitForTimeout(1_200);
    expect(await heart()).toEqual([true, 'true', true, false, true]);
    expect(await text('#word')).toBe('hello');
  });

  it('takes the hint of the handler from the component', async () => {
    stage.cable.delayMs = 500;
    await stage.button('hinted').click();
    expect([await text('#count'), await text('#word')]).toEqual(['1', 'guessed']);
    await stage.shows('#word', 'hinted');
    expect(await text('#count')).toBe('1');
  });

  it.each(['socket', 'http'] as const)('never sends it: the server counts each event once over %s', async (way) => {
    if (way === 'http') {
      stage.cable.refusesSockets = true;
      stage.cable.cutSockets();
    }
    const before = sent.length;
    await stage.button('add').click();
    await stage.button('like').click();
    await stage.button('say').click();
    await stage.shows('#count', '1');
    await stage.until(() => stage.page.locator('.live-loading').count(), 0);
    const said = sent.slice(before).join('\n');
    expect(said).toContain('"add"');
    expect(said).not.toMatch(/optimistic|\+1|toggle|liked|count/);
    // The state's token stays the server's own: the next events are accepted, and start from its truth.
    await stage.button('add').click();
    await stage.shows('#count', '2');
    expect([await heart(), await text('#word')]).toEqual([[true, 'true', true, false, true], 'hello']);
    expect(await stage.page.locator('.live-notice').count()).toBe(0);
  });

  it.each(Guess.codes)('goes back exactly when the event is refused with %s', async (code) => {
    const html = () => stage.page.locator('[live-component=guess]').evaluate(({ outerHTML }) => outerHTML);
    const before = await html();
    const nodes = await stage.page.evaluateHandle(() =>
      [...document.querySelectorAll('#count,#word')].map((e) => e.firstChild),
    );
    stage.cable.delayMs = 300;
    await stage.button(code).click();
    expect(await text('#count')).toBe('1');
    expect(await heart()).toEqual([true, 'true', true, false, true]);
    await stage.notice(code).waitFor();
    expect((await html()).replaceAll(' class=""', '')).toBe(before);
    expect(await heart()).toEqual([false, 'false', false, true, false]);
    expect(await nodes.evaluate((list) => list.every((node) => node!.isConnected))).toBe(true);
  });

  it('keeps the predictions that still wait while earlier ones are answered', async () => {
    const seen = await paints('#count');
    stage.cable.delayMs = 300;
    for (let click = 0; click < 5; click++) {
      await stage.button('add').click();
      await stage.page.waitForTimeout(60);
    }
    await stage.page.waitForTimeout(900);
    expect(await text('#count')).toBe('5');
    // Never back, never twice.
    expect(await seen()).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  it('keeps what waits when an earlier one is refused', async () => {
    // The next answer takes the notice away again.
    const refusal = stage.page.evaluate(
      () =>
        new Promise<string>((resolve) =>
          document.addEventListener('live:error', (event) =>
            resolve((event as CustomEvent<{ error: { code: string } }>).detail.error.code),
          ),
        ),
    );
    stage.cable.delayMs = 400;
    await stage.button('FORBIDDEN').click();
    await stage.button('add').click();
    expect(await text('#count')).toBe('2');
    expect(await refusal).toBe('FORBIDDEN');
    await stage.shows('#count', '1');
    expect(await text('#word')).toBe('quiet');
  });

  it('stands on top of a push that arrives meanwhile', async () => {
    const seen = await paints('#count');
    // Long enough for a click on a busy machine to come before the push, and behind it on the server.
    stage.cable.delayMs = 2_000;
    await stage.site.app.get(LivePublisher).broadcast('guess', 10);
    await stage.page.waitForTimeout(250);
    await stage.button('add').click();
    await stage.shows('#count', '11');
    await stage.until(() => stage.page.locator('.live-loading').count(), 0);
    expect(await seen()).toEqual(['0', '1', '11']);
  });

  it('does not count twice when the answer was lost and the page joins again', async () => {
    const seen = await paints('#count');
    stage.cable.losesReplies = true;
    await stage.button('add').click();
    await stage.page.waitForTimeout(200);
    stage.cable.losesReplies = false;
    stage.cable.delayMs = 150;
    stage.cable.cutSockets();
    await stage.until(() => stage.page.locator('.live-loading').count(), 0);
    expect(await seen()).toEqual(['0', '1']);
    expect(await text('#count')).toBe('1');
  });

  it('is bounded while there is no connection, and ends in the truth', async () => {
    stage.cable.pullOut();
    await stage.page.locator('html.live-offline').waitFor({ state: 'attached' });
    await stage.button('add').evaluate((button: HTMLElement) => {
      for (let click = 0; click < 60; click++) button.click();
    });
    await stage.shows('#count', '50');
    stage.cable.isOut = false;
    await stage.until(() => stage.page.locator('.live-loading').count(), 0, 20_000);
    expect(await text('#count')).toBe('50');
  }, 40_000);

  it('is about the row of the trigger, and about the component where the row shows no such field', async () => {
    stage.cable.delayMs = 400;
    await stage.button('bob').click();
    const votes = () => stage.page.locator('li b').allTextContents();
    expect(await votes()).toEqual(['1', '6']);
    expect(await text('#count')).toBe('1');
    await stage.page.waitForTimeout(600);
    expect(await votes()).toEqual(['1', '6']);
  });

  it('sends the event all the same when the prediction cannot be read', async () => {
    await stage.button('broken').click();
    await stage.shows('#count', '1');
  });
});
