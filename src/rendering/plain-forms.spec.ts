import { describe, expect, it } from '@jest/globals';

import { withEntered, withSent } from './entered-form.js';
import { readKinds, withPlainForms } from './plain-forms.js';

const PLAIN = { action: (name: string) => `/c/${name}?a&b`, inputs: () => ({ $state: 't"<', $around: undefined }) };

const inRoot = (inner: string): string => `<div live-id="1" live-component="one" live-state="t">${inner}</div>`;
const completed = (inner: string): string => withPlainForms(inRoot(inner), PLAIN);

describe('forms for browsers without scripts', () => {
  it('get a method, an address and hidden inputs at their end', () => {
    expect(completed('<form class="a>b" live-submit="save"><input name="x"></form>')).toBe(
      inRoot(
        '<form method="post" action="/c/one?a&amp;b" class="a>b" live-submit="save"><input name="x"><input type="hidden" name="$state" value="t&quot;&lt;"></form>',
      ),
    );
  });

  it('with files are sent as multipart, and say whose they are before the first of them', () => {
    const inputs = (): Record<string, string> => ({ $state: 't', $event: 'save' });
    const form =
      '<form live-submit="save"><button live-click="x">X</button><input type="file" live-upload="photos" name="own"></form>';
    expect(withPlainForms(inRoot(form), { ...PLAIN, inputs })).toBe(
      inRoot(
        '<form method="post" action="/c/one?a&amp;b" enctype="multipart/form-data" live-submit="save"><input type="hidden" name="$state" value="t"><button name="$event" value="x" formnovalidate live-click="x">X</button><input name="photos" type="file" live-upload="photos" name="own"><input type="hidden" name="$event" value="save"><input type="hidden" name="$kinds" value="own-"></form>',
      ),
    );
  });

  it.each([
    ['has no live-submit', '<form><input name="x"></form>'],
    ['says where it goes', '<form live-submit="save" action="/elsewhere"></form>'],
    ['says how it goes', '<form live-submit="save" method="get"></form>'],
    ['is text', '<textarea><form live-submit="save"></form></textarea><!-- <form live-submit="save"></form> -->'],
  ])('are left alone where one %s', (_why, html) => {
    expect(completed(html)).toBe(inRoot(html));
  });

  it('are left alone outside a component, and where no token names it', () => {
    const form = '<form live-submit="save"></form>';
    expect(withPlainForms(form, PLAIN)).toBe(form);
    expect(withPlainForms(`<div live-id="1">${form}</div>`, PLAIN)).toBe(`<div live-id="1">${form}</div>`);
  });

  it('belong to the component around them, and know the outermost', () => {
    const seen: unknown[] = [];
    const inner = '<p live-id="2" live-component="two" live-state="u"><form live-submit.prevent="b"></form></p>';
    withPlainForms(inRoot(`<form live-submit="a"></form>${inner}<form live-submit="c"></form>`), {
      ...PLAIN,
      inputs: ({ index, event, root, outermost }) => (seen.push([index, event, root.id, outermost.id]), {}),
    });
    // A paragraph ends where a form begins, as in a browser.
    expect(seen).toEqual([
      [0, 'a', '1', '1'],
      [1, 'b', '1', '1'],
      [2, 'c', '1', '1'],
    ]);
    seen.length = 0;
    withPlainForms(inRoot(inner.replace('<p', '<div').replace('</p', '</div')), {
      ...PLAIN,
      inputs: ({ root, outermost }) => (seen.push([root.id, outermost.id]), {}),
    });
    expect(seen).toEqual([['2', '1']]);
  });

  it('say how their controls are read', () => {
    const html =
      completed(`<form live-submit="save"><input type="checkbox" name="agree"><input type="CHECKBOX" name="one" value="1">
      <input type="checkbox" name="many" value="a"><input type="checkbox" name="many" value="b"><select multiple name="all[]"></select>
      <input type="file" name="photo"><input type="password" name="a b"><input autocomplete="cc-number" name="card">
      <input name="text"><input type="checkbox" name="off" disabled><textarea name="area"></textarea></form>`);
    const [, kinds = ''] = /name="\$kinds" value="([^"]*)"/.exec(html) ?? [];
    expect(readKinds(kinds)).toEqual({
      flag: ['agree'],
      list: ['many', 'all[]'],
      file: ['photo'],
      secret: ['a b', 'card'],
    });
  });

  it('let a button send its own event, with what it says', () => {
    const html = completed(
      `<form live-submit="save"><button live-click="drop" live-value-row-id="7&quot;" live-payload='{"n":1}'>x</button><button type="button" live-click="no">y</button></form>`,
    );
    expect(html).toContain(
      '<button name="$event" value="drop {&quot;n&quot;:1,&quot;rowId&quot;:&quot;7\\&quot;&quot;}" formnovalidate live-click="drop"',
    );
    expect(html).toContain('<button type="button" live-click="no">');
  });
});

