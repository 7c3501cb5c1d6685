import fc from 'fast-check';

import { trustHtml } from '../../src/rendering/safe-html.js';

const PIECES = [
  ...['{{name}}', '{{qty}}', '{{this}}', '{{.}}', '{{this.name}}', '{{./qty}}', '{{~name~}}', '{{deep.a}}', '{{deep}}'],
  ...[
    '{{@index}}',
    '{{@key}}',
    '{{@first}}',
    '{{#if @last}}end{{/if}}',
    '{{@root.title}}',
    '{{@root.deep.a}}',
    '{{title}}',
  ],
  ...[
    '{{../title}}',
    '{{../deep.a}}',
    '{{#if ../on}}on{{/if}}',
    '{{../../title}}',
    '{{items.length}}',
    '{{name.length}}',
  ],
  ...[
    '{{lookup deep "a"}}',
    '{{lookup ../deep name}}',
    '{{lookup this "qty"}}',
    '{{json deep}}',
    '{{json this}}',
    '{{url name}}',
  ],
  ...[
    '{{bold name}}',
    '{{counted}}',
    '{{counted name}}',
    '{{#if (counted name)}}c{{/if}}',
    '{{> cell}}',
    '{{> cell name=qty}}',
  ],
  ...[
    '<b title="{{name}}">',
    '<a href="{{name}}">',
    '<i class="a {{qty}}">',
    '<td>',
    '<td/>',
    '\n  ',
    ' text ',
    '&amp;',
  ],
  ...[
    '{{row.name}}',
    '{{row}}',
    '{{n}}',
    '{{outer.a}}',
    '{{constructor}}',
    '{{toString}}',
    '{{lookup this "constructor"}}',
  ],
  ...['{{[name]}}', '{{this.[name]}}', '{{items.[0]}}', '{{on}}', '{{lookup items n}}', '{{lookup ../rows @index}}'],
  ...['{{#*inline "cell"}}inline {{qty}}{{/inline}}', '{{{{raw}}}} {{name}} {{{{/raw}}}}', '{{!-- nothing --}}'],
];

const join = (texts: readonly string[]): string => texts.join('');

const BLOCKS = [
  ['{{#if on}}', '{{/if}}'],
  ['{{#unless on}}', '{{/unless}}'],
  ['{{#if deep.a}}', '{{else if qty}}q{{else}}none{{/if}}'],
  ['{{#with deep}}', '{{else}}none{{/with}}'],
  ['{{#with deep}}{{../name}}', '{{/with}}'],
  ['{{#with this}}', '{{../name}}{{../title}}{{/with}}'],
  ['{{#with deep as |d|}}{{d.a}}', '{{/with}}'],
  ['{{#each items}}{{this}}{{@index}}{{@last}}', '{{else}}no items{{/each}}'],
  ['{{#each items as |name qty|}}{{name}}{{qty}}', '{{/each}}'],
  ['{{#each deep}}{{@key}}={{this}}', '{{/each}}'],
  ['{{#each ../items}}{{this}}', '{{/each}}'],
  ['{{#each @root.items}}{{this}}', '{{/each}}'],
  ['{{^on}}', '{{/on}}'],
  ['{{^if on}}', '{{/if}}'],
  ['{{^each items}}', '{{/each}}'],
  ['{{#deep}}', '{{/deep}}'],
  ['{{#items}}', '{{/items}}'],
  ['{{#twice}}', '{{/twice}}'],
  ['{{#> frame}}', '{{/frame}}'],
] as const;

