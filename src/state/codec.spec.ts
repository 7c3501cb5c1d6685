import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';

import { StateCodec } from './codec.js';
import type { StateCoder } from './coders.js';

class Money {
  constructor(
    readonly cents: bigint,
    readonly currency: string,
  ) {}
}
class Unknown {
  value = 1;
}
class LateDate extends Date {}

const MONEY: StateCoder<Money> = {
  name: 'money',
  type: Money,
  encode: ({ cents, currency }) => ({ cents, currency }),
  decode: (data) => new Money((data as Money).cents, (data as Money).currency),
};
const codec = new StateCodec([MONEY]);
const round = (value: Record<string, unknown>) => codec.decode(codec.encode(value));
/** Stricter than the matchers: prototypes, order of keys, own `__proto__` and `constructor`, invalid dates, -0. */
const isSame = (a: unknown, b: unknown): boolean => {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Date) return Object.is(a.getTime(), (b as Date).getTime());
  if (a instanceof Map || a instanceof Set) return isSame([...a], [...(b as Set<unknown>)]);
  const [one, two] = [Object.keys(a), Object.keys(b)];
  if (one.length !== two.length) return false;
  return one.every((key, n) => key === two[n] && isSame(a[key as keyof typeof a], b[key as keyof typeof b]));
};
const messageOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
  return 'none';
};

