import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, Payload, State } from 'nest-live';
import { LiveTest, type MountedComponent } from 'nest-live/testing';

import { optionalPeer } from './optional-peer.js';

@LiveComponent('page', {
  template: `<main>
    <h2>List</h2><p role="status">{{said}}</p>
    <button live-click.prevent="say" live-payload='{"deep":{"a":1}}' live-value-user-id="7">Say</button>
    <div live-click="say" live-value-from="card"><button>Inside</button></div>
    <button disabled live-click="say">Off</button><button>Dead</button>
    <button live-click="say">Twice</button><button live-click="say">Twice</button>
    <a href="/x" live-click="say">Away</a>
    <form name="order" live-submit="say" live-value-kind="order">
      <label>Product <input name="product" value="tea"></label>
      <label>Amount <input type="number" name="amount" live-model.number="amount"></label>
      <label><input type="checkbox" name="gift"> Gift</label>
      <input type="checkbox" name="size" value="s"><input type="checkbox" name="size" value="m">
      <input type="radio" name="pay" value="card" checked><input type="radio" name="pay" value="cash">
      <select name="when"><option value="now">Now</option><option value="later">Later</option></select>
      <select name="tags" multiple><option value="a">A</option><option value="b">B</option></select>
      <textarea name="text"></textarea>
      <button name="way" value="fast">Order</button>
    </form>
    <form aria-label="Search" live-submit="say"><input name="q"></form>
    <form action="/plain"><button>Plain</button></form>
  </main>`,
})
class Page {
  static heard: unknown;

  @State({ bind: true }) amount: number | null = null;
  @State() said = '';

  @OnEvent()
  say(@Payload() payload: Record<string, unknown>): void {
    Page.heard = payload;
    this.said = 'said';
  }
}

@LiveComponent('row', { template: '<tr><td>cell</td></tr>' })
class Row {}

describe('a screen', () => {
  let live: LiveTest;
  let page: MountedComponent<Page>;

  beforeAll(async () => {
    live = await LiveTest.create({ providers: [Page, Row] });
  });

  beforeEach(async () => {
    page = await live.mount(Page);
    Page.heard = undefined;
  });

  afterAll(() => live.close());

  it('is asked by role, text and label, and always shows the newest render', async () => {
    const screen = await page.screen();
    expect(screen.getByRole('heading', { name: 'List', level: 2 }).textContent).toBe('List');
    expect(screen.getByRole('status').textContent).toBe('');
    expect(screen.getByLabelText('Product').getAttribute('value')).toBe('tea');
    expect(screen.queryByText('Nothing')).toBeNull();
    expect(screen.getAllByRole('button').length).toBeGreaterThan(4);
    await page.click('Say');
    expect(screen.getByRole('status').textContent).toBe('said');
    expect(screen.getByText('said').matches('[role=status]')).toBe(true);
  });

  it('says what was looked for and what there is', async () => {
    const screen = await page.screen();
    expect(() => screen.getByRole('button', { name: 'Nope' })).toThrow(/role "button" and name "Nope"[^]*Name "Say"/);
    expect(() => screen.getByText('Nope')).toThrow(/text: Nope[^]*<main/);
    await expect(page.click('Nope')).rejects.toThrow(
      /"page" has nothing to press named "Nope"; it has button "Say"[^]*It shows:\n<main/,
    );
    await expect(page.click('Twice')).rejects.toThrow(/more than one button named "Twice"/);
    await expect(page.click('Off')).rejects.toThrow(/"Off" is disabled/);
    await expect(page.click('Dead')).rejects.toThrow(/"Dead" has no live-click, and submits no form with live-submit/);
    await expect(page.click('Plain')).rejects.toThrow(/submits no form with live-submit/);
    await expect(page.submit()).rejects.toThrow(/2 forms with live-submit: say which/);
    await expect(page.submit('Nope')).rejects.toThrow(/no form named "Nope" with live-submit/);
    await expect(page.fill({ prduct: 1 }).submit('order')).rejects.toThrow(
      /no control named "prduct"; it has: product, amount, gift, size, size, pay, pay, when, tags, text/,
    );
  });

  it('does not show tokens in messages', async () => {
    await expect(page.click('Nope')).rejects.toThrow(
      expect.not.objectContaining({ message: expect.stringMatching(/live-state="[^…]/) }),
    );
  });

  it('presses what listens: with its values, and the nearest one around it', async () => {
    await page.click('Say');
    expect(Page.heard).toEqual({ deep: { a: 1 }, userId: '7' });
    await page.click('Inside');
    expect(Page.heard).toEqual({ from: 'card' });
    await page.click(/aw/i);
    expect(Page.heard).toBeUndefined();
  });

  it('submits forms as the browser client reads them', async () => {
    await page.submit('order');
    expect(Page.heard).toEqual({
      kind: 'order',
      product: 'tea',
      amount: '',
      gift: false,
      size: [],
      pay: 'card',
      when: 'now',
      tags: [],
      text: '',
      way: 'fast',
    });
    await page
      .fill({ product: 'milk', amount: '3', Gift: true, size: ['s', 'm'], pay: 'cash' })
      .fill({ when: 'later', tags: ['b'], text: 'a\nb' })
      .submit('order');
    expect(Page.heard).toMatchObject({ product: 'milk', amount: '3', gift: true, size: ['s', 'm'], pay: 'cash' });
    expect(Page.heard).toMatchObject({ when: 'later', tags: ['b'], text: 'a\nb' });
    expect(page.state.amount).toBe(3);
    await page.fill({ q: 'x' }).submit('Search');
    expect(Page.heard).toEqual({ q: 'x' });
  });

  it('reads components that are table rows', async () => {
    const row = await live.mount(Row);
    expect((await row.screen()).root.outerHTML).toMatch(/^<tr[^>]*><td>cell<\/td><\/tr>$/);
  });
});

describe('a wait', () => {
  it('ends with what was waited for and what is shown instead', async () => {
    const live = await LiveTest.create({ providers: [Page] });
    const page = await live.mount(Page);
    await expect(page.nextRender({ withinMs: 30 })).rejects.toThrow(
      /"page": no render came within 30 ms\. It shows:\n<main/,
    );
    await expect(page.until(() => page.state.said === 'x', { withinMs: 30 })).rejects.toThrow(
      /page\.state\.said === 'x'/,
    );
    page.close();
    await expect(page.emit('say')).rejects.toThrow(/The page of "page" is closed: reload\(\)/);
    await live.close();
  });
});

describe('a package that only some tests need', () => {
  it('is named with what it is for and how to install it', async () => {
    const use = { purpose: 'Looking for elements', install: 'not-there' };
    await expect(optionalPeer('not-there', use)).rejects.toThrow(
      'Looking for elements needs "not-there", which is not installed: npm install --save-dev not-there',
    );
  });
});
