import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { StateStore } from 'nest-live/extend';

import { Counter } from '../e2e/counter.component.js';
import { Stage } from './stage.js';

describe('a page that holds its state, in Chromium', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.raise();
  }, 60_000);

  afterAll(() => stage.browser.close());

  beforeEach(() => stage.open({ providers: [Counter], options: { state: 'client' } }));

  afterEach(() => stage.close());

  const plus = async (times: number): Promise<void> => {
    await stage.page.evaluate((clicks) => {
      for (let i = 0; i < clicks; i += 1) document.querySelector('button')?.click();
    }, times);
  };

  it('counts fast clicks exactly, one event at a time, and the server keeps no state', async () => {
    await stage.visit('start=0');
    await plus(20);
    await stage.shows('output', '20');
    const id = (await stage.page.locator('[live-id]').getAttribute('live-id')) ?? '';
    expect(await stage.site.app.get(StateStore).peek(id)).toMatchObject({ version: 20, snapshot: '-' });
    expect(stage.troubles).toEqual([]);
  });

  it('loses and doubles nothing when answers are lost and the socket is cut', async () => {
    await stage.visit('start=0');
    await plus(1);
    await stage.shows('output', '1');
    stage.cable.losesReplies = true;
    await plus(3);
    await stage.page.waitForTimeout(150);
    stage.cable.cutSockets();
    stage.cable.losesReplies = false;
    await stage.shows('output', '4');
    await plus(1);
    await stage.shows('output', '5');
    await stage.page.waitForTimeout(200);
    await stage.shows('output', '5');
    expect(await stage.page.locator('.live-notice').count()).toBe(0);
  });
});
