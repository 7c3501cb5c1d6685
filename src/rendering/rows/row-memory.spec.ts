import { describe, expect, it } from '@jest/globals';
import Handlebars from 'handlebars';

import { registerBuiltInHelpers } from '../built-in-helpers.js';
import { NO_PROTOTYPES } from '../compiled-template.js';
import { TemplateLibrary } from '../template-library.js';
import { emptyView, toView } from '../view-object.js';
import { RowBlocks } from './row-blocks.js';
import { RowMemory, type Rows } from './row-memory.js';

interface Row {
  readonly id: number;
  readonly name: string;
}

const rowsOf = (count: number): Row[] => Array.from({ length: count }, (_, id) => ({ id, name: `row ${id}` }));

class CountingMemory extends RowMemory {
  printed = 0;

  override print(rows: Rows): string {
    const print: Rows['print'] = (row, index) => {
      this.printed += 1;
      return rows.print(row, index);
    };
    return super.print({ ...rows, print });
  }
}

/** A template, and how many rows it prints for some data. */
const printerOf = (source: string, helpers: Readonly<Record<string, Handlebars.HelperDelegate>> = {}) => {
  const env = Handlebars.create();
  registerBuiltInHelpers(env);
  const memory = new CountingMemory();
  const rows = new RowBlocks({ env, memory: () => memory });
  for (const [name, helper] of Object.entries(helpers)) env.registerHelper(name, helper);
  const { run } = new TemplateLibrary(env, {
    ...{ folders: [], partials: { cell: '{{name}}' }, development: false },
    prepare: (ast) => rows.marked(ast),
  }).compile(source, 'rows');
  return (data: object): { readonly html: string; readonly printed: number } => {
    memory.printed = 0;
    memory.begin();
    const html = run(Object.assign(emptyView(), toView(data)), NO_PROTOTYPES);
    memory.end();
    return { html, printed: memory.printed };
  };
};

const LIST = '<ul>{{#each rows}}<li id="r{{id}}">{{name}}</li>{{/each}}</ul>';

describe('rows that one viewer is shown', () => {
  it('are printed where they have changed', () => {
    const print = printerOf(LIST);
    const rows = rowsOf(100);
    expect(print({ rows }).printed).toBe(100);
    expect(print({ rows: structuredClone(rows) }).printed).toBe(0);
    const changed = rows.with(50, { id: 50, name: 'changed' });
    const { html, printed } = print({ rows: changed });
    expect(printed).toBe(1);
    expect(html).toBe(`<ul>${changed.map(({ id, name }) => `<li id="r${id}">${name}</li>`).join('')}</ul>`);
  });

  it.each<[string, (rows: Row[]) => Row[], number]>([
    ['one is put in front', (rows) => [{ id: -1, name: 'new' }, ...rows], 1],
    ['one is put behind', (rows) => [...rows, { id: -1, name: 'new' }], 1],
    ['the first one goes', (rows) => rows.slice(1), 0],
    ['one in the middle goes', (rows) => rows.toSpliced(40, 1), 0],
    ['two side by side change', (rows) => rows.with(40, { id: 40, name: 'x' }).with(41, { id: 41, name: 'y' }), 2],
    ['two come', (rows) => rows.toSpliced(40, 0, { id: -1, name: 'x' }, { id: -2, name: 'y' }), 2],
    ['two far apart change', (rows) => rows.with(2, { id: 2, name: 'x' }).with(90, { id: 90, name: 'y' }), 2],
  ])('are printed where they are new: %s', (_, change, times) => {
    const print = printerOf(LIST);
    print({ rows: rowsOf(100) });
    expect(print({ rows: change(rowsOf(100)) }).printed).toBe(times);
  });

  it.each([
    ['what is around the list', '{{#each rows}}<li>{{name}} {{../title}}</li>{{/each}}'],
    ['the root', '{{#each rows}}<li>{{name}} {{@root.title}}</li>{{/each}}'],
  ])('are all printed again where they say something of %s, and that has changed', (_, source) => {
    const print = printerOf(`<ul>${source}</ul>`);
    print({ rows: rowsOf(20), title: 'a' });
    expect(print({ rows: rowsOf(20), title: 'a' }).printed).toBe(0);
    expect(print({ rows: rowsOf(20), title: 'b' }).printed).toBe(20);
  });

  it('are printed again where one that could be taken for what is around it becomes one that could not', () => {
    const print = printerOf('{{#each rows}}{{../title}}{{/each}}');
    const texts = Array.from({ length: 16 }, () => '[object Object]');
    expect(print({ rows: texts, title: 'a' }).html).toBe('');
    expect(print({ rows: [{}, ...texts.slice(1)], title: 'a' }).html).toBe('a');
  });

  it('are printed again where their number has changed, as far as they say it', () => {
    const print = printerOf('<ul>{{#each rows}}<li>{{@index}} {{name}}</li>{{/each}}</ul>');
    print({ rows: rowsOf(20) });
    expect(print({ rows: rowsOf(20).slice(1) }).printed).toBe(19);
  });

  it.each([
    ['a helper of the application', '{{#each rows}}<li>{{shout name}}</li>{{/each}}'],
    ['a partial', '{{#each rows}}<li>{{> cell}}</li>{{/each}}'],
    ['something two blocks outside', '{{#with deep}}{{#each rows}}<li>{{../../title}}</li>{{/each}}{{/with}}'],
  ])('are printed as ever where they ask %s', (_, source) => {
    const print = printerOf(`<ul>${source}</ul>`, { shout: (text: string) => `${text}!` });
    const data = { rows: rowsOf(20), deep: { rows: rowsOf(20) }, title: 'a' };
    expect(print(data).html).toBe(print(data).html);
    expect(print(data)).toMatchObject({ printed: 0 });
    expect(print(data).html).toContain('<li>');
  });

  it('are not looked at where an application has an "each" of its own', () => {
    const print = printerOf(LIST, { each: () => 'its own' });
    expect(print({ rows: rowsOf(20) }).html).toBe('<ul>its own</ul>');
  });
});