describe('StateCodec', () => {
  it('writes plain data as plain JSON', () => {
    const state = { count: 3, list: [1, 'two', null, true], nested: { a: { b: '{"$":"date"}' } } };
    expect(codec.encode(state)).toBe(JSON.stringify(state));
    expect(round(state)).toEqual(state);
  });

  it.each<[string, unknown]>([
    ['a date', new Date(1_700_000_000_000)],
    ['an invalid date', new Date(NaN)],
    [
      'a map with any keys',
      new Map<unknown, unknown>([
        [{ a: 1 }, new Set([1n])],
        [undefined, -0],
      ]),
    ],
    ['a set', new Set(['a', new Date(0), undefined])],
    ['a bigint', -123456789012345678901234567890n],
    ['undefined', undefined],
    ['minus zero', -0],
    ['not a number', NaN],
    ['infinities', [Infinity, -Infinity]],
    ['a registered class', new Money(199n, 'EUR')],
    ['a dictionary', Object.assign(Object.create(null) as object, { a: new Date(5), toString: 'own' })],
    ['what looks like a tag', { $: 'date', v: 5 }],
    ['what looks like an unknown tag', { v: { $: 1 }, $: { $: 'nope' } }],
    ['keys in front of a tag', { a: 1, $: 'set', v: [] }],
    ['an own __proto__', JSON.parse('{"__proto__":{"x":1},"d":null,"constructor":{"prototype":1}}')],
    [
      'an own __proto__ beside rich values',
      Object.assign(JSON.parse('{"__proto__":{"x":1}}') as object, { when: new Date(1) }),
    ],
    ['the same object twice', ((date) => [date, date])({ d: new Date(3) })],
    ['lone surrogates and separators', '\ud800 \u2028 \u0000'],
  ])('keeps %s', (_, value) => {
    expect(isSame(round({ value }), { value })).toBe(true);
    expect(isSame(round({ deep: [{ value }] }), { deep: [{ value }] })).toBe(true);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it('keeps an own __proto__ as data', () => {
    const { value } = round({ value: JSON.parse('{"__proto__":{"x":1},"n":{"y":-0}}') as unknown }) as {
      value: object;
    };
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(['__proto__', 'n']);
    const rich = round(JSON.parse('{"__proto__":{"x":{"$":1}}}') as Record<string, unknown>);
    expect(Object.keys(rich)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(rich)).toBe(Object.prototype);
  });

  it('keeps whatever it accepts', () => {
    const key = fc.oneof(
      fc.string(),
      fc.constantFrom('__proto__', 'constructor', 'toString', 'toJSON', '$', 'v', 'then'),
    );
    const anything = fc.anything({
      key,
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      values: [fc.boolean(), fc.integer(), fc.double(), fc.string(), fc.constantFrom(undefined, null, -0, '{"$":')],
    });
    const state = fc.dictionary(
      key,
      fc.oneof(
        anything,
        anything.map((v) => new Money(1n, String(typeof v))),
      ),
    );
    fc.assert(
      fc.property(state, (value) => {
        const before = Object.getOwnPropertyNames(Object.prototype).length;
        expect(isSame(round(value), value)).toBe(true);
        expect(codec.encode(round(value))).toBe(codec.encode(value));
        expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(before);
      }),
      { numRuns: Number(process.env.FC_RUNS ?? 500) },
    );
  });

  it('names the field that it cannot keep', () => {
    const errorOf = (value: Record<string, unknown>) => messageOf(() => codec.encode(value));
    expect(errorOf({ x: { y: new Unknown() } })).toMatch(
      /^HANDLER_ERROR: State field "x\.y" holds a Unknown: add a coder/,
    );
    expect(errorOf({ list: [0, { owner: () => 1 }] })).toMatch(/"list\.1\.owner" holds a function/);
    expect(errorOf({ s: Symbol('s') })).toMatch(/"s" holds a symbol/);
    expect(errorOf({ s: { [Symbol('s')]: 1 } })).toMatch(/"s" has a symbol key/);
    for (const odd of [[1], new Map(), new Set(), new Date(0), {}, Object.create(null) as object]) {
      const keyed = Object.assign(odd, { [Symbol('s')]: 1 });
      expect(errorOf({ deep: [{ odd: keyed }] })).toMatch(/"deep\.0\.odd" has a symbol key/);
    }
    for (const odd of [new Map(), new Set(), new Date(0)])
      expect(errorOf({ odd: Object.assign(odd, { extra: 1 }) })).toMatch(
        /"odd" is a (Map|Set|Date) with keys of its own/,
      );
    const sparse = [1];
    sparse[2] = 3;
    for (const holes of [
      sparse,
      new Array(2),
      [new Date(0), ...new Array<Date>(1)].slice(1, 5).concat(new Array<Date>(1)),
    ])
      expect(errorOf({ list: holes })).toMatch(/"list" is an array with holes/);
    expect(errorOf({ when: new LateDate() })).toMatch(/"when" holds a LateDate/);
    expect(errorOf({ bytes: Buffer.from('x') })).toMatch(/"bytes" holds a Buffer/);
    expect(errorOf({ m: new Map([['k', new Unknown()]]) })).toMatch(/"m\.0\.1" holds a Unknown/);
    expect(errorOf({ list: Object.assign([1], { extra: 1 }) })).toMatch(/"list" is an array with named keys/);
    expect(errorOf({ toJSON: () => 1 })).toMatch(/"toJSON" holds a function/);
  });

  it('refuses cycles and bottomless nesting instead of overflowing', () => {
    const tree: Record<string, unknown> = { children: [] };
    (tree.children as unknown[]).push({ parent: tree, next: { parent: tree } });
    expect(messageOf(() => codec.encode({ tree }))).toMatch(/"tree\.children\.0\.parent" holds itself \(a cycle\)/);
    const map = new Map<string, unknown>();
    map.set('self', map);
    expect(messageOf(() => codec.encode({ map }))).toMatch(/HANDLER_ERROR.*a cycle/);
    let deep: unknown = 1;
    for (let level = 0; level < 20_000; level++) deep = [deep];
    expect(messageOf(() => codec.encode({ deep }))).toMatch(/HANDLER_ERROR.*nested deeper than 256/);
    let fine: unknown = new Date(1);
    for (let level = 0; level < 200; level++) fine = { fine };
    expect(round({ fine })).toStrictEqual({ fine });
  });

  it('refuses text that is no state, or one whose coder is gone', () => {
    for (const text of ['', 'x', '5', 'null', '[]', '{"$":"set","v":[]}'.replace('set', 'number')]) {
      expect(messageOf(() => codec.decode(text))).toMatch(/^STATE_INVALID/);
    }
    const text = codec.encode({ price: new Money(1n, 'EUR') });
    expect(messageOf(() => new StateCodec().decode(text))).toMatch(/^STATE_OUTDATED: .*"money"/);
    expect(messageOf(() => codec.decode('{"n":{"$":"bigint","v":"x"}}'))).toMatch(/^STATE_OUTDATED/);
    expect(messageOf(() => codec.decode('{"n":{"$":"constructor","v":"x"}}'))).toMatch(/^STATE_OUTDATED/);
  });

  it('refuses two coders of one name, also a built-in one', () => {
    expect(messageOf(() => new StateCodec([MONEY, MONEY]))).toMatch(/^OPTION_INVALID/);
    expect(messageOf(() => new StateCodec([{ ...MONEY, name: 'date' }]))).toMatch(/^OPTION_INVALID/);
  });
});

describe('values of Temporal in a state', () => {
  const VALUES = {
    day: Temporal.PlainDate.from('2026-03-01'),
    time: Temporal.PlainTime.from('14:30:00.000000001'),
    local: Temporal.PlainDateTime.from('2026-03-01T14:30'),
    month: Temporal.PlainYearMonth.from('2026-03'),
    birthday: Temporal.PlainMonthDay.from('02-29'),
    at: Temporal.Instant.from('1969-12-31T23:59:59.999999999Z'),
    there: Temporal.ZonedDateTime.from('2026-10-25T02:30+01:00[Europe/Berlin]'),
    lasts: Temporal.Duration.from('P1Y2M3DT4H5M6.789S'),
  };

  const withGlobal = <T>(run: () => T): T => {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'Temporal');
    Object.defineProperty(globalThis, 'Temporal', { value: Temporal, configurable: true, writable: true });
    try {
      return run();
    } finally {
      if (before) Object.defineProperty(globalThis, 'Temporal', before);
      else delete (globalThis as { Temporal?: unknown }).Temporal;
    }
  };

  it('are what they were, at any depth', () => {
    withGlobal(() => {
      const read = round({ ...VALUES, deep: [new Map([['day', VALUES.day]])] });
      for (const [name, value] of Object.entries(VALUES)) {
        expect(Object.getPrototypeOf(read[name])).toBe(Object.getPrototypeOf(value));
        expect(String(read[name])).toBe(String(value));
      }
      expect(String((read.deep as [Map<string, unknown>])[0].get('day'))).toBe('2026-03-01');
    });
  });

  it('of another Temporal than that of the process are refused, and so are those of a process that had one', () => {
    const text = withGlobal(() => codec.encode(VALUES));
    class PlainDate {
      get [Symbol.toStringTag](): string {
        return 'Temporal.PlainDate';
      }
    }
    withGlobal(() =>
      expect(messageOf(() => codec.encode({ day: new PlainDate() }))).toMatch(/holds a PlainDate: add a coder/),
    );
    Object.defineProperty(PlainDate.prototype, Symbol.toStringTag, { value: 'Temporal.PlainDate' });
    withGlobal(() =>
      expect(messageOf(() => codec.encode({ day: new PlainDate() }))).toMatch(
        /"day" holds a PlainDate of another Temporal/,
      ),
    );
    if ('Temporal' in globalThis) return;
    expect(messageOf(() => codec.encode(VALUES))).toMatch(/^HANDLER_ERROR.*set globalThis\.Temporal/);
    expect(messageOf(() => codec.decode(text))).toMatch(/^STATE_OUTDATED: .*"Temporal\.PlainDate"/);
  });
});
