import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ComponentsService, LiveComponent, OnEvent, Payload, State } from 'nest-live';
import type { BrowserContext, Page } from 'playwright-core';

import { Stage } from './stage.js';

@LiveComponent('sheet', {
  template: `<section><form live-submit="save">
  <input name="title" id="title" value="{{title}}" autocomplete="off"><textarea name="note" id="note">{{note}}</textarea>
  <button>Save</button></form><ol>{{#each saves}}<li live-key="{{@index}}">{{this}}</li>{{/each}}</ol></section>`,
})
class Sheet {
  @State() title = '';
  @State() note = '';
  @State() saves: string[] = [];

  @OnEvent()
  save(@Payload() { title, note }: { title: string; note: string }): void {
    this.title = title;
    this.note = note;
    this.saves.push(`${title}|${note}`);
  }
}

/** K07 of the reliability plan. */
describe('two people at one form', () => {
  let stage: Stage;
  let other: BrowserContext;
  let a: Page;
  let b: Page;

  beforeAll(async () => {
    stage = await Stage.raise();
  });

  afterAll(() => stage.browser.close());

  beforeEach(async () => {
    await stage.open({ providers: [Sheet] });
    const { id } = await stage.site.app.get(ComponentsService).mount('sheet');
    await stage.visit(`id=${id}`, 'shared');
    a = stage.page;
    other = await stage.browser.newContext();
    b = await other.newPage();
    await b.goto(`${stage.site.url}/shared?id=${id}`);
    await b.locator('html.live-connected').waitFor({ state: 'attached' });
  });

  afterEach(async () => {
    await other.close();
    expect(stage.troubles).toEqual([]);
    await stage.close();
  });

  const saves = (page: Page) => (): Promise<string[]> => page.locator('li').allTextContents();
  const save = (page: Page): Promise<void> => page.getByRole('button', { name: 'Save' }).click();

  it('lose nothing: neither what one types while the other saves, nor what either has saved', async () => {
    const title = a.locator('#title');
    await title.pressSequentially('my title', { delay: 20 });
    await title.evaluate((input: HTMLInputElement) => input.setSelectionRange(3, 5));
    for (const round of [1, 2, 3]) {
      await b.locator('#note').fill(`note ${round}`);
      await b.locator('#title').fill(`their title ${round}`);
      const began = performance.now();
      await save(b);
      await stage.until(async () => (await saves(a)()).length, round);
      expect(performance.now() - began).toBeLessThan(4_000);
      expect(await title.inputValue()).toBe('my title');
      // What nobody types into here is shown as it was saved there.
      expect(await a.locator('#note').inputValue()).toBe(`note ${round}`);
    }
    expect(
      await title.evaluate((input: HTMLInputElement) => [
        document.activeElement === input,
        input.selectionStart,
        input.selectionEnd,
      ]),
    ).toEqual([true, 3, 5]);
    await save(a);
    const all = ['their title 1|note 1', 'their title 2|note 2', 'their title 3|note 3', 'my title|note 3'];
    await stage.until(saves(a), all);
    await stage.until(saves(b), all);
    await stage.until(() => b.locator('#title').inputValue(), 'my title');
  });

  it('keep both saves that were made at one moment, and show the same in the end', async () => {
    await a.locator('#title').fill('from a');
    await b.locator('#note').fill('from b');
    await Promise.all([save(a), save(b)]);
    await stage.until(async () => (await saves(a)()).length, 2);
    await stage.until(saves(b), await saves(a)());
    const shown = (page: Page) => async () => [
      await page.locator('#title').inputValue(),
      await page.locator('#note').inputValue(),
    ];
    await stage.until(shown(b), await shown(a)());
  });
});
