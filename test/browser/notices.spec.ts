import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { Counter } from '../e2e/counter.component.js';
import { Essay } from './essay.component.js';
import { Stage } from './stage.js';

jest.setTimeout(90_000);

const SITE = {
  providers: [Counter, Essay],
  options: { keys: [{ kid: 'k1', secret: 'a secret of this suite alone, 32 bytes and more' }] },
};

describe('notices', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.raise();
  });

  afterAll(() => stage.browser.close());

  afterEach(async () => {
    expect(stage.troubles).toEqual([]);
    await stage.close();
  });

  const open = async (query: string): Promise<void> => {
    await stage.open(SITE);
    await stage.visit(query);
    // What is put into the page and taken out again, with the time it stood.
    await stage.page.evaluate(() => {
      const seen = ((globalThis as never as { seen: string[] }).seen = []) as string[];
      new MutationObserver((records) => {
        for (const { addedNodes } of records)
          for (const node of addedNodes)
            if (node instanceof HTMLElement && node.matches('.live-notice')) seen.push(node.textContent);
      }).observe(document, { childList: true, subtree: true });
    });
  };
  const seen = (): Promise<readonly string[]> =>
    stage.page.evaluate(() => (globalThis as never as { seen: string[] }).seen);
  const notices = (): Promise<readonly string[]> => stage.page.locator('.live-notice').allTextContents();

  it('of what was lost name it, and stay when the next click is answered', async () => {
    await open('c=counter&start=0');
    const plus = stage.button('+1');
    for (let count = 1; count <= 3; count += 1) {
      await plus.click();
      await stage.shows('output', String(count));
    }
    await stage.restart(SITE);
    // Begun again: what is clicked before that is not sent, and says so.
    await stage.until(() => stage.page.locator('output').textContent(), '0', 20_000);
    await plus.click();
    await stage.shows('output', '1');
    await plus.click();
    await stage.shows('output', '2');
    const lost = stage.page.locator('.live-notice', { hasText: 'Recent changes were lost.' });
    expect(await lost.allTextContents()).toEqual([expect.stringContaining('increment')]);
    expect(await lost.getAttribute('role')).toBe('alert');
    await lost.getByRole('button').click();
    expect(await notices()).toEqual([]);
  });

  it('stand beside each other, and none takes another’s place', async () => {
    await open('c=essay');
    await stage.button('more').click();
    await stage.shows('output', '1');
    stage.cable.losesReplies = true;
    await stage.button('slow').click();
    await stage.page.waitForTimeout(100);
    await stage.restart(SITE);
    stage.cable.losesReplies = false;
    stage.cable.cutSockets();
    await stage.until(async () => (await notices()).some((text) => text.includes('Recent changes')), true);
    const all = await notices();
    expect(all.filter((text) => text.includes('slow'))).toHaveLength(1);
    expect(all.length).toBeGreaterThan(1);
  });

  it('of a line that is down are made once, and go when it is back', async () => {
    await open('c=counter&start=0');
    stage.cable.pullOut();
    await stage.button('+1').click();
    await stage.notice('OFFLINE').waitFor();
    await stage.page.waitForTimeout(3_500);
    expect((await seen()).filter((text) => text.startsWith('Reconnecting'))).toHaveLength(1);
    stage.cable.isOut = false;
    await stage.shows('output', '1');
    await stage.notice('OFFLINE').waitFor({ state: 'detached' });
  });

  it('are not made for an instance that has left the page', async () => {
    await stage.open(SITE);
    let say: ((text: string) => void) | undefined;
    await stage.page.routeWebSocket(/socket/, (socket) => {
      socket.connectToServer();
      say = (text) => socket.send(text);
    });
    await stage.visit('c=counter&start=0');
    // As the server pushes it, one moment after its instance has left.
    const error = { code: 'INSTANCE_NOT_FOUND', message: 'This part of the page is no longer held by the server.' };
    say!(`42${JSON.stringify(['error', { ok: false, component_id: 'gone', error }])}`);
    await stage.button('+1').click();
    await stage.shows('output', '1');
    expect(await notices()).toEqual([]);
  });

  it('of joins that met a bound are for the developer alone', async () => {
    await stage.open({ ...SITE, options: { ...SITE.options, limits: { maxInstances: 3 } } });
    const said: string[] = [];
    stage.page.on('console', (message) => said.push(message.text()));
    await stage.visit('c=counter&c=counter&c=counter&c=counter&c=counter');
    await stage.until(async () => said.filter((text) => text.includes('TOO_MANY_INSTANCES')).length, 2);
    expect(await stage.page.locator('.live-notice').count()).toBe(0);
  });
});
