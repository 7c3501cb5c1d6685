import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import Handlebars from 'handlebars';

import { registerBuiltInHelpers } from '../../src/rendering/built-in-helpers.js';
import { NO_PROTOTYPES } from '../../src/rendering/compiled-template.js';
import { Marks } from '../../src/rendering/marks.js';
import { treeOf } from '../../src/rendering/placement-helpers.js';
import type { Dynamic } from '../../src/rendering/rendered.js';
import { RowBlocks } from '../../src/rendering/rows/row-blocks.js';
import { RowMemory } from '../../src/rendering/rows/row-memory.js';
import { TemplateLibrary } from '../../src/rendering/template-library.js';
import { emptyView, toView, type ViewObject } from '../../src/rendering/view-object.js';
import { randomData, randomLists } from './random-rows.js';
import { randomTemplate } from './random-template.js';
import { RUNS } from './runs.js';

const PARTIALS = {
  frame: '<i title="a">{{> @partial-block}}</i>',
  value: '{{x}}',
  cell: '<u>{{name}}{{../title}}</u>',
  list: '  {{#each rows}}{{name}}:{{../title}} {{/each}}',
};

/** Counts what the application's own helper is called for: whoever prints a row again must not leave that out. */
class Printer {
  readonly memory = new RowMemory();
  calls = 0;
  /** Lists that were left in pieces. */
  inPieces = 0;
  private readonly library: TemplateLibrary;

  private readonly signs = new Map<string, object>();

  constructor(private readonly remembers: 'remembers' | 'stock' | 'knows' | 'in pieces') {
    const env = Handlebars.create();
    registerBuiltInHelpers(env);
    const rows = new RowBlocks({ env, memory: () => (remembers === 'stock' ? undefined : this.memory) });
    env.registerHelper('bold', (text: unknown) => new env.SafeString(`<b>${env.escapeExpression(String(text))}</b>`));
    env.registerHelper('loud', function (this: unknown, { fn }: Handlebars.HelperOptions) {
      return fn(this).toUpperCase();
    });
    env.registerHelper('counted', () => (this.calls += 1));
    env.registerHelper('raw', ({ fn }: Handlebars.HelperOptions) => fn({}));
    env.registerHelper('twice', function (this: unknown, { fn }: Handlebars.HelperOptions) {
      return fn(this) + fn(this);
    });
    this.library = new TemplateLibrary(env, {
      ...{ folders: [], partials: PARTIALS, development: false },
      ...(remembers !== 'stock' && {
        prepare: (ast: hbs.AST.Program, isOutermost: boolean) => rows.marked(ast, isOutermost),
      }),
    });
  }

  /** Nothing for a template that is refused. */
  template(source: string): ((view: ViewObject) => string) | undefined {
    try {
      const { run, runOutermost } = this.library.compile(source, 'random');
      return (view) => {
        if (this.remembers === 'knows') this.know(view);
        return this.remembers === 'in pieces'
          ? this.printInPieces(() => runOutermost(view, NO_PROTOTYPES))
          : this.print(() => run(view, NO_PROTOTYPES));
      };
    } catch (error) {
      if (/TEMPLATE_UNSAFE_CONTEXT|TEMPLATE_INVALID/.test((error as Error).message)) return undefined;
      throw error;
    }
  }

  /** As whoever has compared the rows of a state: one object stands for those that say the same. */
  private know(view: ViewObject): void {
    this.memory.doubt();
    for (const list of Object.values(view)) {
      if (!Array.isArray(list)) continue;
      this.memory.know(
        list,
        list.map((row: unknown) => (isFlat(row) ? this.signOf(row) : undefined)),
      );
    }
  }

  private signOf(row: object): object {
    const text = JSON.stringify(row);
    const sign = this.signs.get(text) ?? { ...row };
    this.signs.set(text, sign);
    return sign;
  }

  private printInPieces(run: () => string): string {
    const marks = new Marks<Dynamic>();
    const tree = treeOf(marks, this.print(run, marks));
    this.inPieces += tree.dynamics.length;
    return tree.toHtml();
  }

