import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { Dictated, Metronome } from './dictated.component.js';
import { Stage } from './stage.js';

describe('streams in Chromium', () => {
  let stage: Stage;
  let metronome: Metronome;

  beforeAll(async () => {
    stage = await Stage.raise();
  });

  afterAll(() => stage.browser.close());

  beforeEach(async () => {
    await stage.open({ providers: [Metronome, Dictated] });
    await stage.visit('c=dictated');
    metronome = stage.site.app.get(Metronome);
  });

  afterEach(async () => {
    expect(stage.troubles).toEqual([]);
    await stage.close();
  });

  const line = (text: string): Promise<void> => stage.shows('output', text);
  const notices = (): Promise<number> => stage.page.locator('.live-notice').count();

  it('shows each preview while the handler runs, keeps what somebody types, and then shows the answer', async () => {
    await stage.button('grow').click();
    await line('- one');
    expect(await stage.button('grow').isDisabled()).toBe(true);
    const note = stage.page.getByLabel('note');
    await note.fill('typed meanwhile');
    metronome.tick();
    await line('- one two');
    expect(await note.inputValue()).toBe('typed meanwhile');
    metronome.tick();
    await line('- one two three');
    expect(await stage.page.locator('i').count()).toBe(1);
    metronome.tick();
    await stage.until(() => stage.page.locator('i').count(), 0);
    await line('- one two three');
    expect(await stage.button('grow').isEnabled()).toBe(true);
  });

  it('stops the event, shows what is saved, and says nothing of it', async () => {
    await stage.button('add').click();
    await line('-+');
    await stage.button('grow').click();
    await line('-+ one');
    await stage.button('stop').click();
    await line('-+');
    expect(await notices()).toBe(0);
    expect(await stage.button('grow').isEnabled()).toBe(true);
    await stage.button('add').click();
    await line('-++');
    expect(metronome.starts).toBe(1);
  });

  it('stops what was never saved before', async () => {
    await stage.button('grow').click();
    await line('- one');
    await stage.button('stop').click();
    await line('-');
  });

  it('stops the oldest of several, and the others go on', async () => {
    await stage.button('grow').click();
    await line('- one');
    await stage.button('add').click();
    await stage.button('stop').click();
    await line('-+');
    expect(await notices()).toBe(0);
  });

  it('has nothing to stop while nothing runs', async () => {
    await stage.button('stop').click();
    await stage.button('add').click();
    await line('-+');
    expect(await notices()).toBe(0);
  });

  it('shows what is saved beside the notice when the handler throws half-way', async () => {
    await stage.button('break').click();
    await line('never');
    metronome.tick();
    await stage.notice('HANDLER_ERROR').waitFor();
    await line('-');
    await stage.button('add').click();
    await line('-+');
  });

  it('says that a stream was stopped when the connection was lost, and offers to try again', async () => {
    await stage.button('grow').click();
    await line('- one');
    stage.cable.cutSockets();
    await stage.notice('CANCELLED').waitFor();
    await line('-');
    expect(metronome.starts).toBe(1);
    await stage.button('Try again').click();
    await line('- one');
    expect(metronome.starts).toBe(2);
  });

  it('shows the end alone while there is no socket', async () => {
    stage.cable.refusesSockets = true;
    stage.cable.cutSockets();
    await stage.until(() => stage.page.locator('html.live-connected').count(), 0);
    await stage.button('grow').click();
    for (let beat = 1; beat <= 3; beat += 1) {
      await stage.until(() => Promise.resolve(metronome.starts), 1);
      await stage.page.waitForTimeout(60);
      expect(await stage.page.locator('output').textContent()).toBe('-');
      metronome.tick();
    }
    await line('- one two three');
  });
});
