import { beforeEach, expect, it } from '@jest/globals';
import { LivePublisher } from 'nest-live';

import { Draft } from './draft.component.js';
import { describeEnginesWidely } from './engines/describe-engines.js';

describeEnginesWidely('models', (stage) => {
  beforeEach(async () => {
    await stage.open({ providers: [Draft] });
    await stage.visit('c=draft');
  });

  const save = (): Promise<void> => stage.button('save').click();

  it('keeps an edit in the page until the next event, and sends it before that event', async () => {
    await stage.locator('#note').pressSequentially('tea', { delay: 10 });
    await stage.locator('#lazy').focus();
    await stage.shows('#events', '0 saved, 0 writes');
    await stage.button('upper').click();
    await stage.shows('#shown', 'TEA');
    await stage.shows('#events', '0 saved, 1 writes');
    expect(await stage.locator('#note').inputValue()).toBe('TEA');
  });

  it('sends .live while somebody types, without taking the text away', async () => {
    await stage.locator('#live').pressSequentially('green tea', { delay: 60 });
    await stage.shows('#shown', 'green tea');
    expect(await stage.locator('#live').inputValue()).toBe('green tea');
    expect(await stage.page.evaluate(() => document.activeElement?.id)).toBe('live');
  });

  it('does not send again on leaving what .live has sent', async () => {
    const writes = async (): Promise<number> =>
      Number(/(\d+) writes/.exec((await stage.locator('#events').textContent()) ?? '')?.[1]);
    await stage.locator('#live').pressSequentially('green tea', { delay: 20 });
    await stage.shows('#shown', 'green tea');
    const before = await writes();
    await stage.locator('#live').press('Enter');
    await stage.locator('#slow').focus();
    await save();
    await stage.shows('#events', `1 saved, ${before} writes`);

    // What was chosen and what a script has put in go as they did.
    await stage.locator('#live').evaluate((input: HTMLInputElement) => {
      input.value = 'black tea';
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await stage.shows('#shown', 'black tea');
    await stage.shows('#events', `1 saved, ${before + 1} writes`);
  });

  it('sends .live.debounce once, after the pause', async () => {
    await stage.locator('#slow').pressSequentially('green tea', { delay: 20 });
    await stage.shows('#shown', 'green tea');
    await stage.shows('#events', '0 saved, 1 writes');
  });

  it('sends .lazy on change and .blur on leaving', async () => {
    await stage.locator('#lazy').pressSequentially('slowly');
    await stage.locator('#blurred').focus();
    await stage.shows('#shown', 'slowly');
    await stage.locator('#blurred').pressSequentially('gone');
    await stage.locator('#note').focus();
    await stage.shows('#shown', 'slowly gone');
    await stage.shows('#events', '0 saved, 2 writes');
  });

  it('sends numbers, truth, lists and choices as what they are', async () => {
    await stage.locator('#age').fill('42');
    await stage.locator('#agreed').selectOption('true');
    await stage.locator('#done').check();
    await stage.locator('#tags').selectOption(['a', 'c']);
    await stage.locator('[value=M]').check();
    await save();
    await stage.shows('#shown', '42 true true ac M');
    await stage.shows('#events', '1 saved, 1 writes');
  });

  it('keeps an unsent edit through pushes and a lost connection', async () => {
    await stage.locator('#note').fill('half a thought');
    const publisher = stage.site.app.get(LivePublisher);
    await publisher.broadcast('draft', 1);
    await stage.shows('#tick', '1');
    stage.cable.cutSockets();
    await stage.locator('html:not(.live-connected)').waitFor();
    await stage.connected();
    await publisher.broadcast('draft', 2);
    expect(await stage.locator('#note').inputValue()).toBe('half a thought');
    await save();
    await stage.shows('#shown', 'half a thought');
  });

  it('does not let a late answer overwrite newer typing', async () => {
    const live = stage.locator('#live');
    // What is shown, and what the control holds then.
    await stage.page.evaluate(() => {
      const seen: unknown[] = [];
      Object.assign(globalThis, { seen });
      addEventListener('live:updated', () => {
        const { value, selectionStart, selectionEnd } = document.querySelector<HTMLInputElement>('#live')!;
        seen.push([document.querySelector('#shown')?.textContent, value, selectionStart, selectionEnd]);
      });
    });
    stage.cable.delayMs = 4_000;
    await live.pressSequentially('old');
    await stage.locator('[aria-busy]').waitFor();
    await live.pressSequentially(' new');
    await live.evaluate((input: HTMLInputElement) => input.setSelectionRange(2, 4));
    const seen = () => stage.page.evaluate(() => (globalThis as { seen?: unknown[] }).seen);
    const expected = [
      ['old', 'old new', 2, 4],
      ['old new', 'old new', 2, 4],
    ];
    await stage.until(seen, expected, 40_000);
  }, 60_000);
});
