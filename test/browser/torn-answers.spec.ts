import { expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, Payload, State } from 'nest-live';

import { describeEngines } from './engines/describe-engines.js';

/** A form, and a bound field whose words the server keeps in its own way. */
@LiveComponent('letterbox', {
  template: `<section>
  <h2>{{count}} letters, {{name}}</h2>
  <form live-submit="post"><input name="text"> <input name="from" value="{{from}}"> <button>Post</button></form>
  <input id="name" live-model.lazy="name" value="{{name}}">
  <p>What is posted here goes to everybody who has asked for it, in the order in which it was posted.</p>
  <button live-click="ring">Ring</button>
  <output>{{last}}</output>
</section>`,
})
class Letterbox {
  @State() count = 0;
  @State() last = '';
  @State() from = 'me';
  @State({ bind: true }) name = '';

  beforeRender(): void {
    this.name = this.name.trim().toUpperCase();
  }

  @OnEvent()
  ring(): void {
    this.last = 'rung';
  }

  @OnEvent()
  post(@Payload() { text, from }: { text: string; from: string }): void {
    this.count += 1;
    this.last = `${this.count}: ${text} of ${from}`;
  }
}

describeEngines('an answer whose patch does not fit the page', (stage) => {
  const visit = async () => {
    await stage.open({ providers: [Letterbox], options: {} });
    await stage.visit('c=letterbox');
    // The first answer is whole: from then on there is a render to compare with.
    await stage.button('Ring').click();
    await stage.shows('output', 'rung');
  };
  /** A script takes away what the answer will change, and with it the place that the patch names. */
  const tear = () => stage.page.evaluate(() => document.querySelector('h2')!.remove());
  const value = (css: string) =>
    stage.page.evaluate((sought) => document.querySelector<HTMLInputElement>(sought)!.value, css);

  it('empties the form that it has taken, once the whole is shown', async () => {
    await visit();
    await stage.locator('[name=text]').fill('Dear all');
    await stage.locator('[name=from]').fill('you');
    await tear();
    await stage.button('Post').click();
    await stage.shows('output', '1: Dear all of you');
    await stage.until(() => value('[name=text]'), '');
    expect(await value('[name=from]')).toBe('me');

    await stage.locator('[name=text]').fill('Once more');
    await stage.button('Post').click();
    await stage.shows('output', '2: Once more of me');
    await stage.until(() => value('[name=text]'), '');
  });

  it('leaves what was entered after it was sent', async () => {
    await visit();
    await stage.locator('[name=text]').fill('Dear all');
    await tear();
    stage.cable.delayMs = 300;
    await stage.button('Post').click();
    await stage.locator('[name=text]').fill('Another');
    await stage.shows('output', '1: Dear all of me');

    expect(await value('[name=text]')).toBe('Another');
  });

  it('shows a field in the words of the server, once the whole is shown', async () => {
    await visit();
    await tear();
    await stage.locator('#name').fill(' ada ');
    await stage.locator('#name').press('Tab');
    await stage.until(() => value('#name'), 'ADA');
  });
});
