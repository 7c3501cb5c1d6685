import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { Counter } from '../e2e/counter.component.js';
import { Bindings } from './recorder.component.js';
import { Stage } from './stage.js';

describe('bindings in Chromium', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.raise();
  });

  afterAll(() => stage.browser.close());

  beforeEach(async () => {
    await stage.open({ providers: [Bindings, Counter] });
    await stage.visit('c=bindings');
  });

  afterEach(async () => {
    expect(stage.troubles).toEqual([]);
    await stage.close();
  });

  const log = async (): Promise<unknown> => JSON.parse((await stage.page.locator('#log').textContent()) ?? '');
  const logs = (...payloads: readonly (object | null)[]): Promise<void> => stage.until(log, payloads);

  it('sends a click without a payload', async () => {
    await stage.page.click('#plain');
    await logs(null);
  });

  it('sends live-value-… as text and live-payload as data', async () => {
    await stage.page.click('#values');
    await logs({ by: 5, deep: { a: [1] }, userId: '7' });
  });

  it('hears .once once, however often the element is rendered again', async () => {
    await stage.page.click('#once');
    await logs({ from: 'once' });
    await stage.page.click('#once');
    await stage.page.click('#plain');
    await logs({ from: 'once' }, null);
  });

  it('leaves what .throttle has just heard', async () => {
    await stage.page.click('#throttled');
    await stage.page.click('#throttled');
    await stage.page.click('#plain');
    await logs({ from: 'throttled' }, null);
  });

  it('hears .self on the element alone', async () => {
    await stage.page.click('#self b');
    await stage.page.click('#self', { position: { x: 2, y: 2 } });
    await logs({ from: 'self' });
  });

  it('gives a click to the innermost element that listens', async () => {
    await stage.page.click('#stop');
    await logs({ from: 'inner' });
  });

  it('does not follow a link with .prevent', async () => {
    await stage.page.click('#link');
    await logs({ from: 'link' });
    expect(new URL(stage.page.url()).pathname).toBe('/page');
  });

  it('sends the fields of a form, with the button that submitted it', async () => {
    await stage.page.getByRole('button', { name: 'Send' }).click();
    await logs({ title: 'tea', tags: ['a', 'b'], size: 'M', how: 'fast', done: true });
  });

  it('submits a form on enter', async () => {
    await stage.page.locator('[name=title]').fill('coffee');
    await stage.page.locator('[name=title]').press('Enter');
    await logs({ title: 'coffee', tags: ['a', 'b'], size: 'M', how: 'fast', done: true });
  });

  it('waits with input.debounce for the end of typing', async () => {
    await stage.page.locator('#search').pressSequentially('tea', { delay: 10 });
    await logs({ value: 'tea', name: 'q' });
  });

  it('sends what is debounced before an event that comes earlier', async () => {
    await stage.page.evaluate(() => {
      const search = document.querySelector<HTMLInputElement>('#search')!;
      search.value = 'tea';
      search.dispatchEvent(new Event('input', { bubbles: true }));
      document.querySelector<HTMLElement>('#plain')!.click();
    });
    await logs({ value: 'tea', name: 'q' }, null);
  });

  it('tells keys apart', async () => {
    await stage.page.locator('#enter').pressSequentially('ab');
    await stage.page.locator('#enter').press('Enter');
    await stage.page.locator('#combined').press('Enter');
    await stage.page.locator('#combined').press('Shift+Enter');
    await logs({ value: 'ab', name: 'e', key: 'Enter' }, { value: '', name: 's', key: 'Enter' });
  });

  it('sends a change when it is complete, and leaving a field', async () => {
    await stage.page.locator('#changed').fill('abc');
    await stage.page.locator('#left').focus();
    await logs({ value: 'abc', name: 'c' });
    await stage.page.locator('#plain').focus();
    await logs({ value: 'abc', name: 'c' }, { from: 'left' });
  });

  it('hears events of the page’s own code', async () => {
    const dispatch = (selector: string, type: string): Promise<void> =>
      stage.page.locator(selector).evaluate((element, name) => {
        element.dispatchEvent(new Event(name));
      }, type);
    await dispatch('#own', 'ping');
    await logs({ from: 'own' });
    await dispatch('#pong', 'pong');
    await logs({ from: 'own' }, { from: 'pong' });
  });

  it('hears elements that came later', async () => {
    await stage.page.click('#plain');
    await stage.page.click('#late');
    await logs(null, { from: 'late' });
  });

  it('connects a component that a script puts into the page', async () => {
    await stage.page.evaluate(async () => {
      const answer = await fetch('/components/counter?start=3', { headers: { accept: 'text/html' } });
      const [tag] = (await answer.text()).split('>');
      // Built by hand: only our client's policy may make HTML here.
      const root = document.createElement('div');
      for (const [, name, value] of tag.matchAll(/ (live-[a-z]+)="([^"]*)"/g)) root.setAttribute(name, value);
      const button = document.createElement('button');
      button.setAttribute('live-click', 'increment');
      button.textContent = 'later';
      root.append(button);
      document.querySelector('#end')!.before(root);
    });
    await stage.button('later').click();
    await stage.shows('[live-component=counter] output', '4');
  });
});
