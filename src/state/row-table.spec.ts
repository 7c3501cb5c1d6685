import { describe, expect, it } from '@jest/globals';

import { RowTable } from './row-table.js';

const rowOf = (id: number) => ({ id, name: `row ${id}`, on: id % 2 === 0 });
const ROWS = Array.from({ length: 200 }, (_, id) => rowOf(id));

describe('a table of rows', () => {
  const table = RowTable.of(ROWS)!;

  it.each([0, 63, 64, 127, 199])('has each of them in its place: %i', (place) => {
    expect(table.has(rowOf(place), place)).toBe(true);
    expect(table.has(rowOf(place), (place + 1) % 200)).toBe(false);
    expect(table.has({ ...rowOf(place), name: 'other' }, place)).toBe(false);
    expect(table.beginsAs(rowOf(place), place)).toBe(true);
    expect(table.firsts().get(place)).toBe(place);
  });

  it('has no row with less, with more, or with its members in another order', () => {
    const { id, name, on } = rowOf(5);
    for (const row of [{ id, name }, { id, name, on, more: 1 }, { id, on, name }, {}, { id: -0, name: 'row 0', on }]) {
      expect(table.has(row, 5)).toBe(false);
    }
    expect(table.has({ ...rowOf(0), id: -0 }, 0)).toBe(false);
    expect(table.beginsAs(rowOf(200), 200)).toBe(false);
  });

  it('has no row whose member is that of a prototype', () => {
    const { id, name, on } = rowOf(4);
    Object.defineProperty(Object.prototype, 'on', { value: on, enumerable: true, configurable: true });
    try {
      expect(table.has({ id, name }, 4)).toBe(false);
      expect(table.has({ id, name, on }, 4)).toBe(true);
    } finally {
      delete (Object.prototype as { on?: unknown }).on;
    }
  });

  it('goes on with others in some places, and stays as it was', () => {
    const others = [3, 64, 65].map((place): [number, object] => [place, { ...rowOf(place), name: 'other' }]);
    const next = table.with(new Map(others))!;
    for (const [place, row] of others) {
      expect([next.has(row, place), next.has(rowOf(place), place)]).toEqual([true, false]);
      expect([table.has(row, place), table.has(rowOf(place), place)]).toEqual([false, true]);
    }
    expect(next.has(rowOf(66), 66)).toBe(true);
    expect(table.with(new Map([[3, { id: 3 }]]))).toBeUndefined();
  });
});
