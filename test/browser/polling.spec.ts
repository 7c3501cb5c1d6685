import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LiveComponent, LivePublisher, OnEvent, OnTopic, State } from 'nest-live';

import { Stage } from './stage.js';

jest.setTimeout(60_000);

/** Longer than the time from one poll to the next. */
const A_POLL_MS = 11_000;

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
    await stage.page.clock.install();
    await stage.page.goto(`${stage.cable.url}/page?c=bulletin`);
  });

  afterEach(() => stage.close());

  const say = (news: string): Promise<void> => stage.site.app.get(LivePublisher).broadcast('news', news);
  const news = async (): Promise<string | null> => stage.page.locator('output').textContent();

  /** The page's own clock goes on by so much, and its timers with it. */
  const pass = (ms: number): Promise<void> => stage.page.clock.fastForward(ms);

  it('shows what the server says within a poll, and keeps what is typed meanwhile and where', async () => {
    const note = stage.page.locator('#note');
    await note.pressSequentially('half a thought');
    await note.evaluate((input: HTMLInputElement) => input.setSelectionRange(2, 6));
    await stage.button('Read').evaluate((button: HTMLButtonElement) => button.click());
    await stage.shows('b', '1');

    for (const told of ['rain', 'sun']) {
      await say(told);
      await pass(A_POLL_MS);
      await stage.until(news, told);
    }
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
        Object.defineProperty(Document.prototype, 'hidden', { configurable: true, get: () => value });
      }, hidden);
    await look(true);
    await stage.page.waitForTimeout(500);
    const before = posts.length;
    await say('rain');
    for (const poll of [1, 2, 3]) {
      await pass(A_POLL_MS);
      await stage.page.waitForTimeout(150 * poll);
    }
    expect(posts).toHaveLength(before);
    expect(await news()).toBe('none');
    await look(false);
    await pass(A_POLL_MS);
    await stage.until(async () => posts.length > before, true);
  });

  it('climbs back up to the socket when sockets pass again, and polls no more', async () => {
    await stage.button('Read').click();
    await stage.shows('b', '1');
    stage.cable.refusesSockets = false;
    // It tries from time to time, and later each time.
    await stage.page.locator('html.live-connected').waitFor({ state: 'attached', timeout: 20_000 });
    await say('rain');
    await stage.until(news, 'rain', 2_000);
    const before = posts.length;
    await stage.button('Read').click();
    await stage.shows('b', '2');
    await pass(A_POLL_MS);
    await stage.page.waitForTimeout(500);
    expect(posts).toHaveLength(before);
  });
});
