import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { Counter } from '../e2e/counter.component.js';
import { Stage } from './stage.js';

const SITE = {
  providers: [Counter],
  options: { keys: [{ kid: 'k1', secret: 'a secret of this suite alone, 32 bytes and more' }] },
};

describe('many components of one page', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.raise();
  });

  afterAll(() => stage.browser.close());

  afterEach(async () => {
    expect(stage.troubles).toEqual([]);
    await stage.close();
  });

  it.each([2, 17, 110, 200])('join together, silently: %i', async (count) => {
    await stage.open(SITE);
    const frames: string[] = [];
    stage.page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => /^42/.test(String(payload)) && frames.push(String(payload))),
    );
    const seen: string[] = [];
    stage.page.on('console', (message) => {
      // What the browser says of a node that is away.
      if (!/^Failed to load|^WebSocket connection to/.test(message.text())) seen.push(message.text());
    });
    await stage.page.addInitScript(() =>
      document.addEventListener('live:error', (event) => {
        const { code } = (event as CustomEvent<{ error: { code: string } }>).detail.error;
        // A node that ends says so.
        if (code !== 'DRAINING') console.log(`told: ${code}`);
      }),
    );
    await stage.visit(Array.from({ length: count }, () => 'c=counter').join('&'));
    const last = stage.page.locator('[live-component=counter]').last();
    await last.getByRole('button').click();
    await stage.until(() => last.locator('output').textContent(), '1');
    expect(frames.filter((frame) => frame.includes('join')).length).toBeLessThan(8);
    expect(frames.length).toBeLessThan(10);
    expect(seen).toEqual([]);
    // Over HTTP, where a page may be for a moment after a restart, each component asks for itself: many ask in turns.
    if (count > 17) return;

    await stage.restart(SITE);
    // Begun again: what is clicked before that is not sent, and says so.
    await stage.until(() => last.locator('output').textContent(), '0', 20_000);
    await last.getByRole('button').click();
    await stage.until(() => last.locator('output').textContent(), '1', 20_000);
    await stage.until(
      () => stage.page.locator('[live-component=counter]').first().locator('output').textContent(),
      '0',
    );
    // Before, each of them asked again and again.
    expect(frames.length).toBeLessThan(60 + count);
    expect(seen).toEqual([]);
    expect(await stage.page.locator('.live-notice:not(:has-text("Recent changes"))').count()).toBe(0);
  });
});
