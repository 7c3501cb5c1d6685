import { beforeEach, expect, it } from '@jest/globals';
import { LivePublisher } from 'nest-live';

import { describeEngines } from './engines/describe-engines.js';
import { Figures } from './figures.component.js';

const WAITS_MS = 30_000;

describeEngines('what is half typed', (stage) => {
  beforeEach(async () => {
    await stage.open({ providers: [Figures] });
    await stage.visit('c=figures');
  });

  const shown = async (): Promise<unknown> => JSON.parse(await stage.locator('#shown').textContent());
  const hasNumber = async (column: number, value: number): Promise<void> =>
    stage.until(async () => ((await shown()) as unknown[])[column], value, WAITS_MS);

  /** One sign after the other; whatever is a number by then is answered before the next one. */
  const typeSlowly = async (id: string, text: string): Promise<void> => {
    await stage.locator(id).focus();
    for (let length = 1; length <= text.length; length += 1) {
      await stage.page.type(text[length - 1]);
      const number = Number(text.slice(0, length));
      if (!Number.isNaN(number)) await hasNumber(id === '#price' ? 0 : 1, number + 0);
      await stage.locator('section:not([aria-busy])').waitFor();
    }
  };

  it.each(['1.05', '-0.5', '1e3', '2.50', '1.', '-', '1e', '1,5'])(
    'stays as it is typed in a field for numbers, and nothing is refused: %s',
    async (text) => {
      await typeSlowly('#price', text);
      expect(await stage.locator('#price').inputValue()).toBe(text);
      expect(await stage.notices()).toBe('');
    },
  );

  it.each(['1.05', '-0.5', '1e3', '-7'])(
    'becomes the number that is meant in an input of numbers: %s',
    async (text) => {
      await typeSlowly('#count', text);
      expect(await stage.locator('#count').evaluate((input: HTMLInputElement) => input.valueAsNumber)).toBe(
        Number(text),
      );
      expect(await stage.notices()).toBe('');
    },
  );

  it('is refused when it is left as no number, and stays to be corrected', async () => {
    await typeSlowly('#price', '1e');
    await stage.page.press('Tab');
    await stage.notice('VALIDATION_FAILED').waitFor();
    expect(await stage.locator('#price').inputValue()).toBe('1e');
    await stage.locator('#price').focus();
    await stage.page.press('End');
    await stage.page.type('2');
    await hasNumber(0, 100);
  });

  it('goes on where it was while the server pushes', async () => {
    // Until it is seen: what is answered to a key just before shows no tick.
    const push = (tick: number): Promise<void> =>
      stage.until(
        async () => {
          await stage.site.app.get(LivePublisher).broadcast('figures', tick);
          return stage.locator('#tick').textContent();
        },
        String(tick),
        WAITS_MS,
      );
    await stage.locator('#count').pressSequentially('1e');
    await push(1);
    await stage.page.type('2');
    await stage.until(shown, [null, 100, '2026-05-05'], WAITS_MS);

    await stage.locator('#day').fillParts('03', '01');
    await push(2);
    if (!stage.page.advancesByItself) await stage.page.press('ArrowRight');
    await stage.page.type('2027');
    await stage.until(shown, [null, 100, '2027-03-01'], WAITS_MS);
    expect(await stage.locator('#day').inputValue()).toBe('2027-03-01');
    expect(await stage.notices()).toBe('');
  });

  it('is not taken for nothing: a date that is half typed takes none away', async () => {
    await stage.locator('#day').fillParts('03');
    await stage.page.press('Backspace');
    await stage.locator('#price').pressSequentially('7');
    await hasNumber(0, 7);
    expect(await stage.locator('#day').inputValue()).toBe('');
    expect(((await shown()) as unknown[])[2]).not.toBe('');
  });

  it('is what is sent when it is complete, after answers that show nothing', async () => {
    await stage.locator('#count').focus();
    await stage.page.type('-');
    await stage.locator('#look').evaluate((button) => (button as HTMLElement).click());
    await stage.locator('section:not([aria-busy])').waitFor();
    await stage.page.type('7');
    await hasNumber(1, -7);
    expect(await stage.locator('#count').inputValue()).toBe('-7');
    expect(await stage.locator('#count').getAttribute('live-ignore')).toBeNull();
  });
});
