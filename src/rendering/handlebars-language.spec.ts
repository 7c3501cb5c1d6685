import Handlebars, { type HelperDelegate, type HelperOptions } from 'handlebars';

import { definitionOf } from '../../test/fixtures/rendering/definition-of.js';
import { HandlebarsRenderer } from './handlebars.renderer.js';
import { resolveRendering } from './rendering.options.js';
import { toView } from './view-object.js';

const helpers: Record<string, HelperDelegate> = {
  shout: (text: string) => text.toUpperCase(),
  bold: (text: string) => new Handlebars.SafeString(`<b>${Handlebars.escapeExpression(text)}</b>`),
  twice(this: unknown, options: HelperOptions) {
    return options.fn(this) + options.fn(this);
  },
  wrap(this: unknown, options: HelperOptions) {
    return `[${String(options.hash['with'])}${options.fn(this)}]`;
  },
  either(this: unknown, flag: unknown, options: HelperOptions) {
    return flag ? options.fn(this) : options.inverse(this);
  },
  'raw-block': (options: HelperOptions) => options.fn({}),
  add: (a: number, b: number) => a + b,
  pair(a: unknown, b: unknown, options: HelperOptions) {
    return options.fn({}, { data: options.data as object, blockParams: [a, b] });
  },
  withData(this: unknown, options: HelperOptions) {
    const data = Handlebars.createFrame(options.data as object) as Record<string, unknown>;
    data['color'] = 'red';
    return options.fn(this, { data });
  },
  count: (...given: unknown[]) => given.length - 1,
};

const partials: Record<string, string> = {
  row: '<i>{{id}}:{{name}}{{extra}}</i>\n',
  layout: '<main>{{> @partial-block}}{{> nav}}</main>',
  fallback: '({{> @partial-block}})',
  tree: '{{name}}{{#each children}}({{> tree}}){{/each}}',
  'rows/item': '<li>{{this}}</li>',
};

const data = {
  title: 'Q & A <"\'`=>',
  zero: 0,
  empty: [],
  yes: true,
  no: false,
  user: { name: 'Ann', address: { city: 'Oslo' } },
  list: ['a', 'b', 'c'],
  rows: [
    { id: 1, name: 'one' },
    { id: 2, name: '<two>' },
  ],
  matrix: [
    [1, 2],
    [3, 4],
  ],
  map: { x: 1, y: 2 },
  which: 'row',
  children: [{ name: 'l', children: [{ name: 'm', children: [] }] }],
  'odd key': 'odd',
};

