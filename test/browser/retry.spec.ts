import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { Limited, LimitedPlain } from './limited.component.js';
import { Stage } from './stage.js';

describe('a rate limit in Chromium', () => {
  let stage: Stage;
  const frames: string[] = [];

  beforeAll(async () => {
    stage = await Stage.raise();
  });

  afterAll(() => stage.browser.close());

  beforeEach(async () => {
    await stage.open({ providers: [Limited, LimitedPlain] });
    frames.length = 0;
    stage.page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => frames.push(String(payload))));
    await stage.visit('c=limited&c=limited-plain');
  });

  afterEach(async () => {
    expect(stage.troubles).toEqual([]);
    await stage.close();
  });

  const send = '#send';
  const rests = async (selector: string) =>
    stage.page.locator(selector).evaluate((element) => [element.getAttribute('aria-disabled'), element.className]);
  const sends = () => frames.filter((frame) => frame.includes('"send"')).length;

  const limit = async (selector = send): Promise<void> => {
    await stage.page.locator(selector).click();
    await stage.shows('output', '1');
    await stage.page.locator(selector).click();
    await stage.until(() => rests(selector), ['true', 'live-resting']);
  };

  it('rests the trigger, counts down beside it and says it once', async () => {
    await limit();
    await stage.shows(`${send} small`, 'again in 3 s');
    const place = stage.page.locator(`${send} small`);
    expect([await place.getAttribute('role'), await place.getAttribute('aria-live')]).toEqual(['timer', 'polite']);
    expect(await stage.page.locator('.live-notice').count()).toBe(0);
    await stage.shows(`${send} small`, 'again in 2 s');
    expect(await place.getAttribute('aria-live')).toBe('off');
    await stage.shows(`${send} small`, 'again in 1 s');
  });

  it('sends nothing from it until the time is over, and then again', async () => {
    await limit();
    expect(sends()).toBe(2);
    // Playwright itself would wait for the button.
    await stage.page.locator(send).click({ force: true });
    await stage.page.locator(send).press('Enter');
    await stage.until(() => rests(send), [null, '']);
    expect(sends()).toBe(2);
    await stage.shows(`${send} small`, '');
    await stage.page.locator('#else').click();
    await stage.shows('output', '2');
    await stage.page.locator(send).click();
    await stage.shows('output', '3');
  });

  it('leaves every other trigger usable, and goes on counting over their patches', async () => {
    await limit();
    await stage.page.locator('#else').click();
    await stage.shows('#other', '1');
    expect(await rests('#else')).toEqual([null, '']);
    expect(await rests(send)).toEqual(['true', 'live-resting']);
    expect(await stage.page.locator(`${send} small`).textContent()).toMatch(/^again in \d s$/);
  });

  it('counts down near the button of a form, and leaves other buttons alone', async () => {
    await limit('#in-form');
    await stage.shows('#form small', '3 s');
    expect(await stage.page.locator(`${send} small`).textContent()).toBe('');
  });

  it('shows the notice where there is no place for the seconds', async () => {
    await stage.page.locator('[live-component=limited-plain] button').click();
    await stage.notice('RATE_LIMITED').waitFor();
    expect(await rests('[live-component=limited-plain] button')).toEqual(['true', 'live-resting']);
  });
});
