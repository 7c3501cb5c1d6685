import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { toViewValue } from '../../src/rendering/view-object.js';
import { applicationRuns } from '../../src/component/application-code.js';
import { StateCodec } from '../../src/state/codec.js';
import { StateMemory } from '../../src/state/state-memory.js';
import { RUNS } from './runs.js';

class Price {
  constructor(readonly cents: number) {}
}
class Unknown {
  readonly value = 1;
}

const codec = new StateCodec([
  { name: 'price', type: Price, encode: ({ cents }: Price) => cents, decode: (cents) => new Price(cents as number) },
]);

type Row = Record<string, unknown>;
type Fields = Record<string, unknown>;

const text = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('"', '{"$":1}', '\u2028', '\ud800', '__proto__'));
const plain = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.double({ noNaN: true }));
const nested = fc.oneof(
  fc.array(plain, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('x', '1', 'toString', '$', '__proto__'), plain, { maxKeys: 3 }),
);
/** What JSON alone does not keep, and what no state can hold. */
const odd = fc.constantFrom<() => unknown>(
  () => new Date(1_700_000_000_000),
  () => new Map([['a', 1]]),
  () => new Price(5),
  () => undefined,
  () => -0,
  () => NaN,
  () => 5n,
  () => Object.create(null) as object,
  () => new Unknown(),
  () => Symbol('s'),
  () => () => 1,
  () => Object.assign([1, 2], { named: 3 }),
  () => new Array(2),
  () => ({ [Symbol('key')]: 1 }),
  () => ({ $: 'date', v: 1 }),
  () => {
    const loop: Row = {};
    return Object.assign(loop, { loop });
  },
);
const value = fc.oneof(
  { weight: 8, arbitrary: plain.map((one) => () => one) },
  { weight: 2, arbitrary: nested.map((one) => () => structuredClone(one)) },
);

const rowOf = (id: number): Row => ({
  id,
  name: `Product number ${id}`,
  quantity: id % 2,
  note: 'in stock',
  tags: null,
});

/** What a handler may do to rows and fields. */
const deed = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant('set' as const), fc.nat(), value) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('set' as const), fc.nat(), odd) },
  {
    weight: 5,
    arbitrary: fc.tuple(
      fc.constantFrom(
        'remove',
        'insert',
        'append',
        'first',
        'swap',
        'delete',
        'again',
        'name',
        'copy',
        'freeze',
        'negate',
      ),
      fc.nat(),
      value,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constantFrom('empty', 'reverse', 'all', 'hole', 'symbol', 'class', 'field', 'list', 'shared', 'oddRow'),
      fc.nat(),
      fc.oneof(value, odd),
    ),
  },
);

type Deed = typeof deed extends fc.Arbitrary<infer One> ? One : never;

const KEYS = ['id', 'name', 'quantity', 'note', 'tags', 'more', '1', 'toString'];

const act = (fields: Fields, [what, n, make]: Deed): void => {
  if (!Array.isArray(fields.rows)) fields.rows = [];
  const rows = fields.rows as Row[];
  const at = rows.length === 0 ? 0 : n % rows.length;
  const key = KEYS[n % KEYS.length];
  const row = Object(rows[at]) as Row;
  switch (what) {
    case 'set':
      // A text says by itself what stands at its numbers.
      if (!Object.isFrozen(row)) Reflect.set(row, key, make());
      return;
    case 'delete':
      if (!Object.isFrozen(row)) Reflect.deleteProperty(row, key);
      return;
    case 'again':
      if (!Object.isFrozen(row)) {
        const before = row[key];
        if (Reflect.deleteProperty(row, key)) row[key] = before;
      }
      return;
    case 'negate':
      if (!Object.isFrozen(row) && typeof row.quantity === 'number') row.quantity = -row.quantity;
      return;
    case 'copy':
      rows[at] = { ...row };
      return;
    case 'freeze':
      Object.freeze(row);
      return;
    case 'remove':
      rows.splice(at, 1 + (n % 3));
      return;
    case 'insert':
      rows.splice(at, 0, rowOf(n));
      return;
    case 'append':
      rows.push(rowOf(n));
      return;
    case 'first':
      rows.unshift(rowOf(n));
      return;
    case 'swap':
      [rows[0], rows[at]] = [rows[at], rows[0]];
      return;
    case 'name':
      Object.assign(rows, { length: rows.length });
      return;
    case 'shared':
      rows[0] = row;
      return;
    case 'oddRow':
      rows[at] = make() as Row;
      return;
    case 'all':
      for (const one of rows) if (!Object.isFrozen(one)) Object(one).quantity = n;
      return;
    case 'reverse':
      rows.reverse();
      return;
    case 'empty':
      rows.length = n % 20;
      return;
    case 'hole':
      rows.length += 1;
      return;
    case 'symbol':
      if (n % 2 === 0) Object.assign(rows, { [Symbol('s')]: 1 });
      else if (!Object.isFrozen(row)) Object.assign(row, { [Symbol('s')]: 1 });
      return;
    case 'class':
      fields.rows = Object.setPrototypeOf([...rows], class List extends Array {}.prototype) as Row[];
      return;
    case 'field':
      fields[['turn', 'when', 'other', '$'][n % 4]] = make();
      return;
    case 'list':
      fields.other = Array.from({ length: 10 + (n % 30) }, (_, i) => (n % 2 ? rowOf(i) : i));
      return;
  }
};