const TEMPLATES = [
  '{{title}}|{{missing}}|{{zero}}|{{no}}',
  '{{user.name}} {{user/address/city}} {{user.address.[city]}} {{[odd key]}} {{this.title}} {{./yes}} {{user}} {{list}}',
  '{{#if yes}}y{{else}}n{{/if}}{{#if zero}}y{{else if yes}}z{{else}}n{{/if}}{{#if zero includeZero=true}}0{{/if}}',
  '{{#unless no}}u{{/unless}}{{^yes}}n{{/yes}}{{^if no}}inv{{/if}}',
  '{{#each list}}{{@index}}{{@key}}{{@first}}{{@last}}{{this}},{{/each}}{{#each empty}}x{{else}}none{{/each}}',
  '{{#each map}}{{@key}}={{this}} {{/each}}{{#each map as |v k|}}{{k}}{{v}}{{/each}}',
  '{{#each rows as |row i|}}{{i}}{{row.name}}{{../title}}{{@root.user.name}}{{/each}}',
  '{{#each matrix as |line|}}{{#each line}}{{@../index}}.{{@index}}={{this}}/{{../length}} {{/each}}{{/each}}',
  '{{#with user}}{{name}}{{#with address}}{{city}}{{../name}}{{../../title}}{{/with}}{{/with}}{{#with missing}}a{{else}}b{{/with}}',
  '{{#with user as |u|}}{{u.name}}{{/with}}{{#user}}{{name}}{{/user}}{{#list}}{{.}}{{/list}}{{#yes}}t{{/yes}}',
  '{{lookup list 1}}{{lookup map "y"}}{{lookup (lookup matrix 1) 0}}',
  '{{shout "a"}}{{shout user.name}}{{bold title}}{{add 1 (add 2 3)}}{{count 1 "b" true null undefined x=1}}',
  '{{#twice}}{{title}}{{/twice}}{{#wrap with="w"}}{{user.name}}{{/wrap}}{{#either no}}a{{else}}b{{/either}}',
  '{{#pair 1 2 as |a b|}}{{a}}-{{b}}{{/pair}}{{#withData}}{{@color}}{{/withData}}',
  '{{{{raw-block}}}}{{title}} {{#if}} \\{{/each}}{{{{/raw-block}}}}',
  '\\{{title}} \\\\{{user.name}}',
  ' a {{~user.name~}} b \n{{#if yes~}}\n c \n{{~/if}}\n d\n{{~#each list~}} {{this}} {{~/each~}} e',
  'x\n{{#if yes}}\nline\n{{/if}}\n{{! comment }}\n{{!-- {{comment}} --}}\ny',
  '{{#each rows}}\n  {{> row extra="!"}}\n{{/each}}',
  '{{> row rows.[0]}}{{> row user id=9}}{{> (lookup . "which") id=7}}{{> rows/item "s"}}{{> [rows/item] 4}}',
  '{{#*inline "nav"}}<nav>{{user.name}}</nav>{{/inline}}{{#> layout}}body {{title}}{{/layout}}',
  '{{#> layout}}{{#*inline "nav"}}inner{{/inline}}c{{/layout}}{{#> none}}fell back{{/none}}',
  '{{#> fallback}}1{{#> fallback}}2{{/fallback}}{{/fallback}}{{> tree name="r"}}',
  '{{#each list}}{{#if @first}}first{{else}}{{@index}}{{/if}}{{#unless @last}},{{/unless}}{{/each}}',
  '{{"title"}}{{@root.title}}{{this.user.name}}{{#each (lookup . "list")}}{{.}}{{/each}}{{log "" level="debug"}}',
];

describe('the Handlebars language', () => {
  const renderer = new HandlebarsRenderer(resolveRendering({ templates: [], helpers, partials, checkFields: false }));
  const stock = Handlebars.create();
  stock.registerHelper(helpers);
  stock.registerPartial(partials);

  it.each(TEMPLATES)('renders %j as stock Handlebars does', (template) => {
    const source = `<div>${template}</div>`;
    const definition = definitionOf('language', { template: source });
    renderer.prepare(definition);
    const expected = stock.compile(source)(data);

    expect(renderer.render(definition, toView(data)).toHtml()).toBe(expected);
    expect(renderer.render(definition, toView(data)).toHtml()).toBe(expected);
  });
});

describe('hostile values', () => {
  const renderer = new HandlebarsRenderer(
    resolveRendering({ templates: [], checkFields: false, partials: { x: 'PARTIAL' } }),
  );
  const render = (template: string, view: object) => {
    const definition = definitionOf('hostile', { template });
    renderer.prepare(definition);
    return renderer.render(definition, toView(view)).toHtml();
  };

  it.each([
    '{{7*7}}',
    '{{#with constructor}}{{name}}{{/with}}',
    '{{> x}}',
    '{{{x}}}',
    '<script>alert(1)</script>',
    '"><img>',
  ])('prints %j as text', (value) => {
    const escaped = Handlebars.escapeExpression(value);

    expect(render('<p title="{{value}}">{{value}}</p>', { value })).toBe(`<p title="${escaped}">${escaped}</p>`);
  });

  it('gives no function, getter or HTML-maker to the template', () => {
    const value = {
      toHTML: () => '<b>',
      [Symbol.toStringTag]: 'Map',
      run: () => 'ran',
      get now() {
        return 'now';
      },
    };

    expect(render('<p>{{value}}{{value.run}}{{value.now}}{{#each value}}{{@key}}{{/each}}</p>', { value })).toBe(
      '<p>[object Map]</p>',
    );
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', '__lookupGetter__', 'valueOf'])(
    'reads no prototype property: %s',
    (name) => {
      const template = `<p>{{${name}}}{{one.${name}}}{{#each rows}}{{this.${name}}}{{lookup this "${name}"}}{{/each}}{{#with rows.0.${name}}}in{{/with}}{{text.${name}}}{{list.${name}}}</p>`;

      expect(render(template, { one: {}, rows: [{ id: 1 }], text: 'x', list: [1] })).toBe('<p></p>');
    },
  );
});
