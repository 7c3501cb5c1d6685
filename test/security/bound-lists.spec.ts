import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsInt, IsString, ValidateNested } from 'class-validator';
import { LiveComponent, OnEvent, State } from 'nest-live';

import { PLATFORMS } from '../e2e/running-app.js';
import { WAYS, type Driver } from '../e2e/two-ways.js';
import { Siege } from './siege.js';

class Row {
  @IsString()
  name: string;

  @IsInt()
  amount: number;
}

@LiveComponent('shelf', {
  template:
    '<div><output>{{count}}</output>{{#each tags}}<i>{{this}}</i>{{/each}}{{#each words}}<b>{{this}}</b>{{/each}}' +
    '{{#each untyped}}<s>{{this}}</s>{{/each}}{{#each any}}{{this}}{{/each}}{{profile}}{{profile.name}}</div>',
})
class Shelf {
  static seen: unknown[] = [];

  @State() count = 0;
  @State({ bind: true }) tags: string[] = [];
  @State({ bind: true }) words: string[] = ['a'];
  @State({ bind: true }) untyped = ['a'];
  @State({ bind: true }) sizes: number[] = [1];
  @State({ bind: true }) flags: boolean[] = [true];
  @State({ bind: true }) grid: string[][] = [['a'], []];
  @State({ bind: true }) points: { x: number; label?: string; more?: string[] }[] = [
    { x: 1 },
    { x: 1, label: '', more: ['a'] },
  ];
  @State({ bind: true }) @IsString({ each: true }) said: string[] = [];
  @State({ bind: true }) @ValidateNested({ each: true }) @Type(() => Row) rows: Row[] = [];
  @State({ bind: true }) profile: Record<string, unknown> = {};
  @State() any: unknown[] = [];

  @OnEvent()
  count_(): void {
    this.count += 1;
  }

  @OnEvent()
  tell(): void {
    Shelf.seen = [this.rows];
  }

  @OnEvent()
  show(): void {
    this.any = [{ toString: 1 }, { valueOf: 1, toString: null }, Object.create(null), { a: { toString: {} } }];
  }
}

const NO_TEXTS: readonly unknown[] = [{ toString: 1 }, { a: 1 }, {}, [], ['a'], [[]], null];

const REFUSED: readonly (readonly [field: string, items: readonly unknown[]])[] = [
  ...NO_TEXTS.map((item) => ['tags', [item]] as const),
  ['tags', ['a', 'b', { toString: 1 }]],
  ...[...NO_TEXTS, 1, true].map((item) => ['words', ['a', item]] as const),
  ...[...NO_TEXTS, 1, true].map((item) => ['untyped', [item]] as const),
  ...[...NO_TEXTS, '1', true].map((item) => ['sizes', [item]] as const),
  ...[...NO_TEXTS, '1', 0].map((item) => ['flags', [item]] as const),
  ...[null, {}, 'a', [1], [null], [{ toString: 1 }], [['a']]].map((item) => ['grid', [item]] as const),
  ...[null, [], 'a', { x: '1' }, { x: null }, { x: { toString: 1 } }, { x: 1, toString: 1 }, { x: 1, more: [{}] }].map(
    (item) => ['points', [item]] as const,
  ),
  ...[{}, null, 1, []].map((item) => ['said', [item]] as const),
  ...[null, 'a', [], { name: 1, amount: 1 }, { name: { toString: 1 }, amount: 1 }, { name: 'a' }].map(
    (item) => ['rows', [item]] as const,
  ),
];

const ACCEPTED: readonly (readonly [field: string, items: readonly unknown[]])[] = [
  ['tags', []],
  ['tags', ['a', 'b']],
  ['words', ['b', '']],
  ['sizes', [1, 2.5]],
  ['flags', [false]],
  ['grid', [['b', 'c'], []]],
  ['points', [{ x: 2 }, { x: 3, label: 'b', more: ['c'] }]],
  ['said', ['a']],
  ['rows', [{ name: 'a', amount: 1 }]],
];

const CASES = PLATFORMS.flatMap((platform) => WAYS.map(({ way, open }) => ({ platform, way, open })));

describe.each(CASES)('the items of a bound list over $way, on $platform', ({ platform, open }) => {
  let siege: Siege;
  let driver: Driver;

  beforeAll(async () => {
    siege = await Siege.start({ platform, providers: [Shelf] });
  });

  beforeEach(async () => {
    driver = await open(siege.url, 'shelf');
  });

  afterAll(() => siege.end());

  it('are of the kind that the list has: anything else is refused by its path, and the state stays', async () => {
    for (const [field, items] of REFUSED) {
      const reply = await driver.send({ event: 'count_', fields: { [field]: items } });
      expect({ field, items, code: reply.ok ? 'OK' : reply.error.code }).toEqual({
        field,
        items,
        code: 'VALIDATION_FAILED',
      });
      const [path = ''] = Object.keys((!reply.ok && reply.error.fields) || {});
      expect(path).toMatch(new RegExp(`^${field}\\b`));
    }
    expect((await driver.send({ event: 'count_' })).html).toContain('<output>1</output>');
  });

  it('are taken where they are', async () => {
    for (const [field, items] of ACCEPTED) {
      const reply = await driver.send({ event: 'count_', fields: { [field]: items } });
      expect({ field, items, reply }).toMatchObject({ field, items, reply: { ok: true } });
    }
  });

  it('keep nothing that their class does not declare', async () => {
    const rows = [{ name: 'a', amount: 1, secret: { toString: 1 } }];
    const reply = await driver.send({ event: 'tell', fields: { rows } });
    expect(reply).toMatchObject({ ok: true });
    expect(Shelf.seen).toEqual([[{ name: 'a', amount: 1 }]]);
  });

  it('print, whatever an object of the author’s own holds', async () => {
    const reply = await driver.send({ event: 'show' });
    expect(reply).toMatchObject({ ok: true, html: expect.stringContaining('[object Object]') });
    const bound = await driver.send({
      event: 'count_',
      fields: { profile: { toString: 1, name: { valueOf: 1, toString: 2 } } },
    });
    expect(bound).toMatchObject({ ok: true });
  });
});
