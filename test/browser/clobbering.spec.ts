import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { Counter } from '../e2e/counter.component.js';
import { Shadowed, ShadowedRoot } from './shadowed.component.js';
import { Stage } from './stage.js';

/** Words that somebody's HTML may use as a name or an id. */
const NAMES = [
  'currentScript live',
  'documentElement createElement addEventListener dispatchEvent',
  'body head forms cookie location activeElement hidden readyState prerendering',
  'querySelector querySelectorAll getElementById children childNodes contains nodeName append defaultView',
  'trustedTypes effects start fetch history navigator crypto performance WebSocket FormData Element Node setTimeout self',
];

/** As a page's author would put a visitor's words into the page, without scripts. */
const shadow = (name: string): string =>
  `<img name="${name}" alt="" src="http://x//other.host/a.png"><form name="${name}"><input name="effects"><input name="call"></form>` +
  `<a id="${name}"></a><a id="${name}" href="http://other.host/-/x"></a>`;

describe('names in the page’s HTML', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.raise();
  });

  afterAll(() => stage.browser.close());

  beforeEach(async () => {
    await stage.open({ providers: [Counter, Shadowed, ShadowedRoot], policy: '' });
    await stage.page.route(
      ({ hostname }) => hostname !== '127.0.0.1',
      (route) => route.abort(),
    );
  });

  afterEach(async () => {
    expect(stage.troubles).toEqual([]);
    await stage.close();
  });

  /** The page with this HTML before everything else of it. */
  const visitWith = async (html: string, query: string): Promise<void> => {
    const page = await (await stage.page.request.get(`${stage.cable.url}/page?${query}`)).text();
    stage.site.cache(page.replace('<body>', `<body><base href="http://other.host/">${html}`));
    await stage.page.goto(`${stage.cable.url}/cached`);
  };
  /* The tool's own scripts read from the document, too: the page is asked by its interfaces, and driven by mouse and keys. */
  const text = (selector: string): Promise<string> =>
    stage.page.evaluate(
      (wanted) => Document.prototype.querySelector.call(document, wanted)?.textContent ?? '',
      selector,
    );
  const click = async (selector: string): Promise<void> => {
    const [x, y] = await stage.page.evaluate((wanted) => {
      const element = Document.prototype.querySelector.call(document, wanted)!;
      element.scrollIntoView({ block: 'center' });
      const { x: left, y: top, width, height } = element.getBoundingClientRect();
      return [left + width / 2, top + height / 2];
    }, selector);
    await stage.page.mouse.click(x, y);
  };
  const isConnected = (): Promise<boolean> =>
    stage.page.evaluate(() => !!Document.prototype.querySelector.call(document, 'html.live-connected'));

  it.each(NAMES)('stop nothing: %s', async (names) => {
    const asked: string[] = [];
    stage.page.on('request', (request) => asked.push(new URL(request.url()).host));
    await visitWith(names.split(' ').map(shadow).join(''), 'c=counter');
    await stage.until(isConnected, true);
    await click('[live-component=counter] button');
    await stage.until(() => text('[live-component=counter] output'), '1');
    expect([...new Set(asked)].filter((host) => host !== 'x' && host !== new URL(stage.cable.url).host)).toEqual([]);
  });

  it.each([
    ['the running script', '<img name="currentScript" alt="" src="http://x//other.host/-/client.js">'],
    ['the client', '<form id="live"><input name="effects"><input name="start"></form>'],
    ['a policy', '<form id="trustedTypes"><input name="createPolicy"></form>'],
  ])('stop nothing: an element that looks like %s', async (_, html) => {
    const asked: string[] = [];
    stage.page.on('websocket', (socket) => asked.push(new URL(socket.url()).host));
    await visitWith(html, 'c=counter');
    await stage.until(isConnected, true);
    await click('[live-component=counter] button');
    await stage.until(() => text('[live-component=counter] output'), '1');
    expect(asked).toEqual([new URL(stage.cable.url).host]);
  });

  it('stop nothing when they are all those of a document', async () => {
    await stage.page.goto(`${stage.cable.url}/page`);
    const names = await stage.page.evaluate(() => {
      const found: string[] = [];
      for (let from: object = document; from !== Object.prototype; from = Object.getPrototypeOf(from) as object)
        found.push(...Object.getOwnPropertyNames(from));
      return [...new Set(found)];
    });
    expect(names.length).toBeGreaterThan(200);
    const asked: string[] = [];
    stage.page.on('websocket', (socket) => asked.push(new URL(socket.url()).host));
    await visitWith(names.map((name) => `<img alt="" name="${name}">`).join(''), 'c=counter');
    await stage.until(isConnected, true);
    await click('[live-component=counter] button');
    await stage.until(() => text('[live-component=counter] output'), '1');
    expect(asked).toEqual([new URL(stage.cable.url).host]);
  });

  it.each(['shadowed', 'shadowed-root'])('of a form’s controls stop nothing: %s', async (name) => {
    await stage.page.goto(`${stage.cable.url}/page?c=${name}`);
    await stage.until(isConnected, true);
    for (const count of [1, 2]) {
      for (const field of ['children', 'attributes', 'id', 'nodeName']) {
        await click(`#f-${field}`);
        await stage.page.keyboard.press('Control+A');
        await stage.page.keyboard.type('typed');
      }
      await stage.page.keyboard.press('Enter');
      await stage.until(() => text('output'), String(count));
      await stage.until(
        () => stage.page.evaluate(() => (document.querySelector('#f-children') as HTMLInputElement).value),
        `after ${count}`,
      );
    }
    if (name === 'shadowed') await stage.until(() => text('i'), '4');
    expect(await stage.page.locator('.live-notice').count()).toBe(0);
  });
});
