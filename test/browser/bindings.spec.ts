import { beforeEach, expect, it } from '@jest/globals';

import { Counter } from '../e2e/counter.component.js';
import { describeEngines } from './engines/describe-engines.js';
import { Bindings } from './recorder.component.js';

describeEngines('bindings', (stage) => {
  beforeEach(async () => {
    await stage.open({ providers: [Bindings, Counter] });
    await stage.visit('c=bindings');
  });

  const log = async (): Promise<unknown> => JSON.parse(await stage.locator('#log').textContent());
  const logs = (...payloads: readonly (object | null)[]): Promise<void> => stage.until(log, payloads);

  it('sends a click without a payload', async () => {
    await stage.locator('#plain').click();
    await logs(null);
  });

  it('sends live-value-… as text and live-payload as data', async () => {
    await stage.locator('#values').click();
    await logs({ by: 5, deep: { a: [1] }, userId: '7' });
  });

  it('hears .once once, however often the element is rendered again', async () => {
    await stage.locator('#once').click();
    await logs({ from: 'once' });
    await stage.locator('#once').click();
    await stage.locator('#plain').click();
    await logs({ from: 'once' }, null);
  });

  it('hears .once once, whatever the engine has thrown away meanwhile', async () => {
    await stage.locator('#once').click();
    await logs({ from: 'once' });
    await stage.page.evaluate(async () => {
      let collections = 0;
      const registry = new FinalizationRegistry(() => (collections += 1));
      for (let round = 0; round < 200 && collections < 3; round += 1) {
        registry.register({}, undefined);
        Array.from({ length: 300_000 }, (_, place) => ({ place }));
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    });
    await stage.locator('#once').click();
    await stage.locator('#plain').click();
    await logs({ from: 'once' }, null);
  });

  it('leaves what .throttle has just heard', async () => {
    await stage.locator('#throttled').click();
    await stage.locator('#throttled').click();
    await stage.locator('#plain').click();
    await logs({ from: 'throttled' }, null);
  });

  it('hears .self on the element alone', async () => {
    await stage.locator('#self b').click();
    await stage.locator('#self').click({ x: 2, y: 2 });
    await logs({ from: 'self' });
  });

  it('gives a click to the innermost element that listens', async () => {
    await stage.locator('#stop').click();
    await logs({ from: 'inner' });
  });

  it('does not follow a link with .prevent', async () => {
    await stage.locator('#link').click();
    await logs({ from: 'link' });
    expect(await stage.page.evaluate(() => location.pathname)).toBe('/page');
  });

  it('sends the fields of a form, with the button that submitted it', async () => {
    await stage.button('Send').click();
    await logs({ title: 'tea', tags: ['a', 'b'], size: 'M', how: 'fast', done: true });
  });

  it('submits a form on enter', async () => {
    await stage.locator('[name=title]').fill('coffee');
    await stage.locator('[name=title]').press('Enter');
    await logs({ title: 'coffee', tags: ['a', 'b'], size: 'M', how: 'fast', done: true });
  });

  it('waits with input.debounce for the end of typing', async () => {
    await stage.locator('#search').pressSequentially('tea', { delay: 10 });
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
    await stage.locator('#enter').pressSequentially('ab');
    await stage.locator('#enter').press('Enter');
    await stage.locator('#combined').press('Enter');
    await stage.locator('#combined').press('Shift+Enter');
    await logs({ value: 'ab', name: 'e', key: 'Enter' }, { value: '', name: 's', key: 'Enter' });
  });

  it('sends a change when it is complete, and leaving a field', async () => {
    await stage.locator('#changed').fill('abc');
    await stage.locator('#left').focus();
    await logs({ value: 'abc', name: 'c' });
    await stage.locator('#plain').focus();
    await logs({ value: 'abc', name: 'c' }, { from: 'left' });
  });

  it('hears events of the page’s own code', async () => {
    const dispatch = (selector: string, type: string): Promise<void> =>
      stage.locator(selector).evaluate((element, name) => {
        element.dispatchEvent(new Event(name));
      }, type);
    await dispatch('#own', 'ping');
    await logs({ from: 'own' });
    await dispatch('#pong', 'pong');
    await logs({ from: 'own' }, { from: 'pong' });
  });

  it('hears elements that came later', async () => {
    await stage.locator('#plain').click();
    await stage.locator('#late').click();
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
