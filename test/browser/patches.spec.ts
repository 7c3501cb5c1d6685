import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { Clicker } from './clicker.component.js';
import { LedgerOfRows } from './ledger-of-rows.component.js';
import { Stage } from './stage.js';

describe('what an update sends', () => {
  let stage: Stage;
  /** Frames from the server, as they came. */
  let frames: string[];

  beforeAll(async () => {
    stage = await Stage.raise();
  });
  afterAll(() => stage.browser.close());

  beforeEach(async () => {
    await stage.open({ providers: [Clicker, LedgerOfRows], options: {} });
    frames = [];
    stage.page.on('websocket', (line) => line.on('framereceived', ({ payload }) => void frames.push(String(payload))));
  });
  afterEach(async () => {
    expect(stage.troubles).toEqual([]);
    await stage.close();
  });

  const raise = (id: number) => stage.page.locator(`tr[live-key="${id}"] button`).click();
  const amount = (id: number, text: string) => stage.shows(`tr[live-key="${id}"] .amount`, text);
  /** Frames that hold a render, and how long they are. */
  const renders = () => frames.filter((frame) => /"(?:html|patch)":|^43\d+\[\d/.test(frame));
  const lengthOfLast = () => renders().at(-1)!.length;

  it('is what has changed, not the component', async () => {
    await stage.visit('c=ledger-of-rows');
    await raise(100);
    await amount(100, '701');
    await raise(150);
    await amount(150, '1051');

    expect(lengthOfLast()).toBeLessThan(45);
    await stage.button('Rename').click();
    await stage.shows('h2.loud', 'Ledger');
    await stage.shows('#last', '<1>');
    expect(await stage.page.locator('[name=note]').inputValue()).toBe('<1>');
    expect(lengthOfLast()).toBeLessThan(200);
  });

  it('is 51 bytes for a click that changes two elements, both ways and with all that frames it', async () => {
    const sent: string[] = [];
    stage.page.on('websocket', (line) => line.on('framesent', ({ payload }) => void sent.push(String(payload))));
    await stage.visit('c=clicker');
    const [plus] = await stage.page.locator('[live-click]').all();
    await plus.click();
    await stage.shows('output', '1');
    await plus.click();
    await stage.shows('output', '2');

    // A frame of the browser is masked: six bytes around it, and two around one of the server.
    const bytes = sent.at(-1)!.length + 6 + renders().at(-1)!.length + 2;
    expect(bytes).toBeLessThanOrEqual(51);
  });

  it('touches only the element that shows it', async () => {
    await stage.visit('c=ledger-of-rows');
    await raise(100);
    await amount(100, '701');
    await stage.page.evaluate(() => {
      const touched: string[] = ((globalThis as { touched?: string[] }).touched = []);
      new MutationObserver((records) => {
        for (const { target } of records) touched.push((target as Element).className || target.nodeName);
      }).observe(document.querySelector('tbody')!, { subtree: true, childList: true, characterData: true });
    });
    await raise(101);
    await amount(101, '708');

    expect(await stage.page.evaluate(() => (globalThis as { touched?: string[] }).touched)).toEqual(['#text']);
  });

  it('is as much work in a long table as in a short one', async () => {
    await stage.visit('c=ledger-of-rows');
    await raise(100);
    await amount(100, '701');
    await stage.page.evaluate(() => {
      const work = { elements: 0, blobs: 0 };
      Object.assign(globalThis, {
        work,
        Blob: new Proxy(Blob, { construct: (Kind, args) => (work.blobs++, new Kind(...args)) }),
      });
      for (const [kind, name] of [
        [Element, 'attributes'],
        [Node, 'nodeName'],
        [Node, 'childNodes'],
      ] as const) {
        const { get } = Object.getOwnPropertyDescriptor(kind.prototype, name)!;
        Object.defineProperty(kind.prototype, name, {
          get() {
            work.elements++;
            return get!.call(this) as unknown;
          },
        });
      }
    });
    await raise(101);
    await amount(101, '708');

    const work = await stage.page.evaluate(() => (globalThis as { work?: { elements: number; blobs: number } }).work!);
    expect(work.elements).toBeLessThan(100);
    // One is asked of another process.
    expect(work.blobs).toBe(0);
  });

  it('adds up to what a render would show', async () => {
    await stage.visit('c=ledger-of-rows');
    for (const name of ['Add', 'Rename', 'Turn', 'Drop', 'Rename', 'Turn', 'Add']) {
      await stage.button(name).click();
    }
    await raise(7);
    await amount(7, '50');
    await stage.shows('p', '2 clicks, <2>');

    const rows = await stage.page.locator('tr').evaluateAll((all) => all.map((row) => row.getAttribute('live-key')));
    expect(rows).toEqual([...Array.from({ length: 200 }, (_, i) => String(i + 1)), '201']);
    expect(await stage.page.locator('#aside').count()).toBe(0);
    expect(await stage.page.locator('h2').getAttribute('class')).toBe('calm');
  });

  it('is shown whole where the page is not as the server believes', async () => {
    await stage.visit('c=ledger-of-rows');
    await raise(100);
    await amount(100, '701');
    await stage.page.evaluate(() => document.querySelector('h2')!.remove());
    await stage.button('Rename').click();
    await stage.shows('#last', '<1>');
    await stage.shows('h2.loud', 'Ledger');
    await raise(102);
    await amount(102, '715');

    expect(lengthOfLast()).toBeLessThan(300);
  });

  it('goes to the row that is meant, wherever a script has moved it', async () => {
    await stage.visit('c=ledger-of-rows');
    await raise(100);
    await amount(100, '701');
    await stage.page.evaluate(() => {
      const row = document.querySelector('tr[live-key="100"]')!;
      row.parentElement!.prepend(row);
    });
    await raise(100);
    await amount(100, '702');

    expect(lengthOfLast()).toBeLessThan(300);
    expect(await stage.page.locator('tr').first().getAttribute('live-key')).toBe('100');
  });
});
