import { utimesSync } from 'node:fs';
import { relative } from 'node:path';

import { jest } from '@jest/globals';
import Handlebars from 'handlebars';

import { definitionOf } from '../../test/fixtures/rendering/definition-of.js';
import { TemporaryFolder } from '../../test/fixtures/rendering/temporary-folder.js';
import { HandlebarsRenderer } from './handlebars.renderer.js';
import { type RenderingOptions, resolveRendering } from './rendering.options.js';
import { toView } from './view-object.js';

describe('HandlebarsRenderer', () => {
  let first: TemporaryFolder;
  let second: TemporaryFolder;
  const create = (options: RenderingOptions = {}) =>
    new HandlebarsRenderer(resolveRendering({ templates: [first.path, second.path], ...options }));
  const html = (renderer: HandlebarsRenderer, name: string, view: object = {}) =>
    renderer.render(definitionOf(name), toView(view)).toHtml();

  beforeEach(() => {
    first = new TemporaryFolder({
      'counter.hbs': '<output>{{count}}</output>',
      'rows/item.hbs': '<li>{{name}}</li>',
      'list.hbs': '<ul>\n{{> rows/item}}{{> deep/part}}</ul>',
    });
    second = new TemporaryFolder({ 'counter.hbs': '<p>shadowed</p>', 'deep/part.hbs': '{{name}}' });
  });

  afterEach(() => {
    jest.restoreAllMocks();
    first.remove();
    second.remove();
  });

  it('finds a template by the component name; the first folder wins', () => {
    expect(html(create(), 'counter', { count: 3 })).toBe('<output>3</output>');
  });

  it.each([
    ['{{items.size}}', '0', '2', '1', '0'],
    ['{{#if items}}yes{{else}}no{{/if}}', 'no', 'yes', 'yes', 'no'],
    ['{{#unless items}}no{{else}}yes{{/unless}}', 'no', 'yes', 'yes', 'no'],
    ['{{#with items}}{{size}}{{else}}no{{/with}}', 'no', '2', '1', 'no'],
    ['{{#items}}[{{this}}]{{else}}no{{/items}}', 'no', '[1][2]', '[k,1]', 'no'],
    ['{{#each items}}[{{this}}]{{else}}no{{/each}}', 'no', '[1][2]', '[k,1]', 'no'],
    ['{{^items}}no{{/items}}', 'no', '', '', 'no'],
  ])('says of a Set and a Map what is in it: %s', (template, ...expected) => {
    const items = [new Set(), new Set([1, 2]), new Map([['k', 1]]), new Map()];
    const renderer = create();
    const one = definitionOf('collection', { template: `<p>${template}</p>` });
    const shown = items.map((value) => renderer.render(one, toView({ items: value })).toHtml());
    expect(shown).toEqual(expected.map((text) => `<p>${text}</p>`));
    const row = definitionOf('row', { template: `<p>{{#with row}}${template}{{/with}}</p>` });
    expect(renderer.render(row, toView({ row: { items: items[1] } })).toHtml()).toBe(`<p>${expected[1]}</p>`);
  });

  it('takes folders relative to the working directory', () => {
    const renderer = create({ templates: [relative(process.cwd(), first.path), second.path] });

    expect(html(renderer, 'counter', { count: 1 })).toBe('<output>1</output>');
  });

  it('does not look through the packages of a folder that has some', () => {
    first.write('node_modules/views-of-others/templates/layout.hbs', '<main>{{{body}}}</main>');
    const renderer = create({ templates: [first.path] });

    expect(html(renderer, 'counter', { count: 1 })).toBe('<output>1</output>');
  });

  it('takes templateFile and inline templates', () => {
    const renderer = create();
    const named = definitionOf('x', { templateFile: 'counter' });
    const inline = definitionOf('x', { template: '<i>{{count}}</i>' });

    expect(renderer.render(named, toView({ count: 1 })).toHtml()).toBe('<output>1</output>');
    expect(renderer.render(inline, toView({ count: 1 })).toHtml()).toBe('<i>1</i>');
  });

  it('makes every file a partial under its path', () => {
    expect(html(create(), 'list', { name: '<a>' })).toBe('<ul>\n<li>&lt;a&gt;</li>&lt;a&gt;</ul>');
  });

  it('says which template is missing and where it looked', () => {
    const prepare = () => create().prepare(definitionOf('cart'));

    expect(prepare).toThrow(/"cart\.hbs" of component "cart" \(Counter\).*TEMPLATE_NOT_FOUND/);
    expect(prepare).toThrow(first.path);
    expect(prepare).toThrow(second.path);
  });

  it('says where a template is not valid', () => {
    first.write('broken.hbs', '<p>\n{{#if a}}\n</p>');

    expect(() => create()).toThrow(/broken\.hbs:\d.*\[TEMPLATE_INVALID\]/s);
    expect(() => create({ templates: [] }).prepare(definitionOf('x', { template: '<p>\n{{a b' }))).toThrow(
      /Counter \(inline template\):2.*TEMPLATE_INVALID/s,
    );
    expect(() => create({ templates: [] }).prepare(definitionOf('x', { template: '<p>\n{{#a}}{{/b}}</p>' }))).toThrow(
      /Counter \(inline template\):2:\d+.*a doesn't match b/,
    );
    expect(() => create({ templates: [], partials: { p: '{{' } })).toThrow('partials["p"]:1');
  });

  it('says at start-up which partial is missing', () => {
    const prepare = () => create().prepare(definitionOf('x', { template: '<p>\n {{> nope}}</p>' }));

    expect(prepare).toThrow(/Counter \(inline template\):2:2 includes \{\{> nope\}\}/);
  });

  it('shares nothing between two applications', () => {
    const one = create({ templates: [], helpers: { who: () => 'one' }, partials: { p: '1' } });
    const two = create({ templates: [], helpers: { who: () => 'two' }, partials: { p: '2' } });
    const definition = definitionOf('x', { template: '<p>{{who}}{{> p}}</p>' });

    expect(one.render(definition, toView({})).toHtml()).toBe('<p>one1</p>');
    expect(two.render(definition, toView({})).toHtml()).toBe('<p>two2</p>');
    expect(Object.keys(Handlebars.helpers)).not.toContain('who');
    expect(Object.keys(Handlebars.helpers)).not.toContain('safeHtml');
  });

  it('refuses a second root on the first render', () => {
    const renderer = create({ development: false });
    const definition = definitionOf('x', { template: '<p></p>\n<p></p>' });

    expect(() => renderer.render(definition, toView({}))).toThrow('Counter (inline template):2');
  });

  it('names an unknown field in development and prints nothing in production', () => {
    first.write('counter.hbs', '<p>\n\n  {{cuont}}</p>');

    expect(() => html(create({ development: true }), 'counter', { count: 1 })).toThrow(
      /counter\.hbs:3:5 reads \{\{cuont\}\}, which component "counter" \(Counter\) does not have\. It has: count\./,
    );
    expect(html(create({ development: false }), 'counter', { count: 1 })).toBe('<p>\n\n  </p>');
  });

  describe('when a file changes', () => {
    const change = (text: string) => {
      const file = first.write('counter.hbs', text);
      utimesSync(file, new Date(), new Date(Date.now() + 5_000));
    };
    const later = (ms: number) => {
      const now = Date.now();
      jest.spyOn(Date, 'now').mockReturnValue(now + ms);
    };

    it('reads it again in development, looking at most every 250 ms', () => {
      const definition = definitionOf('counter');
      const renderer = create({ development: true });
      const render = () => renderer.render(definition, toView({ count: 1 })).toHtml();
      later(0);
      render();
      change('<b>{{count}}</b>{{!changed}}');

      expect(render()).toBe('<output>1</output>');
      later(251);
      expect(render()).toBe('<b>1</b>');
    });

    it('refuses to render while it is broken, and recovers', () => {
      const definition = definitionOf('counter');
      const renderer = create({ development: true });
      const render = () => renderer.render(definition, toView({ count: 1 })).toHtml();
      change('<b>{{#if}</b>');
      later(251);

      expect(render).toThrow('TEMPLATE_INVALID');
      expect(render).toThrow('TEMPLATE_INVALID');
      change('<b>{{count}}</b>');
      later(600);
      expect(render()).toBe('<b>1</b>');
    });

    it('takes changed and new partials', () => {
      const definition = definitionOf('counter');
      const renderer = create({ development: true });
      const render = () => renderer.render(definition, toView({ name: 'n' })).toHtml();
      change('<b>{{> new/one}}</b>');
      first.write('new/one.hbs', 'new {{name}}');
      later(251);

      expect(render()).toBe('<b>new n</b>');
    });

    it('refuses it as long as it puts data into a script of another template', () => {
      change('ok()');
      const definition = definitionOf('x', { template: '<p onclick="{{> counter}}"></p>' });
      const renderer = create({ development: true });
      const render = () => renderer.render(definition, toView({ count: 1 })).toHtml();

      expect(render()).toBe('<p onclick="ok()"></p>');
      change('go({{count}})');
      later(251);
      expect(render).toThrow('counter.hbs:1:4 puts data into the attribute onclick');
      expect(render).toThrow('TEMPLATE_UNSAFE_CONTEXT');
      change('okay()');
      later(600);
      expect(render()).toBe('<p onclick="okay()"></p>');
    });

    it('never looks in production', () => {
      const definition = definitionOf('counter');
      const renderer = create({ development: false });
      renderer.prepare(definition);
      change('<b>{{count}}</b>');
      later(10_000);

      expect(renderer.render(definition, toView({ count: 1 })).toHtml()).toBe('<output>1</output>');
    });
  });
});
