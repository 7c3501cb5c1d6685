import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LiveComponent, LivePublisher, OnEvent, OnTopic, State } from 'nest-live';

import { Stage } from './stage.js';

jest.setTimeout(60_000);

/** One poll and what a busy machine adds to it. */
const A_POLL_MS = 12_000;

@LiveComponent('bulletin', {
  template: `<section>
  <output>{{news}}</output>
  <b>{{reads}}</b>
  <input name="note" id="note" autocomplete="off">
  <button live-click="read">Read</button>
</section>`,
})
class Bulletin {
  @State() news = 'none';
  @State() reads = 0;

  @OnTopic('news')
  hear(news: string): void {
    this.news = news;
  }

  @OnEvent()
  read(): void {
    this.reads += 1;
  }
}

describe('a page without a socket in Chromium', () => {
  let stage: Stage;
  let posts: string[];

  beforeAll(async () => {
    stage = await Stage.raise();
  });

  afterAll(() => stage.browser.close());

  beforeEach(async () => {
    await stage.open({ providers: [Bulletin] });
    stage.cable.refusesSockets = true;
    posts = [];
    stage.page.on('request', (request) => request.method() === 'POST' && posts.push(request.postData() ?? ''));
    await stage.page.goto(`${stage.cable.url}/page?c=bulletin`);
  });

  afterEach(() => stage.close());

  const say = (news: string): Promise<void> => stage.site.app.get(LivePublisher).broadcast('news', news);
  const news = async (): Promise<string | null> => stage.page.locator('output').textContent();

  it('shows what the server says within a poll, and keeps what is typed meanwhile and where', async () => {
    const note = stage.page.locator('#note');
    await note.pressSequentially('half a thought');
    await note.evaluate((input: HTMLInputElement) => input.setSelectionRange(2, 6));
    await stage.button('Read').evaluate((button: HTMLButtonElement) => button.click());
    await stage.shows('b', '1');

    await say('rain');
    await stage.until(news, 'rain', A_POLL_MS);
    await say('sun');
    await stage.until(news, 'sun', A_POLL_MS);
    expect(
      await note.evaluate((input: HTMLInputElement) => ({
        text: input.value,
        from: input.selectionStart,
        to: input.selectionEnd,
        focused: document.activeElement === input,
      })),
    ).toEqual({ text: 'half a thought', from: 2, to: 6, focused: true });
    expect(stage.cable.upgrades).toBe(0);
    expect(stage.troubles).toEqual([]);
  });

  it('asks nothing while nobody looks at it, and again when somebody does', async () => {
    await stage.button('Read').click();
    await stage.shows('b', '1');
    const look = (hidden: boolean): Promise<void> =>
      stage.page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
      }, hidden);
    await look(true);
    await stage.page.waitForTimeout(500);
    const before = posts.length;
    await say('rain');
    await stage.page.waitForTimeout(11_000);
    expect(posts).toHaveLength(before);
    expect(await news()).toBe('none');
    await look(false);
    await stage.until(async () => posts.length > before, true, A_POLL_MS);
  });

  it('climbs back up to the socket when sockets pass again, and polls no more', async () => {
    await stage.button('Read').click();
    await stage.shows('b', '1');
    stage.cable.refusesSockets = false;
    await stage.connected();
    await say('rain');
    await stage.until(news, 'rain', 2_000);
    const before = posts.length;
    await stage.button('Read').click();
    await stage.shows('b', '2');
    await stage.page.waitForTimeout(6_000);
    expect(posts).toHaveLength(before);
  });
});
