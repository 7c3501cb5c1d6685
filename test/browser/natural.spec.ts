import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { Natural, Ticket } from './natural.component.js';
import { Stage } from './stage.js';

const SITE = {
  providers: [Natural, Ticket],
  options: { keys: [{ kid: 'k1', secret: 'a secret of this suite alone, 32 bytes and more' }] },
  policy: '',
};

describe('as the browser itself would', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.raise();
  });

  afterAll(() => stage.browser.close());

  beforeEach(() => stage.open(SITE));

  afterEach(async () => {
    expect(stage.troubles).toEqual([]);
    await stage.close();
  });

  const log = async (): Promise<unknown> => JSON.parse((await stage.page.locator('#log').textContent()) ?? '');
  const fields = { title: 'tea', inlegend: 'l', outside: 'o', boxlegend: true, agree: false, outbox: true };

  it('sends what belongs to a form: legends, controls outside, the button', async () => {
    await stage.visit('c=natural');
    await stage.button('Send').click();
    await stage.until(log, [{ ...fields, how: 'fast' }]);
  });

  it('sends where an image was clicked', async () => {
    await stage.visit('c=natural');
    await stage.page.getByAltText('Spot').click({ position: { x: 3, y: 4 } });
    await stage.until(log, [{ ...fields, 'spot.x': '3', 'spot.y': '4' }]);
  });

  it('keeps the focus on what was disabled while it waits', async () => {
    await stage.visit('c=natural');
    await stage.page.locator('#busy').focus();
    await stage.page.keyboard.press('Enter');
    await stage.until(log, ['waited']);
    await stage.until(() => stage.page.evaluate(() => document.activeElement?.id), 'busy');
  });

  it('opens a tab for a click with a key on a link, and does nothing else', async () => {
    await stage.visit('c=natural');
    const tab = stage.page.context().waitForEvent('page');
    await stage.page.locator('#away').click({ modifiers: ['ControlOrMeta'] });
    await (await tab).close();
    await stage.button('tell').click();
    await stage.until(log, [{ early: '', noted: '' }]);
  });

  it('hears clicks inside an open shadow tree', async () => {
    await stage.visit('c=natural');
    await stage.page.evaluate(() => {
      const shadow = document.querySelector('#host')!.attachShadow({ mode: 'open' });
      const button = document.createElement('button');
      button.setAttribute('live-click', 'note');
      button.setAttribute('live-value-from', 'shadow');
      button.append(Object.assign(document.createElement('b'), { textContent: 'shadowed' }));
      shadow.append(button);
    });
    await stage.page.getByText('shadowed').click();
    await stage.until(log, [{ from: 'shadow' }]);
  });

  it('hears an event whose kind first comes with a patch', async () => {
    await stage.visit('c=natural');
    await stage.button('tell').click();
    await stage.until(log, [{ early: '', noted: '' }]);
    await stage.page.locator('#later').evaluate((element) => element.dispatchEvent(new Event('later')));
    await stage.until(log, [{ early: '', noted: '' }, { from: 'later' }]);
  });

  it('tells a model that its form was reset', async () => {
    await stage.visit('c=natural');
    await stage.page.locator('#note').pressSequentially('thought');
    await stage.page.waitForTimeout(400);
    await stage.button('Reset').click();
    await stage.page.waitForTimeout(400);
    await stage.button('tell').click();
    await stage.until(log, [{ early: '', noted: '' }]);
    expect(await stage.page.locator('#note').inputValue()).toBe('');
  });

  it('sends what was entered before the script ran', async () => {
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    await stage.page.route(/client\..*js/, async (route) => {
      // What watches a page from its first line on stands before it, and the page waits for that.
      if (!route.request().url().includes('early')) await held;
      await route.continue();
    });
    const arrived = stage.page.goto(`${stage.cable.url}/page?c=natural`, { waitUntil: 'commit' });
    await arrived;
    await stage.page.locator('#early').pressSequentially('before');
    go();
    await stage.connected();
    await stage.button('tell').click();
    await stage.until(log, [{ early: 'before', noted: '' }]);
  });

  it('takes a double click for one, where its second half meets what the first has made', async () => {
    await stage.visit('c=ticket');
    const box = (await stage.button('Take it').boundingBox())!;
    const press = async (clickCount: number): Promise<void> => {
      await stage.page.mouse.move(box.x + 5, box.y + 5);
      await stage.page.mouse.down({ clickCount });
      await stage.page.mouse.up({ clickCount });
    };
    await press(1);
    await stage.shows('output', 'taken');
    await press(2);
    await stage.page.waitForTimeout(300);
    await stage.shows('output', 'taken');
    await press(1);
    await stage.shows('output', 'taken,closed');
  });

  it('takes no second row for the first', async () => {
    await stage.visit('c=ticket');
    const box = (await stage.button('drop a').boundingBox())!;
    await stage.page.mouse.move(box.x + 5, box.y + 5);
    for (const clickCount of [1, 2]) {
      await stage.page.mouse.down({ clickCount });
      await stage.page.mouse.up({ clickCount });
      await stage.shows('output', 'a');
      await stage.page.waitForTimeout(150);
    }
    await stage.shows('output', 'a');
    await stage.button('drop b').click();
    await stage.shows('output', 'a,b');
  });

  it('takes Enter, pressed twice, for one thing', async () => {
    await stage.visit('c=ticket');
    await stage.button('Take it').focus();
    await stage.page.keyboard.press('Enter');
    await stage.shows('output', 'taken');
    await stage.page.keyboard.press('Enter');
    await stage.page.waitForTimeout(700);
    await stage.shows('output', 'taken');
  });
});
