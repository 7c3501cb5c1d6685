import { beforeEach, expect, it } from '@jest/globals';
import { LivePublisher } from 'nest-live';
import { RedisModule } from 'nest-live/redis';

import { RedisServer } from '../redis/redis.server.js';
import { describeEngines } from './engines/describe-engines.js';
import { Letter } from './letter.component.js';
import type { SiteOptions } from './site.js';

const KEYS = [{ kid: 'k1', secret: 'a secret of this suite alone, 32 bytes and more' }];
const SITE = { providers: [Letter], options: { keys: KEYS } };

/** The same numbers for the same seed. */
const dice = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

describeEngines('what a person types', (stage) => {
  beforeEach(async () => {
    await stage.open(SITE);
    await stage.visit('c=letter');
  });

  const type = (id: string, text: string, delay = 20): Promise<void> =>
    stage.locator(id).pressSequentially(text, { delay });
  const value = (id: string): Promise<string> => stage.locator(id).inputValue();
  const caret = (id: string): Promise<unknown> =>
    stage.locator(id).evaluate((element: HTMLInputElement) => {
      const { selectionStart, selectionEnd } = element;
      return [document.activeElement === element, selectionStart, selectionEnd];
    });
  const select = (id: string, from: number, to: number): Promise<void> =>
    stage.locator(id).evaluate(
      (element: HTMLInputElement, [a, b]) => {
        element.focus();
        element.setSelectionRange(a, b);
      },
      [from, to] as const,
    );
  const push = (tick: number): Promise<void> => stage.site.app.get(LivePublisher).broadcast('letters', tick);
  const remounted = async (): Promise<void> => {
    const id = await stage.locator('section').getAttribute('live-id');
    await stage.restart(SITE);
    await stage.until(async () => (await stage.locator('section').getAttribute('live-id')) !== id, true);
    await stage.connected();
  };

  it('stays, with focus and selection, while the server pushes', async () => {
    await type('#draft-text', 'one two three');
    await select('#draft-text', 4, 7);
    for (let tick = 1; tick <= 5; tick += 1) await push(tick);
    await stage.shows('#tick', '5');
    expect(await caret('#draft-text')).toEqual([true, 4, 7]);
    await type('#live-text', 'four five six');
    await stage.shows('#text', 'four five six');
    await select('#live-text', 5, 9);
    await push(6);
    await stage.shows('#tick', '6');
    expect(await caret('#live-text')).toEqual([true, 5, 9]);
    expect(await value('#live-text')).toBe('four five six');
  });

  it('stays when the server has forgotten everything, what it had kept as well as what it never got', async () => {
    await type('#draft-line', 'never sent');
    await stage.locator('#draft-box').check();
    await stage.locator('#draft-choice').selectOption('b');
    await stage.locator('#live-box').check();
    await type('#live-line', 'kept');
    await stage.shows('#line', 'kept');
    await type('#live-text', 'also kept');
    await stage.shows('#text', 'also kept');
    await select('#live-text', 2, 5);
    await remounted();
    expect(await value('#draft-line')).toBe('never sent');
    expect(await value('#draft-choice')).toBe('b');
    expect(await stage.locator('#draft-box').isChecked()).toBe(true);
    expect(await stage.locator('#live-box').isChecked()).toBe(true);
    expect([await value('#live-line'), await value('#live-text')]).toEqual(['kept', 'also kept']);
    expect(await caret('#live-text')).toEqual([true, 2, 5]);
    // And the server gets it again with the next event.
    await stage.button('Send').click();
    await stage.shows('li', 'never sent|');
    await stage.shows('#line', 'kept');
    await stage.shows('#text', 'also kept');
  });

  it('goes when it was sent, and no late answer takes newer text away', async () => {
    await type('#draft-line', 'first');
    await stage.button('Send').click();
    await stage.shows('li', 'first|');
    expect(await value('#draft-line')).toBe('');
    stage.cable.delayMs = 2_000;
    await type('#draft-line', 'second');
    await type('#draft-text', 'text');
    await stage.button('Send').click();
    await stage.locator('#draft-line').press('End');
    await type('#draft-line', ' and more', 0);
    await stage.until(() => stage.locator('li').allTextContents(), ['first|', 'second|text']);
    expect([await value('#draft-line'), await value('#draft-text')]).toEqual(['second and more', '']);
  });

  const random = async (seed: number, site: () => SiteOptions): Promise<void> => {
    const roll = dice(seed);
    const letters = 'abcdefghijklmnopqrstuvwxyz ,.';
    const typed: Record<string, string> = { '#draft-line': '', '#draft-text': '', '#live-line': '', '#live-text': '' };
    const fields = Object.keys(typed);
    let restarts = 0;
    for (let burst = 0; burst < 12; burst += 1) {
      const field = fields[roll(fields.length)];
      const text = Array.from({ length: 4 + roll(8) }, () => letters[roll(letters.length)]).join('');
      typed[field] += text;
      await stage.locator(field).focus();
      await stage.page.press('End');
      const typing = stage.page.type(text, { delay: 30 + roll(60) });
      const trouble = roll(7);
      stage.cable.delayMs = roll(3) * 120;
      if (trouble < 2) await push(burst);
      // A page that has to begin anew four times in a minute asks for a reload.
      else if (trouble === 4 && (restarts += 1) <= 3) await stage.restart(site());
      else if (trouble < 5) stage.cable.cutSockets();
      await typing;
      expect({ burst, field, value: await value(field) }).toEqual({ burst, field, value: typed[field] });
    }
    stage.cable.delayMs = 0;
    for (const field of fields) expect({ field, value: await value(field) }).toEqual({ field, value: typed[field] });
    const sent = `${typed['#draft-line']}|${typed['#draft-text']}`;
    const isUnknown = async () => (await stage.notice('OUTCOME_UNKNOWN').count()) > 0;
    const list = () => stage.locator('li').allTextContents();
    for (let tries = 0; tries < 3 && (await list()).length === 0; tries += 1) {
      // A server that has forgotten everything has not got it, says so, and what was typed is still there.
      await stage.button('Send').click();
      await stage.until(async () => (await list()).length > 0 || (await isUnknown()), true);
    }
    await stage.until(list, [sent]);
    await stage.shows('#line', typed['#live-line']);
    await stage.shows('#text', typed['#live-text']);
  };

  it.each([2, 7])(
    'loses no character over cuts, restarts, pushes and late answers, seed %i',
    async (seed) => {
      await random(seed, () => SITE);
    },
    90_000,
  );

  it('loses no character where the server remembers, and is not shown a loss', async () => {
    const redis = await RedisServer.start();
    const kept = (): SiteOptions => ({ ...SITE, imports: [RedisModule.forRoot({ url: redis.url })] });
    try {
      await stage.restart(kept());
      await stage.visit('c=letter');
      const id = await stage.locator('section').getAttribute('live-id');
      await random(4, kept);
      expect(await stage.locator('section').getAttribute('live-id')).toBe(id);
      expect(await stage.locator('.live-notice').count()).toBe(0);
    } finally {
      await stage.restart(SITE);
      await redis.stop();
    }
  }, 120_000);
});