/** Two graphs of the same values: prototypes, order and kind of the keys, -0. */
const isSame = (a: unknown, b: unknown): boolean => {
  // Views have printers of their own.
  if (typeof a === 'function') return typeof b === 'function';
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Date) return Object.is(a.getTime(), (b as Date).getTime());
  if (a instanceof Map) return isSame([...a], [...(b as Map<unknown, unknown>)]);
  const [one, two] = [Object.getOwnPropertyDescriptors(a), Object.getOwnPropertyDescriptors(b)];
  const keys = Reflect.ownKeys(one);
  return (
    keys.length === Reflect.ownKeys(two).length &&
    keys.every((key, i) => {
      const [mine, theirs] = [one, two].map((all) => all[key as string]);
      return key === Reflect.ownKeys(two)[i] && mine.writable === theirs.writable && isSame(mine.value, theirs.value);
    })
  );
};

const outcomeOf = (encode: () => string): string => {
  try {
    return encode();
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
};

/** What happens after a view was made of the rows: the application says that it runs, or somebody is waited for. */
const behind = fc.record({
  how: fc.constantFrom('runs', 'waits', 'is written at once', 'was not told'),
  deeds: fc.array(deed, { minLength: 1, maxLength: 2 }),
});

const states = fc.record({
  rows: fc.nat({ max: 60 }),
  events: fc.array(fc.record({ deeds: fc.array(deed, { maxLength: 3 }), behind }), { maxLength: 8 }),
});

describe('a state that is read and written with what is remembered of it', () => {
  it('is read, written and refused as without', async () => {
    let [short, known, shown] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(states, fc.boolean(), async ({ rows: count, events }, isKept) => {
        const memory = new StateMemory();
        const kept = isKept ? { slots: [1, new Date(5)] } : {};
        let stored = codec.encodeState(
          { rows: Array.from({ length: count }, (_, i) => rowOf(i)), turn: 0, when: new Date(7), other: [] },
          kept,
        );
        for (const { deeds, behind } of events) {
          if (memory.read(stored)) known += 1;
          else short += 1;
          const plainly = codec.decodeState(stored);
          const remembered = codec.decodeState(stored, memory);
          expect(isSame(remembered.kept, plainly.kept)).toBe(true);
          for (const name of Object.keys(plainly.fields)) {
            expect(isSame(remembered.fields[name], plainly.fields[name])).toBe(true);
          }
          const happens = (one: Deed): void => [plainly, remembered].forEach(({ fields }) => act(fields, one));
          const written = (): string => outcomeOf(() => codec.encodeState(plainly.fields, plainly.kept));
          deeds.forEach(happens);
          const { how } = behind;
          for (const [name, value] of written().startsWith('{') ? Object.entries(remembered.fields) : []) {
            const rows = memory.shownRows(name, value, how !== 'was not told');
            if (!rows) continue;
            const view = toViewValue(value, rows);
            expect(isSame(view, toViewValue(value))).toBe(true);
            shown += 1;
          }
          if (how === 'runs') applicationRuns();
          if (how === 'waits') await Promise.resolve();
          if (how !== 'is written at once') behind.deeds.forEach(happens);
          const expected = written();
          // In the order in which a component has them.
          const order = Object.keys(plainly.fields);
          const fields = Object.fromEntries(order.map((name) => [name, remembered.fields[name]]));
          expect(outcomeOf(() => codec.encodeState(fields, remembered.kept, memory))).toBe(expected);
          if (expected.startsWith('{')) stored = expected;
        }
      }),
      { numRuns: RUNS * 2 },
    );
    expect(known).toBeGreaterThan(RUNS / 2);
    expect(short).toBeGreaterThan(0);
    expect(shown).toBeGreaterThan(RUNS / 2);
  });
});
