import type Handlebars from 'handlebars';

import { definitionOf } from '../../test/fixtures/rendering/definition-of.js';
import { HandlebarsRenderer } from './handlebars.renderer.js';
import { type RenderingOptions, resolveRendering } from './rendering.options.js';

const helpers = {
  twice(this: unknown, { fn }: Handlebars.HelperOptions) {
    return fn(this) + fn(this);
  },
};

const create = (partials: RenderingOptions['partials'] = {}) =>
  new HandlebarsRenderer(resolveRendering({ templates: [], partials, helpers, checkFields: false }));

const prepare = (template: string, partials: RenderingOptions['partials'] = {}) =>
  create(partials).prepare(definitionOf('x', { template }));

const REFUSED: readonly (readonly [place: string, template: string, says: string])[] = [
  ['a script', '<p><script>var a = "{{x}}";</script></p>', '1:21 puts data into <script>: {{x}}'],
  ['a script of another type', '<script type="module">{{json x}}</script>', 'type="application/json"'],
  ['a data script without json', '<script type="application/json">{{x}}</script>', '{{json x}}'],
  ['a style', '<style>p { color: {{x}} }</style>', 'puts data into <style>'],
  ['an event attribute', '<p onclick="go({{x}})"></p>', 'Use live-click'],
  ['an event attribute in capitals', '<p OnMouseOver="go({{x}})"></p>', 'the attribute onmouseover'],
  ['an event attribute behind a slash', '<img src="/a.png"/onerror="{{x}}">', 'the attribute onerror'],
  ['an event attribute of htmx', '<p hx-on:click="{{x}}"></p>', 'It is a script'],
  ['an attribute without quotes', '<p title={{x}}></p>', 'Put quotes around the whole value'],
  ['the rest of such an attribute', '<p title=a{{x}}></p>', 'Put quotes'],
  ['such an attribute behind spaces', '<p title = {{x}}></p>', 'Put quotes'],
  ['a tag name', '<{{x}}></p>', 'a tag name'],
  ['a part of one', '<h{{x}}></h{{x}}>', 'a tag name'],
  ['the name of an end tag', '<p></{{x}}>', 'a tag name'],
  ['an attribute name', '<p {{x}}></p>', 'an attribute name'],
  ['a part of one', '<p data-{{x}}="1"></p>', 'an attribute name'],
  ['the place behind a value', '<p title="a"{{x}}></p>', 'an attribute name'],
  ['a declaration', '<!doctype {{x}}><p></p>', 'a markup declaration'],
  ['a processing instruction', '<p><?php {{x}} ?></p>', 'a markup declaration'],
  ['a page in an attribute', '<iframe srcdoc="{{x}}"></iframe>', 'the attribute srcdoc'],
  ['an attribute that is JSON', '<p data-x="{{json x}}"></p>', "data-x='{{json x}}'"],
  ['a whole style', '<p style="{{x}}"></p>', 'Write the property out'],
  ['the name of a property', '<p style="color: red; {{x}}: 1"></p>', 'Write the property out'],
  ['an address in a style', '<p style="background: url({{x}})"></p>', 'inside of (…)'],
  ['the end of a comment', '<p><!-- {{x}}> --></p>', 'may end it'],
  ['the end of a title', '<title></titl{{x}}></title>', 'a tag name'],
  ['three braces', '<p>\n  {{{x}}}</p>', '2:3 prints without escaping: {{{x}}}'],
  ['an ampersand', '<p>{{&x}}</p>', 'trustHtml()'],
  ['three braces around another helper', '<p>{{{lookup x "y"}}}</p>', 'prints without escaping'],
  ['a helper as a block', '<p>{{#lookup this "x"}}{{/lookup}}</p>', 'prints lookup without escaping'],
  ['the same by another path', '<p>{{#../lookup this "x"}}{{/../lookup}}</p>', 'without escaping'],
  ['a field as a block of a helper', '<p>{{#url}}{{/url}}</p>', 'prints url without escaping'],
  ['the name of a helper', '<p>{{#each x as |safeHtml|}}{{{safeHtml y}}}{{/each}}</p>', 'the name of the helper'],
  ['HTML in an attribute', '<p title="{{safeHtml x}}"></p>', 'prints HTML into the attribute title'],
  ['HTML without a tag', '<textarea>{{{safeHtml x}}}</textarea>', 'prints without escaping'],
  ['a slot in an attribute', '<p title="{{slots.default}}"></p>', 'prints HTML into the attribute title'],
  ['a component in an attribute', '<p title="{{component \'x\'}}"></p>', 'prints HTML into the attribute title'],
  ['its block form', '<p title="{{#component \'x\'}}{{/component}}"></p>', 'puts a component into the attribute title'],
  [
    'what fills a slot in one',
    '<p>{{#component "x"}}<b title="{{#slot "a"}}b{{/slot}}"></b>{{/component}}</p>',
    'puts a slot into the attribute title',
  ],
  [
    'data for code in what fills a slot',
    '<p>{{#component "x"}}{{#slot "a"}}<b onclick="{{y}}"></b>{{/slot}}{{/component}}</p>',
    'It is a script',
  ],
];

