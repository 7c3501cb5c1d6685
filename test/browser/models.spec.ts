import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LivePublisher } from 'nest-live';

import { Draft } from './draft.component.js';
import { Stage } from './stage.js';

describe('models in Chromium', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.raise();
  });

  afterAll(() => stage.browser.close());

  beforeEach(async () => {
    await stage.open({ providers: [Draft] });
    await stage.visit('c=draft');
  });

  afterEach(async () => {
    expect(stage.troubles).toEqual([]);
    await stage.close();
  });

  const save = (): Promise<void> => stage.button('save').click();

  it('keeps an edit in the page until the next event, and sends it before that event', async () => {
    await stage.page.locator('#note').pressSequentially('tea', { delay: 10 });
    await stage.page.locator('#lazy').focus();
    await stage.shows('#events', '0 saved, 0 writes');
    await stage.button('upper').click();
    await stage.shows('#shown', 'TEA');
    await stage.shows('#events', '0 saved, 1 writes');
    expect(await stage.page.locator('#note').inputValue()).toBe('TEA');
  });

  it('sends .live while somebody types, without taking the text away', async () => {
    await stage.page.locator('#live').pressSequentially('green tea', { delay: 60 });
    await stage.shows('#shown', 'green tea');
    expect(await stage.page.locator('#live').inputValue()).toBe('green tea');
    expect(await stage.page.evaluate(() => document.activeElement?.id)).toBe('live');
  });

  it('sends .live.debounce once, after the pause', async () => {
    await stage.page.locator('#slow').pressSequentially('green tea', { delay: 20 });
    await stage.shows('#shown', 'green tea');
    await stage.shows('#events', '0 saved, 1 writes');
  });

  it('sends .lazy on change and .blur on leaving', async () => {
    await stage.page.locator('#lazy').pressSequentially('slowly');
    await stage.page.locator('#blurred').focus();
    await stage.shows('#shown', 'slowly');
    await stage.page.locator('#blurred').pressSequentially('gone');
    await stage.page.locator('#note').focus();
    await stage.shows('#shown', 'slowly gone');
    await stage.shows('#events', '0 saved, 2 writes');
  });

  it('sends numbers, truth, lists and choices as what they are', async () => {
    await stage.page.locator('#age').fill('42');
    await stage.page.locator('#agreed').selectOption('true');
    await stage.page.locator('#done').check();
    await stage.page.locator('#tags').selectOption(['a', 'c']);
    await stage.page.locator('[value=M]').check();
    await save();
    await stage.shows('#shown', '42 true true ac M');
    await stage.shows('#events', '1 saved, 1 writes');
  });

  it('keeps an unsent edit through pushes and a lost connection', async () => {
    await stage.page.locator('#note').fill('half a thought');
    const publisher = stage.site.app.get(LivePublisher);
    await publisher.broadcast('draft', 1);
    await stage.shows('#tick', '1');
    stage.cable.cutSockets();
    await stage.page.locator('html:not(.live-connected)').waitFor({ state: 'attached' });
    await stage.connected();
    await publisher.broadcast('draft', 2);
    expect(await stage.page.locator('#note').inputValue()).toBe('half a thought');
    await save();
    await stage.shows('#shown', 'half a thought');
  });

  it('does not let a late answer overwrite newer typing', async () => {
    const live = stage.page.locator('#live');
    stage.cable.delayMs = 400;
    await live.pressSequentially('old');
    await stage.page.locator('[aria-busy]').waitFor();
    await live.pressSequentially(' new');
    await live.evaluate((input: HTMLInputElement) => input.setSelectionRange(2, 4));
    await stage.shows('#shown', 'old');
    expect(await live.inputValue()).toBe('old new');
    expect(
      await live.evaluate(({ selectionStart, selectionEnd }: HTMLInputElement) => [selectionStart, selectionEnd]),
    ).toEqual([2, 4]);
    await stage.shows('#shown', 'old new');
  });
});