  private print(run: () => string, marks?: Marks<Dynamic>): string {
    this.memory.begin(marks);
    try {
      const html = run();
      this.memory.end();
      return html;
    } catch (error) {
      return `throws ${(error as Error).message}`;
    }
  }
}

const isFlat = (row: unknown): row is object =>
  typeof row === 'object' &&
  row !== null &&
  Object.getPrototypeOf(row) === Object.prototype &&
  Object.values(row).every(isPrimitiveOfJson);

const isPrimitiveOfJson = (value: unknown): boolean =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (Number.isFinite(value) && !Object.is(value, -0));

// As a component's view: Handlebars compares a row with what is around it, and that prints an object beside a text.
const viewOf = (state: object): ViewObject => Object.assign(emptyView(), toView(state));

const count = { tried: 0, remembered: 0 };

const tryOut = (source: string, data: readonly object[]): void => {
  const [stock, ours, knowing] = [new Printer('stock'), new Printer('remembers'), new Printer('knows')];
  const [print, again, known] = [stock.template(source), ours.template(source), knowing.template(source)];
  if (!print || !again || !known) return;
  count.tried += 1;
  for (const state of data) {
    const html = print(viewOf(state));
    expect({ source, html: again(viewOf(state)) }).toEqual({ source, html });
    expect({ source, html: known(viewOf(state)) }).toEqual({ source, html });
    expect({ source, calls: ours.calls }).toEqual({ source, calls: stock.calls });
    expect({ source, calls: knowing.calls }).toEqual({ source, calls: stock.calls });
    if (ours.memory.bytes > 0) count.remembered += 1;
  }
};

describe('rows that are printed once', () => {
  it('are what Handlebars prints, whatever the template and the data are', () => {
    fc.assert(
      fc.property(randomLists, randomData, (source, data) => tryOut(source, data)),
      { numRuns: RUNS * 3 },
    );
    expect(count.tried).toBeGreaterThan(RUNS);
    expect(count.remembered).toBeGreaterThan(RUNS);
  });

  it('are so in lists that are left in pieces', () => {
    const counts = { pieces: 0, states: 0 };
    /** As many rows as make pieces of them, and some that come. */
    const long = (state: object, n: number): object => {
      const { rows } = state as { readonly rows?: unknown };
      if (!Array.isArray(rows) || rows.length === 0) return state;
      const many = Array.from({ length: 600 }, (_, at) => rows[(at >> 4) % rows.length] as unknown);
      return { ...state, rows: [...rows.slice(0, n), ...many] };
    };
    fc.assert(
      fc.property(randomLists, randomData, (source, data) => {
        const [stock, ours] = [new Printer('stock'), new Printer('in pieces')];
        const [print, again] = [stock.template(source), ours.template(source)];
        if (!print || !again || source.includes('{{#each rows}}{{#each ../rows}}')) return;
        for (const [n, state] of data.entries()) {
          const html = print(viewOf(long(state, n)));
          expect({ source, html: again(viewOf(long(state, n))) }).toEqual({ source, html });
          expect({ source, calls: ours.calls }).toEqual({ source, calls: stock.calls });
          counts.states += 1;
        }
        counts.pieces += ours.inPieces;
      }),
      { numRuns: RUNS / 4 },
    );
    expect(counts.pieces).toBeGreaterThan(RUNS / 8);
    expect(counts.states).toBeGreaterThan(counts.pieces / 3);
  });

  it('are so in templates of all kinds', () => {
    const rows = fc.array(
      fc.record({ x: fc.constantFrom<string>('a', '<b>', 'c'), a: fc.boolean(), b: fc.boolean() }),
      {
        minLength: 16,
        maxLength: 18,
      },
    );
    const states = fc.tuple(rows, fc.constantFrom(0, 1, 2), fc.constantFrom('a', '<i>')).map(([list, at, x]) => [
      { x, a: true, b: false, list },
      { x, a: true, b: false, list: list.with(at, { ...list[at], x: 'other' }) },
      { x, a: true, b: false, list: list.toSpliced(at, 1) },
    ]);
    fc.assert(
      fc.property(randomTemplate, states, (source, data) => tryOut(`{{#each list}}${source}{{/each}}`, data)),
      { numRuns: RUNS * 3 },
    );
  });
});