const UNCLEAR: readonly (readonly [what: string, template: string, says: string])[] = [
  ['an open tag', '<p {{#if a}}>{{/if}}></p>', 'different places'],
  ['an open quote', '<p {{#if a}}title="{{/if}}{{x}}"></p>', 'across its border'],
  ['an open quote in both branches', '<p {{#if a}}title="{{else}}id="{{/if}}{{x}}"></p>', 'across its border'],
  ['the quotes alone', '<p title={{#if a}}"{{x}}"{{else}}"b"{{/if}}></p>', 'begins an attribute value'],
  ['an open script', '<p>{{#if a}}<script>{{/if}}{{x}}</p>', 'different places'],
  ['an open script in a loop', '<p>{{#each a}}<script>{{/each}}</p>', 'different places'],
  ['an open comment', '<p>{{#unless a}}<!--{{/unless}}</p>', 'different places'],
  ['two kinds of element', '<{{#if a}}p{{else}}i{{/if}}>', 'different places'],
  ['half of an attribute', '<p {{#if a}}title{{/if}} ="{{x}}"></p>', 'Put it into the block'],
  ['attributes that touch', '<p {{#if a}}title{{/if}}id="{{x}}"></p>', 'Put a space between'],
  ['two kinds of script', '<script {{#if a}}type="application/json"{{/if}}>{{json x}}</script>', 'into <script>'],
  ['a script in a script', '<script>"<script>"</script>', '\\x3cscript'],
  ['an element in a title', '<title><b></title>', '&lt;'],
  ['markup in a style of SVG', '<svg><style><a title="</style>{{x}}"></style></svg>', 'markup inside <style>'],
  ['markup in a script of SVG', '<svg><script>"<a>"</script></svg>', 'markup inside <script>'],
  ['text that ends a noscript', '<noscript><p title="</noscript><script>{{x}}"></noscript>', '</noscript'],
  ['a section of SVG', '<p><![CDATA[ > {{x}} ]]></p>', 'text in SVG'],
];

const ACCEPTED: readonly string[] = [
  '<p>{{x}} < {{y}} a<b {{! comment }}{{!-- {{{x}}} --}}</p>',
  '<p title="{{x}}" data-a=\'{{y}}\' id="a-{{x}}-b">{{x}}</p>',
  '<p class="a {{#if x}}b {{y}}{{else if z}}c{{/if}} {{#each list}}{{this}} {{/each}}"></p>',
  '<input {{#if x}}checked{{/if}} value="{{y}}">',
  '<input value="{{y}}"{{#if x}} disabled{{/if}}{{#unless y}} title="{{z}}"{{/unless}}/>',
  '<{{!-- no data --}}p></p>',
  '<option value="{{x}}"{{#if y}} selected{{/if}}>{{x}}</option>',
  '<!doctype html><title>{{x}} – {{y}}</title><textarea>\n{{x}}</textarea>',
  '<p><!-- {{x}} --> <!----> <!--> <!-- a -- b --></p>',
  '<script type="application/json">{{json x}}</script><script src="/a.js" nonce="{{x}}"></script>',
  "<p hx-vals='{{json x}}' data-x='{{json y}}'></p>",
  '<script>if (a<b && b</script>/.length) "</scripty>";</script>',
  '<p>{{{safeHtml x}}}{{safeHtml y}}{{slots.default}}{{#if slots.default}}a{{/if}}{{liveFields}}</p>',
  '<p style="color: {{x}}; width: {{y}}%"></p>',
  '<svg viewBox="0 0 {{x}} 1"><title>{{x}}</title><path d="{{y}}"/></svg><script>a<b</script>',
  '<ul>{{#each list}}<li title="{{this}}">{{> row}}</li>{{else}}<li>{{/each}}</ul>',
  '{{#*inline "a"}}<b title="{{x}}">{{x}}</b>{{/inline}}<p>{{> a}}{{> (lookup . "which")}}</p>',
  '<p>{{#> frame}}{{x}}{{/frame}}</p>',
  '<p>{{> tree}}</p>',
  '<p>{{#twice}}<b>{{x}}</b>{{/twice}}</p>',
  '<p>{{component "x" key=a}}{{#component "x"}}{{#slot "a"}}<b title="{{y}}">{{z}}</b>{{/slot}} {{x}}{{/component}}</p>',
  '<ul>{{#each list}}{{#component "x" key=id}}<li>{{#slot "a"}}{{component "y"}}{{/slot}}</li>{{/component}}{{/each}}</ul>',
  '<a href="/s?q={{x}}">{{#if x}}<b>{{else}}<i>{{/if}}</a>',
];

