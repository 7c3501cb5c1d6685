import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Max, Min } from 'class-validator';
import { LiveComponent, OnEvent, State, Url } from 'nest-live';

import { Stage } from './stage.js';

@LiveComponent('pager', {
  template:
    '<section><output id="page">{{page}}</output><input id="q" live-model.live="q" value="{{q}}"><button live-click="next">next</button></section>',
})
class Pager {
  @Url({ history: 'push' }) @Min(1) @Max(20) page = 1;
  @Url() @State({ bind: true }) q = '';

  @OnEvent()
  next(): void {
    this.page += 1;
  }
}

@LiveComponent('tabs', {
  template: '<section><output id="tab">{{tab}}</output><button live-click="open">open</button></section>',
})
class Tabs {
  @Url({ history: 'push' }) tab = 'first';

  @OnEvent()
  open(): void {
    this.tab = 'second';
  }
}

describe('the address in Chromium', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.raise();
  });

  afterAll(() => stage.browser.close());

  beforeEach(() => stage.open({ providers: [Pager, Tabs] }));

  afterEach(async () => {
    expect(stage.troubles).toEqual([]);
    await stage.close();
  });

  const search = (): string => new URL(stage.page.url()).search;
  const says = (text: string): Promise<void> => stage.until(() => Promise.resolve(search()), text);

  it('fills the component, follows it, and leads back and forward', async () => {
    await stage.visit('c=pager&page=3#top');
    await stage.shows('#page', '3');
    await stage.button('next').click();
    await says('?c=pager&page=4');
    await stage.button('next').click();
    await says('?c=pager&page=5');
    expect(new URL(stage.page.url()).hash).toBe('#top');
    await stage.page.goBack();
    await stage.shows('#page', '4');
    await stage.page.goBack();
    await stage.shows('#page', '3');
    await stage.page.goForward();
    await stage.shows('#page', '4');
    await says('?c=pager&page=4');
  });

  it('makes no entry for each letter that is typed', async () => {
    await stage.visit('c=pager');
    const entries = (): Promise<number> => stage.page.evaluate(() => history.length);
    const before = await entries();
    await stage.page.locator('#q').pressSequentially('tea', { delay: 60 });
    await says('?c=pager&q=tea');
    expect(await entries()).toBe(before);
    await stage.page.locator('#q').fill('');
    await says('?c=pager');
  });

  it('is shared by two components, and both go back by their own names', async () => {
    await stage.visit('c=pager&c=tabs&other=kept');
    await stage.button('open').click();
    await says('?c=pager&c=tabs&other=kept&tab=second');
    await stage.button('next').click();
    await says('?c=pager&c=tabs&other=kept&tab=second&page=2');
    await stage.page.goBack();
    await stage.shows('#page', '1');
    await stage.shows('#tab', 'second');
    await stage.page.goBack();
    await stage.shows('#tab', 'first');
  });

  it('survives a reload in the middle of the history, and goes on from there', async () => {
    await stage.visit('c=pager');
    await stage.button('next').click();
    await says('?c=pager&page=2');
    await stage.button('next').click();
    await says('?c=pager&page=3');
    await stage.page.reload();
    await stage.connected();
    await stage.shows('#page', '3');
    await stage.page.goBack();
    await stage.shows('#page', '2');
  });

  it('goes back while the server cannot be reached, and agrees with it afterwards', async () => {
    await stage.visit('c=pager');
    for (const page of ['2', '3']) {
      await stage.button('next').click();
      await stage.shows('#page', page);
    }
    stage.cable.pullOut();
    await stage.button('next').click();
    await stage.page.goBack();
    stage.cable.isOut = false;
    await stage.shows('#page', '2');
    await says('?c=pager&page=2');
  });

  it('is read again by a component that the server has forgotten', async () => {
    await stage.visit('c=pager&page=7');
    await stage.shows('#page', '7');
    await stage.restart({ providers: [Pager, Tabs] });
    await stage.button('next').click();
    await stage.until(async () => Number(await stage.page.locator('#page').textContent()) >= 7, true, 15_000);
    await stage.page.waitForTimeout(50);
    expect(search()).toMatch(/page=[78]/);
  });
});
