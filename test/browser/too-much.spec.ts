import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { Essay } from './essay.component.js';
import { Stage } from './stage.js';

describe('what is too much', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.raise();
  });

  afterAll(() => stage.browser.close());

  afterEach(async () => {
    expect(stage.troubles).toEqual([]);
    await stage.close();
  });

  const field = (id: string): Promise<string> => stage.page.locator(id).inputValue();
  const notices = (): Promise<readonly string[]> => stage.page.locator('.live-notice').allInnerTexts();
  /** As by the keyboard's own paste: trusted, and at once. */
  const enter = async (id: string, text: string): Promise<void> => {
    await stage.page.locator(id).click();
    await stage.page.keyboard.press('Control+A');
    await stage.page.keyboard.insertText(text);
  };

  describe.each(['socket', 'http'] as const)('over %s', (line) => {
    const open = async (limits = {}): Promise<void> => {
      await stage.open({ providers: [Essay], options: { limits } });
      stage.cable.refusesSockets = line === 'http';
      if (line === 'socket') return stage.visit('c=essay');
      await stage.page.goto(`${stage.cable.url}/page?c=essay`);
    };

    it('is refused alone: a text, four times, and everything else stays', async () => {
      await open();
      await stage.button('more').click();
      await stage.shows('output', '1');
      const id = await stage.page.locator('section').getAttribute('live-id');
      await enter('#title', 'kept');
      await enter('#text', 'x'.repeat(17_000));
      for (let tries = 0; tries < 4; tries += 1) await stage.button('Save').click();
      await stage.until(async () => (await notices()).length, 1);
      expect((await notices())[0]).toMatch(/Your message: It has more than 16,384 characters/);
      expect([await field('#title'), (await field('#text')).length]).toEqual(['kept', 17_000]);
      expect(await stage.page.locator('section').getAttribute('live-id')).toBe(id);
      await enter('#text', 'x'.repeat(100));
      await stage.button('Save').click();
      await stage.shows('#saved', 'kept:100');
      await stage.shows('output', '2');
      expect(await notices()).toEqual([]);
    });

    it('is refused alone, in bytes, and the words name the largest field', async () => {
      await open({ maxFrameBytes: 4_096 });
      await stage.button('more').click();
      await stage.shows('output', '1');
      await enter('#text', '€'.repeat(2_000));
      await stage.button('Save').click();
      await stage.notice('TOO_LARGE').waitFor();
      expect((await notices())[0]).toMatch(/Your message: It is larger than 4,096 bytes/);
      await stage.button('more').click();
      await stage.shows('output', '2');
      expect((await field('#text')).length).toBe(2_000);
    });

    it('is refused by the server’s own limit: keys, entries and depth of a payload', async () => {
      await open();
      const wrong = [
        { list: Array.from({ length: 1_001 }, () => 1) },
        { keys: Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`k${i}`, i])) },
        { deep: JSON.parse(`${'['.repeat(20)}${']'.repeat(20)}`) as unknown },
      ];
      for (const payload of wrong) {
        await stage.page
          .locator('#own')
          .evaluate((button, data) => button.setAttribute('live-payload', data), JSON.stringify(payload));
        await stage.button('own').click();
        const [name] = Object.keys(payload);
        await stage.until(async () => (await notices()).filter((text) => text.includes(`${name}: `)).length, 1);
      }
      await stage.button('more').click();
      await stage.shows('output', '1');
      expect(await stage.page.locator('.live-notice', { hasText: 'lost' }).count()).toBe(0);
    });

    it('in a model is refused with its event, and does not hold up the next one', async () => {
      await open();
      await enter('#by', 'ada');
      await enter('#note', 'x'.repeat(17_000));
      await stage.button('more').click();
      await stage.until(async () => (await notices()).length, 1);
      expect((await notices())[0]).toMatch(/A note: It has more than 16,384 characters/);
      await stage.button('more').click();
      await stage.shows('#saved', 'ada:0');
      expect((await field('#note')).length).toBe(17_000);
    });
  });

  it('goes alone between others that are on their way', async () => {
    await stage.open({ providers: [Essay] });
    await stage.visit('c=essay');
    await enter('#text', 'x'.repeat(17_000));
    await stage.page.evaluate(() => {
      const click = (selector: string) => document.querySelector<HTMLElement>(selector)!.click();
      click('#slow');
      click('form button');
      click('#more');
      click('#more');
    });
    await stage.shows('output', '12');
    await stage.until(async () => (await notices()).length, 1);
    await stage.button('more').click();
    await stage.shows('output', '13');
    expect((await notices())[0]).toMatch(/Your message/);
  });
});