const PARTIALS = {
  row: '<b>{{x}}</b>',
  frame: '<div title="a">{{> @partial-block}}</div>',
  tree: '<i>{{#each list}}{{> tree}}{{/each}}</i>',
};

describe('a template that puts data where a browser would take it for code or markup', () => {
  it.each(REFUSED)('is refused with its place: %s (%s)', (_place, template, says) => {
    const message = errorOf(() => prepare(template));

    expect(message).toMatch(/Counter \(inline template\):\d+:\d+ /);
    expect(message).toContain('[TEMPLATE_UNSAFE_CONTEXT]');
    expect(message).toContain(says);
  });

  it.each(UNCLEAR)('is refused when it is not clear where: %s (%s)', (_what, template, says) => {
    const message = errorOf(() => prepare(template));

    expect(message).toMatch(/Counter \(inline template\):\d+:\d+ .*\[TEMPLATE_UNSAFE_CONTEXT\]/);
    expect(message).toContain(says);
  });

  it.each(ACCEPTED)('is not: %s', (template) => {
    expect(() => prepare(template, PARTIALS)).not.toThrow();
  });
});

describe('partials', () => {
  it('are judged where they are included, and named', () => {
    const partials = { value: 'a {{x}}', script: '<script>{{> value}}</script>' };

    expect(() => create({ value: 'a {{x}}' })).not.toThrow();
    expect(() => create(partials)).toThrow('partials["value"]:1:3 puts data into <script>');
    expect(() => prepare('<p title={{> value}}></p>', { value: '{{x}}' })).toThrow('TEMPLATE_UNSAFE_CONTEXT');
    expect(() => prepare('<p onclick="{{> value}}"></p>', { value: 'a {{x}}' })).toThrow('partials["value"]:1:3');
    expect(() => prepare('<p title="{{> value}}"></p>', { value: 'a {{x}}' })).not.toThrow();
  });

  it('are judged by what their body is put into, at any depth', () => {
    const partials = { outer: '<i>{{> inner}}</i>', inner: '<p onclick="{{> @partial-block}}"></p>' };

    expect(() => prepare('<p>{{#> outer}}{{x}}{{/outer}}</p>', partials)).toThrow(':1:16 puts data into');
    expect(() => prepare('<p>{{#> outer}}ok(){{/outer}}</p>', partials)).not.toThrow();
  });

  it('are judged with the inline partials they are given', () => {
    const partials = { page: '<script>{{> head}}</script>', head: 'ok()' };
    const template = '<div>{{#> page}}{{#*inline "head"}}{{x}}{{/inline}}{{/page}}</div>';

    expect(() => prepare('<div>{{#> page}}{{/page}}</div>', partials)).not.toThrow();
    expect(() => prepare(template, partials)).toThrow(':1:36 puts data into <script>');
  });

  it('may be of any name where each of them can stand', () => {
    expect(() => prepare('<p title="{{> (lookup . "x")}}"></p>')).toThrow('computed name');
    expect(() => prepare('<p>{{> (lookup . "x")}}</p>', { open: '<script>' })).toThrow('partials["open"]');
    const partials = { any: '{{> (lookup . "x")}}', frame: '<p onclick="{{> @partial-block}}"></p>' };
    expect(() => prepare('<p>{{#> any}}{{y}}{{/any}}</p>', partials)).toThrow(':1:14 puts data into');
  });

  it('that include themselves end where they begin', () => {
    expect(() => create({ loop: '{{#if x}}{{> loop}}{{/if}}<script>' })).toThrow('includes itself');
    expect(() => create({ loop: '<b>{{#if x}}{{> loop}}{{/if}}</b>' })).not.toThrow();
  });

  it('may be an attribute value, and are not when they hold its quotes', () => {
    expect(() => prepare('<p title={{> quoted}}></p>', { quoted: '"{{x}}"' })).toThrow('begins an attribute value');
  });
});

function errorOf(run: () => void): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
}
