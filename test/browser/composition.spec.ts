import { beforeEach, expect, it } from '@jest/globals';
import { LivePublisher } from 'nest-live';

import { describeEngines } from './engines/describe-engines.js';
import { Poem } from './poem.component.js';

const WAITS_MS = 30_000;

describeEngines('text that is being composed', (stage) => {
  beforeEach(async () => {
    await stage.open({ providers: [Poem] });
    await stage.visit('c=poem');
    await stage.page.evaluate(() => {
      const asked: string[] = [];
      Object.assign(globalThis, { asked });
      addEventListener('live:call', ({ detail }: CustomEventInit<{ event: { event: string } }>) =>
        asked.push(detail!.event.event),
      );
    });
  });

  const asked = (): Promise<string[]> => stage.page.evaluate(() => (globalThis as never as { asked: string[] }).asked);
  const push = async (line: string, tick: number): Promise<void> => {
    await stage.site.app.get(LivePublisher).broadcast('poem', line);
    await stage.shows('#tick', String(tick));
  };
  const value = (id: string): Promise<string> => stage.locator(id).inputValue();
  const look = (): Promise<void> =>
    stage.button('Look').evaluate((button) => (button as unknown as HTMLElement).click());

  it.each(['#line', '#text'])('is neither sent from %s nor written over, and is sent once afterwards', async (id) => {
    await stage.locator(id).pressSequentially('a');
    await stage.shows(id === '#line' ? '#kept' : '#text-kept', 'a');
    await stage.locator(id).focus();
    await stage.page.press('End');
    for (const text of ['に', 'にほ', 'にほん']) await stage.page.compose(text);
    await push('b', 1);
    await push('c', 2);
    expect(await value(id)).toBe('aにほん');
    await stage.page.compose('日本');
    expect(await value(id)).toBe('a日本');
    expect(await asked()).toEqual(['$set']);

    await stage.page.endComposition('日本');
    await stage.shows(id === '#line' ? '#kept' : '#text-kept', 'a日本');
    expect(await value(id)).toBe('a日本');
    expect(await asked()).toEqual(['$set', '$set']);
    await push('d', 3);
    await push('e', 4);
    expect(await value(id)).toBe('e');
  });

  it('reaches a handler once, when it is done', async () => {
    await stage.locator('#find').focus();
    for (const text of ['´', '´e']) await stage.page.compose(text);
    await stage.page.endComposition('é');
    await stage.shows('#log', 'find:é');
    await stage.page.type('t');
    await stage.shows('#log', 'find:é find:ét');
    expect(await asked()).toEqual(['find', 'find']);
  });

  it.each(['a blur', 'a key', 'another input'])('is done with %s where the engine says no other end', async (end) => {
    await stage.locator('#find').focus();
    await stage.page.evaluate(() => {
      const control = document.activeElement as HTMLInputElement;
      control.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
      control.setRangeText('é', 0, 0, 'end');
      control.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true, data: 'é' }));
    });
    await look();
    await stage.shows('#log', 'look:|');
    if (end === 'a blur') await stage.locator('#line').focus();
    else if (end === 'a key') await stage.page.press('ArrowLeft');
    else await stage.page.type('t');
    const text = end === 'another input' ? 'ét' : 'é';
    await stage.until(() => stage.locator('#log').textContent(), `look:| find:${text}`, WAITS_MS);
    await look();
    await stage.shows('#log', `look:| find:${text} look:|`);
  });
});
