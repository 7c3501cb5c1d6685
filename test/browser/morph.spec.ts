import { beforeEach, expect, it } from '@jest/globals';
import { LivePublisher } from 'nest-live';

import { Counter } from '../e2e/counter.component.js';
import { describeEngines } from './engines/describe-engines.js';
import { Frame, Surface } from './surface.component.js';

const rendering = { helpers: { is: (one: unknown, other: unknown) => one === other } };

describeEngines('a patch', (stage) => {
  beforeEach(async () => {
    await stage.open({ providers: [Surface, Frame, Counter], options: { rendering } });
    await stage.visit('c=surface');
  });

  const push = async (times: number): Promise<void> => {
    for (let time = 1; time <= times; time += 1) {
      await stage.site.app.get(LivePublisher).broadcast('surface');
    }
    await stage.shows('#count', String(times));
  };

  /** Marks elements as objects, so that a new element with the same attributes is told apart. */
  const mark = (selector: string): Promise<void> =>
    stage.page.evaluate((found) => {
      document
        .querySelectorAll(found)
        .forEach((element) => ((element as { mark?: string }).mark = element.textContent));
    }, selector);
  const marked = (selector: string): Promise<boolean> =>
    stage.page.evaluate(
      (found) => [...document.querySelectorAll(found)].every((element) => 'mark' in element),
      selector,
    );

  it.each(['#text', '#long'])('keeps focus, caret, selection and text of %s', async (selector) => {
    const field = stage.locator(selector);
    await field.fill('half a thought');
    await field.evaluate((input: HTMLInputElement) => input.setSelectionRange(5, 8, 'backward'));
    await push(5);
    const state = await field.evaluate((input: HTMLInputElement) => {
      const { value, selectionStart, selectionEnd, selectionDirection } = input;
      return [document.activeElement === input, value, selectionStart, selectionEnd, selectionDirection];
    });
    expect(state).toEqual([true, 'half a thought', 5, 8, 'backward']);
  });

  it('keeps the scroll of the page and of a scroller inside', async () => {
    await stage.locator('#scroller').evaluate((element: HTMLElement) => {
      Object.assign(element.style, { height: '80px', overflow: 'auto' });
      element.scrollTop = 333;
      Object.assign(document.body.style, { height: '5000px' });
      scrollTo(0, 120);
    });
    await push(2);
    const where = await stage.page.evaluate(() => [document.querySelector('#scroller')?.scrollTop, scrollY]);
    expect(where).toEqual([333, 120]);
  });

  it('keeps what a person has opened', async () => {
    await stage.locator('summary').click();
    await stage.locator('#dialog').evaluate((dialog: HTMLDialogElement) => dialog.showModal());
    await stage.locator('#in-dialog').fill('typed');
    await push(3);
    expect(await stage.locator('#inside').textContent()).toBe('3');
    expect(await stage.locator('#dialog b').textContent()).toBe('3');
    const open = await stage.page.evaluate(() => [
      document.querySelector('details')?.open,
      document.querySelector('dialog')?.matches(':modal'),
      document.querySelector<HTMLInputElement>('#in-dialog')?.value,
      document.activeElement?.id,
    ]);
    expect(open).toEqual([true, true, 'typed', 'in-dialog']);
  });

  it('changes its own classes and attributes and leaves those of others', async () => {
    await stage.locator('#classes').evaluate((element) => {
      element.classList.add('third-party');
      element.setAttribute('data-third', 'party');
    });
    const classes = stage.locator('#classes');
    const names = (): Promise<string[]> => classes.evaluate(({ classList }) => [...classList].sort());
    await push(1);
    expect(await names()).toEqual(['odd', 'one', 'third-party']);
    expect(await classes.getAttribute('title')).toBe('odd');
    await stage.button('bump').click();
    await stage.shows('#count', '2');
    expect(await names()).toEqual(['even', 'one', 'third-party']);
    expect(await classes.getAttribute('title')).toBeNull();
    expect(await classes.getAttribute('data-third')).toBe('party');
  });

  it('leaves live-ignore alone, however its surroundings grow and shrink', async () => {
    await stage.locator('#ignored').evaluate((element) => element.replaceChildren('somebody else’s'));
    await mark('#ignored');
    await push(2);
    await stage.shows('#ignored', 'somebody else’s');
    expect(await marked('#ignored')).toBe(true);
  });

  it('does not touch media that play', async () => {
    await stage.locator('#clip').evaluate(async (video: HTMLVideoElement) => {
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d')!;
      setInterval(() => context.fillRect(Math.random() * 9, 0, 9, 9), 20);
      video.muted = true;
      video.srcObject = canvas.captureStream();
      await video.play();
      video.addEventListener('pause', () => (video.dataset.paused = 'true'));
      video.addEventListener('emptied', () => (video.dataset.paused = 'true'));
    });
    await mark('#clip');
    await push(3);
    await stage.button('reverse').click();
    await stage.shows('#count', '4');
    expect(await stage.locator('#clip').getAttribute('title')).toBe('4');
    expect(await marked('#clip')).toBe(true);
    expect(
      await stage.locator('#clip').evaluate(({ paused, dataset }: HTMLVideoElement) => [paused, dataset.paused]),
    ).toEqual([false, null]);
  });

  it('moves keyed rows, with what was typed in them and the focus', async () => {
    await mark('li');
    const field = stage.locator('[live-key=b] input');
    await field.fill('in row b');
    await field.evaluate((input: HTMLInputElement) => input.setSelectionRange(3, 6));
    await stage.page.evaluate(() => {
      // Not a click by a person: the focus stays in the row.
      [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'reverse')!.click();
    });
    await stage.shows('#count', '1');
    expect(await stage.locator('li span').allTextContents()).toEqual(['d 1', 'c 1', 'b 1', 'a 1']);
    expect(await marked('li')).toBe(true);
    const state = await field.evaluate((input: HTMLInputElement) => {
      const { value, selectionStart, selectionEnd } = input;
      return [document.activeElement === input, value, selectionStart, selectionEnd];
    });
    expect(state).toEqual([true, 'in row b', 3, 6]);
  });

  it('inserts and removes keyed rows around those that stay', async () => {
    await mark('li');
    await stage.button('swap').click();
    await stage.until(() => stage.locator('li span').allTextContents(), ['new 0', 'a 0', 'c 0', 'd 0']);
    expect(await marked('li:not(:first-child)')).toBe(true);
    expect(await marked('li:first-child')).toBe(false);
  });

  it('leaves a choice to the person, and follows the server where nobody has chosen', async () => {
    const chosen = (): Promise<unknown[]> =>
      stage.page.evaluate(() => {
        const { value } = document.querySelector<HTMLSelectElement>('#choice')!;
        return [value, document.querySelector<HTMLInputElement>('[name=size]:checked')?.value];
      });
    await stage.button('swap').click();
    await stage.until(chosen, ['b', 'M']);
    await stage.locator('#choice').selectOption('c');
    await stage.locator('#small').check();
    await push(2);
    expect(await chosen()).toEqual(['c', 'S']);
  });

  it('empties a form that was accepted, but not what was typed after it was sent', async () => {
    const message = stage.locator('#message');
    await message.fill('first');
    await message.press('Enter');
    await stage.shows('#count', '1');
    expect(await message.inputValue()).toBe('');

    stage.cable.delayMs = 300;
    await message.fill('second');
    await message.press('Enter');
    await message.fill('third');
    await stage.shows('#count', '2');
    expect(await message.inputValue()).toBe('third');
  });

  it('leaves a component inside a component to itself', async () => {
    await stage.visit('outer=frame&inner=counter&start=5', 'nested');
    const inner = '[live-component=counter]';
    await stage.button('+1').click();
    await stage.shows(`${inner} output`, '6');
    await mark(inner);
    await stage.button('bump').click();
    await stage.shows('#frame > output', '1');
    expect(await marked(inner)).toBe(true);
    await stage.shows(`${inner} output`, '6');
    await stage.button('+1').click();
    await stage.shows(`${inner} output`, '7');
    expect(await stage.locator('#frame > output').textContent()).toBe('1');
  });
});
