import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { Counter } from '../e2e/counter.component.js';
import { Stage } from './stage.js';

jest.setTimeout(120_000);

const SITE = {
  providers: [Counter],
  options: { keys: [{ kid: 'k1', secret: 'a secret of this suite alone, 32 bytes and more' }] },
};
const PATIENCE_MS = 40_000;
const COUNTS = [2, 17, 110, 200];

describe('many components of one page', () => {
  let stage: Stage;
  /** What components have asked for, on the socket and over HTTP. */
  let asked: string[];
  /** What the page was told, and what it has said in the console. */
  let seen: string[];

  beforeAll(async () => {
    stage = await Stage.raise();
  });

  afterAll(() => stage.browser.close());

  const open = async (): Promise<void> => {
    await stage.open(SITE);
    asked = [];
    seen = [];
    stage.page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => /^42/.test(String(payload)) && asked.push(String(payload))),
    );
    stage.page.on('request', (request) => request.method() === 'POST' && asked.push(request.url()));
    stage.page.on('console', (message) => {
      // What the browser says of a node that is away, and the client of one that goes.
      if (!/^Failed to load|^WebSocket connection to|DRAINING/.test(message.text())) seen.push(message.text());
    });
    await stage.page.addInitScript(() =>
      document.addEventListener('live:error', (event) => {
        const { code } = (event as CustomEvent<{ error: { code: string } }>).detail.error;
        console.log(`told: ${code}`);
      }),
    );
  };

  afterEach(async () => {
    expect(stage.troubles).toEqual([]);
    await stage.close();
  });

  const address = (count: number): string =>
    `${stage.cable.url}/page?${Array.from({ length: count }, () => 'c=counter').join('&')}`;
  const shownBy = (place: 'first' | 'last'): Promise<string | null> =>
    stage.page.locator('[live-component=counter]')[place]().locator('output').textContent();
  const click = (): Promise<void> =>
    stage.page.locator('[live-component=counter]').last().getByRole('button').click({ timeout: PATIENCE_MS });

  /** Begun again, all of them: what is clicked before that is not sent, and says so. */
  const isBegunAgain = async (): Promise<void> => {
    await stage.until(() => shownBy('last'), '0', PATIENCE_MS);
    await click();
    await stage.until(() => shownBy('last'), '1', PATIENCE_MS);
    await stage.until(() => shownBy('first'), '0', PATIENCE_MS);
  };

  const joins = (): readonly string[] => asked.filter((request) => request.includes('join'));

  const expectCalm = async (): Promise<void> => {
    expect(seen).toEqual([]);
    expect(await stage.page.locator('.live-notice:not(:has-text("Recent changes"))').count()).toBe(0);
  };

  it.each(COUNTS)('join together, silently, also after a restart: %i', async (count) => {
    await open();
    await stage.page.goto(address(count));
    await stage.page.locator('html.live-connected').waitFor({ state: 'attached', timeout: PATIENCE_MS });
    await click();
    await stage.until(() => shownBy('last'), '1', PATIENCE_MS);
    expect(joins().length).toBeLessThan(8);
    expect(asked.length).toBeLessThan(10);

    await stage.restart(SITE);
    await isBegunAgain();
    // Alone, each of them would ask several times; how often all of them do says how long the server was away.
    expect(asked.length).toBeLessThan(Math.max(60, count));
    await expectCalm();
  });

  it.each(COUNTS)('join together over HTTP where no socket passes, also after a restart: %i', async (count) => {
    await open();
    stage.cable.refusesSockets = true;
    await stage.page.goto(address(count));
    await click();
    await stage.until(() => shownBy('last'), '1', PATIENCE_MS);
    expect(joins().length).toBeLessThan(16);
    expect(joins().every((url) => url.endsWith('/-/joins'))).toBe(true);

    await stage.restart(SITE);
    await isBegunAgain();
    expect(asked.length).toBeLessThan(Math.max(100, count));
    await expectCalm();
  });
});