const { body } = fc.letrec<{ body: string }>((tie) => ({
  body: fc
    .array(
      fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        { weight: 6, arbitrary: fc.constantFrom(...PIECES) },
        fc.tuple(fc.constantFrom(...BLOCKS), tie('body')).map(([[open, close], inner]) => open + inner + close),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map(join),
}));

const LISTS = [
  ['{{#each rows}}', '{{/each}}'],
  ['{{#each rows}}', '{{/each}}'],
  ['{{#each rows}}', '{{else}}nothing{{/each}}'],
  ['{{#each this.rows key="name"}}', '{{/each}}'],
  ['{{#each rows as |row n|}}', '{{/each}}'],
  ['{{#each rows as |name|}}', '{{/each}}'],
  ['{{#each rows as |row row|}}', '{{/each}}'],
  ['{{#if on}}{{#each rows}}', '{{/each}}{{/if}}'],
  ['{{#with deep as |outer|}}{{#each ../rows}}', '{{/each}}{{/with}}'],
  ['{{#with this as |name|}}{{#each rows}}', '{{/each}}{{/with}}'],
  ['{{^if on}}{{#each rows}}', '{{/each}}{{/if}}'],
  ['{{^each rows}}', '{{else}}{{name}}{{/each}}'],
  ['{{#each map}}', '{{/each}}'],
  ['{{#each set}}', '{{/each}}'],
  ['{{#each record}}', '{{/each}}'],
  ['{{#each rows}}{{#each ../rows}}', '{{/each}}{{/each}}'],
  ['{{#> frame}}{{#each rows}}', '{{/each}}{{/frame}}'],
  ['{{#*inline "cell"}}{{#each rows}}', '{{/each}}{{/inline}}{{> cell}}'],
  ['{{> list}}', ''],
  ['\n   {{> list}}\n', ''],
  ['{{#loud}}{{> list}}', '{{/loud}}'],
  ['{{#loud}}{{#each rows}}', '{{/each}}{{/loud}}'],
] as const;

/** A template with lists in it, of which most can be followed. */
export const randomLists = fc
  .array(
    fc.tuple(fc.constantFrom(...LISTS), body).map(([[open, close], inner]) => open + inner + close),
    { minLength: 1, maxLength: 3 },
  )
  .map((lists) => `<section>{{title}}${lists.join('<hr>')}</section>`);

class Priced {
  constructor(readonly a: number) {}
  toString(): string {
    return `${this.a} EUR`;
  }
}

const text = fc.constantFrom(
  '',
  'Ann',
  'a & b',
  '<b>',
  '"',
  '0',
  'name',
  'a',
  '/path',
  'javascript:x',
  '[object Object]',
);
const plain = fc.oneof(text, fc.constantFrom<unknown>(0, -0, 1, 42, Number.NaN, null, undefined, true, false, 7n));
const rich = fc.constantFrom<() => unknown>(
  () => new Date(0),
  () => new Map([['a', 1]]),
  () => new Set(['a']),
  () => trustHtml('<u>safe</u>'),
  () => new Priced(3),
  () => () => 'never called',
  () => new Number(3),
);
const deep: fc.Arbitrary<unknown> = fc.oneof(
  plain,
  rich.map((make) => make()),
  fc.record({ a: plain, name: text }, { requiredKeys: [] }),
  fc.record({ a: fc.array(plain, { maxLength: 2 }) }),
  fc.integer({ min: 0, max: 2 }).map((a) => new Priced(a)),
);
const row: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record(
      {
        name: fc.oneof({ weight: 5, arbitrary: text }, deep),
        qty: plain,
        on: plain,
        deep,
        items: fc.array(deep, { maxLength: 2 }),
      },
      { requiredKeys: [] },
    ),
  },
  plain,
  rich.map((make) => make()),
  fc.constant<unknown[]>(['a', 1]),
);

type Change = (rows: unknown[], other: unknown, at: number) => unknown[];

const CHANGES: readonly Change[] = [
  (rows) => rows,
  (rows, other, at) => rows.with(at % rows.length, other),
  (rows, _, at) => {
    const old = rows[at % rows.length];
    return typeof old === 'object' && old !== null && Object.getPrototypeOf(old) === Object.prototype
      ? rows.with(at % rows.length, { ...old, qty: at })
      : rows;
  },
  (rows, other, at) => rows.toSpliced(at % rows.length, 0, other),
  (rows, _, at) => rows.toSpliced(at % rows.length, 1),
  (rows) => rows.toReversed(),
  (rows, _, at) => [...rows.slice(at % rows.length), ...rows.slice(0, at % rows.length)],
  (rows, _, at) => [...rows, rows[at % rows.length]],
  (rows) => rows.slice(0, 3),
  () => [],
];

/** The data of one render after the other. */
export const randomData = fc
  .record({
    pool: fc.array(row, { minLength: 2, maxLength: 6 }),
    picks: fc.array(fc.nat(5), { minLength: 16, maxLength: 22 }),
    steps: fc.array(
      fc.record({
        change: fc.oneof(
          { weight: 3, arbitrary: fc.constantFrom(...CHANGES.slice(0, 3)) },
          fc.constantFrom(...CHANGES),
        ),
        other: row,
        at: fc.nat(30),
        title: fc.constantFrom('Orders', 'Orders', 'Orders', 'Bills'),
        on: fc.constantFrom(true, true, true, false),
        deep,
      }),
      { minLength: 2, maxLength: 6 },
    ),
    around: fc.record({ deep, items: fc.array(plain, { maxLength: 2 }) }),
  })
  .map(({ pool, picks, steps, around }) => {
    let rows = picks.map((pick) => pool[pick % pool.length]);
    return steps.map(({ change, other, at, title, on, deep: changed }, i) => {
      rows = rows.length > 0 ? change(rows, other, at) : rows;
      const fresh = rows.map((one) => copied(one));
      const record = Object.fromEntries(fresh.map((one, n) => [`k${n}`, one]));
      const map = new Map(Object.entries(record));
      return { ...around, ...(i === 3 && { deep: changed }), title, on, rows: fresh, record, map, set: new Set(fresh) };
    });
  });

/** State is decoded anew for each event: no object is the one it was. */
const copied = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
    ? { ...value }
    : value;
