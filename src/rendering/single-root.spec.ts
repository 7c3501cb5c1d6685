import { checkSingleRoot } from './single-root.js';

const check =
  (html: string, source = html) =>
  () =>
    checkSingleRoot(html, { owner: 'component "counter" (Counter)', file: 'counter.hbs', source });

describe('checkSingleRoot', () => {
  it.each([
    '<p>a</p>',
    '\n<!-- c -->\n<div><br><img src="x"></div>\n',
    '<input>',
    '<tr><td>1</td></tr>',
    '<svg><path/></svg>',
  ])('accepts %j', (html) => expect(check(html)).not.toThrow());

  it.each([
    ['<p>a</p>\n\n<b>c</b>', 'counter.hbs:3 opens a second root element <b>'],
    ['<p>a</p>\nstray', 'counter.hbs:2 has text outside the root element: "stray"'],
    ['<!-- only -->', 'counter.hbs:1 has no root element'],
    ['', 'counter.hbs:1 has no root element'],
    ['<!DOCTYPE html>\n<p></p>', 'counter.hbs:1 has text outside'],
  ])('refuses %j', (html, message) => {
    expect(check(html)).toThrow(message);
    expect(check(html)).toThrow('[TEMPLATE_ROOT]');
  });

  it('finds the line of what only the data shows', () => {
    expect(check('<li>1</li><li>2</li>', '{{! list }}\n{{#each items}}\n<li>{{this}}</li>{{/each}}')).toThrow(
      'counter.hbs:3 opens a second root element <li>',
    );
    expect(check('<p>1</p><b></b>', '<p>{{{\n"<b>"}}}</p>\n{{#if\n a}}\n<b></b>{{/if}}')).toThrow('counter.hbs:5');
    expect(check('<p></p>dynamic', '\n<p></p>{{x}}')).toThrow('counter.hbs:1 has text');
  });
});
