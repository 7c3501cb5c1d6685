import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { LongList } from './long-list.component.js';
import { Stage } from './stage.js';

interface Live {
  call(target: string, event: string, payload?: unknown): Promise<unknown>;
}

describe('a long list', () => {
  let stage: Stage;
  /** Frames from the server, as they came. */
  let frames: string[];

  beforeAll(async () => {
    stage = await Stage.raise();
  });
  afterAll(() => stage.browser.close());

  beforeEach(async () => {
    await stage.open({ providers: [LongList], options: { limits: { eventsPerSecond: 0 } } });
    frames = [];
    stage.page.on('websocket', (line) => line.on('framereceived', ({ payload }) => void frames.push(String(payload))));
    await stage.visit('c=long-list');
    await joined();
  });
  afterEach(async () => {
    expect(stage.troubles).toEqual([]);
    await stage.close();
  });

  const joined = () => stage.until(async () => joins().length, 1);
  const joins = () => frames.filter((frame) => frame.includes('"replies":'));
  /** Answers to events: what they frame, without the two bytes around it. */
  const answers = () => frames.filter((frame) => /^43\d+\[/.test(frame) && !frame.includes('"replies":'));
  const lengthOfLast = () => answers().at(-1)!.length + 2;
  const call = (event: string, payload?: unknown) =>
    stage.page.evaluate(
      ([name, data]) => {
        const { live } = globalThis as never as { live: Live };
        return live.call(document.querySelector('[live-id]')!.getAttribute('live-id')!, name, data);
      },
      [event, payload] as const,
    );
  const ids = () => stage.page.locator('tr').evaluateAll((rows) => rows.map(({ id }) => Number(id.slice(1))));
  const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

  it('that the page shows already is not sent once more when it is joined', () => {
    expect(joins()[0]).not.toContain('html');
    // Two thirds of it are the token for the way back.
    expect(joins()[0].length + 4).toBeLessThanOrEqual(650);
  });

  it('takes a few bytes for a row that changes, comes or goes', async () => {
    await call('raise', { id: 500 });
    expect(lengthOfLast()).toBeLessThanOrEqual(45);
    await call('append');
    expect(lengthOfLast()).toBeLessThanOrEqual(90);
    await call('prepend');
    expect(lengthOfLast()).toBeLessThanOrEqual(90);
    await call('dropFirst');
    expect(lengthOfLast()).toBeLessThanOrEqual(45);
    await call('dropFirst');
    expect(lengthOfLast()).toBeLessThanOrEqual(45);

    expect(await ids()).toEqual(upTo(1_001).slice(1));
    await stage.shows('#r500 td', '3501');
  });

  it('touches nothing but the rows that are meant', async () => {
    await call('raise', { id: 1 });
    await stage.page.evaluate(() => {
      const touched: string[] = ((globalThis as { touched?: string[] }).touched = []);
      new MutationObserver((records) => {
        for (const { addedNodes, removedNodes } of records)
          for (const node of [...addedNodes, ...removedNodes]) touched.push((node as Element).id || node.nodeName);
      }).observe(document.querySelector('tbody')!, { subtree: true, childList: true });
    });
    await call('append');
    await call('dropFirst');

    expect(await stage.page.evaluate(() => (globalThis as { touched?: string[] }).touched)).toEqual([
      ...['#text', 'r1001', '#text', 'r1'],
    ]);
  });

  it('is reversed in place, row by row', async () => {
    await stage.page.evaluate(() => ((globalThis as { row?: unknown }).row = document.querySelector('#r7')));
    await call('reverse');
    expect(await ids()).toEqual(upTo(1_000).toReversed());
    await call('raise', { id: 7 });
    await stage.shows('#r7 td', '50');

    expect(lengthOfLast()).toBeLessThanOrEqual(45);
    expect(
      await stage.page.evaluate(() => (globalThis as { row?: unknown }).row === document.querySelector('#r7')),
    ).toBe(true);
  });

  it('keeps the focus, the caret and what is typed in a row that moves and changes at once', async () => {
    const last = stage.page.locator('[name=note5]');
    await last.fill('half a thought');
    await last.evaluate((input: HTMLInputElement) => input.setSelectionRange(2, 6));
    await call('lift');
    await stage.shows('li', ' 36');
    await stage.page.keyboard.type('X');

    expect(await last.inputValue()).toBe('haX thought');
    const names = await stage.page.locator('li input').evaluateAll((all) => all.map((one) => one.getAttribute('name')));
    expect(names).toEqual(['note5', 'note1', 'note2', 'note3', 'note4']);
    expect(answers().at(-1)).not.toContain('note4');
  });

  it('is shown whole where a script has taken a row away', async () => {
    await call('raise', { id: 1 });
    await stage.page.evaluate(() => document.querySelector('#r1')!.remove());
    await call('dropFirst');
    await stage.until(async () => (await ids()).length, 999);
    await call('dropFirst');

    await stage.until(ids, upTo(1_000).slice(2));
    expect(lengthOfLast()).toBeLessThanOrEqual(45);
  });

  it('holds no more after 10,000 updates than before', async () => {
    const devTools = await stage.page.context().newCDPSession(stage.page);
    await devTools.send('Performance.enable');
    const measure = async () => {
      await devTools.send('HeapProfiler.collectGarbage');
      const { metrics } = await devTools.send('Performance.getMetrics');
      const of = (name: string) => metrics.find((metric) => metric.name === name)!.value;
      return { nodes: of('Nodes'), listeners: of('JSEventListeners'), heap: of('JSHeapUsedSize') };
    };
    const update = (times: number) =>
      stage.page.evaluate(async (count) => {
        const { live } = globalThis as never as { live: Live };
        const id = document.querySelector('[live-id]')!.getAttribute('live-id')!;
        for (let done = 0; done < count; done += 20)
          await Promise.all(Array.from({ length: 20 }, () => live.call(id, 'turn')));
      }, times);
    await call('shorten');
    await update(400);
    const before = await measure();
    await update(10_000);
    const after = await measure();

    await stage.shows('output', '10400');
    expect(after.nodes).toBeLessThanOrEqual(before.nodes + 20);
    expect(after.listeners).toBeLessThanOrEqual(before.listeners);
    expect(after.heap).toBeLessThanOrEqual(before.heap * 1.1 + 200_000);
  }, 600_000);
});