describe('a button that says what is no object', () => {
  const button = (payload: string): string =>
    completed(
      `<form live-submit="save"><button live-click="drop" live-value-id="7" live-payload="${payload}">x</button></form>`,
    );

  it.each(['no json', '{id: 7}', '[1]', '7'])('says it as it is written: %s', (payload) => {
    expect(button(payload)).toContain(`<button name="$event" value="drop ${payload}" formnovalidate`);
  });

  it('says its values beside a null', () => {
    expect(button('null')).toContain('value="drop {&quot;id&quot;:&quot;7&quot;}"');
  });
});

describe('what was entered into a refused form', () => {
  const form = `<form live-submit="save"><input name="t" value="old"><textarea name="a">old</textarea><input type="checkbox" name="c" checked>
<input type="radio" name="r" value="1" checked><input type="radio" name="r" value="2"><select name="s"><option selected>x<option value="y">z</select>
<input type="password" name="p"><input type="hidden" name="h" value="h"><input name="other" value="kept"></form>`;

  it('stands in it again, escaped', () => {
    const entered = { t: '"><script>', a: '\n</textarea>', r: '2', s: 'y', p: 'secret', h: 'changed' };
    const html = withEntered(inRoot(form), 0, entered);
    expect(html).toContain('<input name="t" value="&quot;&gt;&lt;script&gt;">');
    expect(html).toContain('<textarea name="a">\n\n&lt;/textarea&gt;</textarea>');
    expect(html).toContain('<input type="checkbox" name="c">');
    expect(html).toContain('<input type="radio" name="r" value="1">');
    expect(html).toContain('<input type="radio" name="r" value="2" checked="">');
    expect(html).toContain('<option>x<option value="y" selected="">z</select>');
    expect(html).toContain('<input type="password" name="p"><input type="hidden" name="h" value="h">');
    expect(html).toContain('<input name="other" value="kept">');
  });

  it('is what is chosen in a list, and nothing where nothing was', () => {
    const select = (more: string): string =>
      `<form live-submit="save"><select multiple name="tags[]"${more}><option value="a" selected>A</option><option value="b">B</option></select></form>`;
    const [none, second] = ['', ' selected=""'].map((on) =>
      select('').replace(' selected', '').replace('"b"', `"b"${on}`),
    );
    expect(withEntered(inRoot(select('')), 0, {})).toBe(inRoot(none));
    expect(withEntered(inRoot(select('')), 0, { 'tags[]': ['b'] })).toBe(inRoot(second));
    // What a body parser has made of the name.
    expect(withEntered(inRoot(select('')), 0, { tags: 'b' })).toBe(inRoot(second));
    // Its browser has not sent it.
    expect(withEntered(inRoot(select(' disabled')), 0, {})).toBe(inRoot(select(' disabled')));
  });

  it('leaves a box as it is that a browser does not send', () => {
    const box = inRoot('<form live-submit="save"><input type="checkbox" name="c" checked disabled></form>');
    expect(withEntered(box, 0, {})).toBe(box);
  });

  it('stands in no other form', () => {
    expect(withEntered(inRoot(form), 1, { t: 'new' })).toBe(inRoot(form));
  });
});

describe('what a script of another hand has sent and was refused', () => {
  const html = (first: string, second: string): string =>
    `<section live-id="a"><form hx-post="/x"><input name="t" value="${first}"></form><form hx-post="/x"><input name="t" value="${second}">` +
    `<input name="u" autocomplete="cc-number"><input type="password" name="p"></form>` +
    `<div live-id="b"><form><input name="t"><input name="u"><input name="v"></form></div></section>`;

  it('stands in the first form that has all of it, without secrets', () => {
    expect(withSent(html('1', '2'), 'a', { t: 'new' })).toBe(html('new', '2'));
    expect(withSent(html('1', '2'), 'a', { t: 'new', u: '4111', p: 'hush' })).toBe(html('1', 'new'));
  });

  it('stands in no form of another component, and in none that does not have all of it', () => {
    expect(withSent(html('1', '2'), 'a', { t: 'new', v: 'x' })).toBe(html('1', '2'));
    expect(withSent(html('1', '2'), 'a', {})).toBe(html('1', '2'));
  });
});
