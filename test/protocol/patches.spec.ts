import { describe, expect, it } from '@jest/globals';
import { parseFragment } from 'parse5';

import { difference } from '../../src/patch/html-difference.js';
import { readElements } from '../../src/patch/read-elements.js';
import { ShownRenders } from '../../src/patch/shown-renders.js';
import { takenBy } from '../../src/patch/taken.js';
import { applied, rootText } from '../properties/applied-patch.js';
import { ALIKE_CASES, PATCH_CASES, SHORT_CASES } from './patch.cases.js';

const patchOf = (before: string, after: string, takes: 0 | 1 | 2) => {
  const [one, other] = [readElements(before)!, readElements(after)!];
  const parts = difference(one, other, takenBy({ takes }));
  return parts && [one.count, ...parts];
};

const rowsOf = (ids: readonly number[], amount = 7) =>
  ids.map((id) => `<tr live-key="${id}"><td>${id}</td><td>Row ${id}</td><td>${amount}</td></tr>`);
const tableOf = (rows: readonly string[]) => `<table live-id="c"><tbody>\n  ${rows.join('\n  ')}\n</tbody></table>`;
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe('golden cases of a patch', () => {
  it.each(PATCH_CASES)('are what the server sends: $title', ({ before, after, patch }) => {
    expect(patchOf(before, after, 2)).toEqual(patch);
    expect(applied(before, patch.slice(1) as never)).toBe(rootText(parseFragment(after)));
  });

  it.each(PATCH_CASES)('have no orders for a client that takes none: $title', ({ before, after }) => {
    const [, ...parts] = patchOf(before, after, 1) ?? [0];
    expect(parts.filter((part) => typeof (part as readonly unknown[])[1] !== 'string')).toEqual([]);
  });
});

const shownTo = (html: string, takes = 2) => {
  const shown = new ShownRenders({ maxShownBytes: 1e6, maxConnectionShownBytes: 1e6 }).make(
    { bytes: 0 },
    takenBy({ takes }),
  );
  shown.show(html, '');
  return shown;
};

describe('golden cases in short', () => {
  it.each(SHORT_CASES)('are what the server sends: $title', ({ renders: [first, ...others], patches, counted }) => {
    const shown = shownTo(first, 4);
    const sent = others.map((html) => ({ patch: shown.next(html, ''), isCounted: shown.isCounted }));
    expect(sent).toEqual(patches.map((patch, n) => ({ patch, isCounted: counted[n] })));
  });

  it.each(SHORT_CASES)('say how many elements there are after a whole render: $title', ({ renders }) => {
    const [first, ...others] = renders;
    const shown = shownTo(first, 4);
    for (const [n, html] of others.entries()) {
      shown.show(renders[n], '');
      shown.next(html, '');
      expect(shown.isCounted).toBe(false);
    }
  });

  it.each([1, 2])('are nothing for a client that takes %i', (takes) => {
    for (const { renders } of SHORT_CASES) {
      const shown = shownTo(renders[0], takes);
      for (const html of renders.slice(1)) {
        const [, ...parts] = shown.next(html, '') ?? [0];
        for (const [, text, what] of parts) {
          expect(typeof text).not.toBe('number');
          expect(what).not.toBe(4);
          if (typeof text === 'object') expect(text).not.toContain(0);
        }
      }
    }
  });
});

describe('HTML that is like the last one', () => {
  it.each(ALIKE_CASES)('is sent as what is otherwise: $title', ({ renders: [first, ...others], patches }) => {
    const shown = shownTo(first);
    expect(others.map((html) => shown.next(html, ''))).toEqual(patches);
  });

  it.each(ALIKE_CASES)(
    'is sent whole after a whole render, and to whoever takes no likeness: $title',
    ({ renders }) => {
      const [first, ...others] = renders;
      const known = shownTo(first);
      const plain = shownTo(first, 1);
      for (const [n, html] of others.entries()) {
        known.show(renders[n], '');
        expect(known.next(html, '')).toEqual(shownTo(renders[n]).next(html, ''));
        expect(JSON.stringify(plain.next(html, ''))).not.toMatch(/\[\d+,\d+,"/);
      }
    },
  );
});

describe('a list of 1,000 rows', () => {
  const rows = rowsOf(upTo(1_000));
  const bytesOf = (after: readonly string[]) =>
    JSON.stringify([2, 2, patchOf(tableOf(rows), tableOf(after), 2)]).length;

  it('costs a few bytes where one row comes, goes, moves or changes', () => {
    const [row] = rowsOf([1_001]);
    const written = JSON.stringify(row).length;

    expect(bytesOf([...rows, row]) - written).toBeLessThan(40);
    expect(bytesOf([row, ...rows]) - written).toBeLessThan(40);
    expect(bytesOf(rows.slice(1))).toBeLessThan(40);
    expect(bytesOf(rows.toSpliced(500, 1))).toBeLessThan(45);
    expect(bytesOf([rows[999], ...rows.slice(0, 999)])).toBeLessThan(45);
    expect(bytesOf(rows.with(500, rowsOf([501], 8)[0]))).toBeLessThan(35);
  });

  it('says a move and a change of the same row side by side', () => {
    const [moved] = rowsOf([1_000], 8);
    expect(patchOf(tableOf(rows), tableOf([moved, ...rows.slice(0, 999)]), 2)).toEqual([
      4_002,
      [1, [3_998, 3_998, 2, 3_994]],
      [4_001, '8'],
    ]);
  });

  it('is the HTML where its difference would be longer', () => {
    const few = upTo(200).map((id) => `<b id="${id}">x</b>`);
    const html = (all: readonly string[]) => `<p live-id="c">${all.join('')}</p>`;
    const mixed = few.toSorted((one, other) => one.length - other.length || (one < other ? 1 : -1));
    const after = html(mixed.map((one) => one.replace('x', 'y')));
    const patch = patchOf(html(few), after, 2);

    expect(JSON.stringify(patch).length).toBeLessThan(after.length + mixed.length * 4);
  });

  it.each(['reversed', 'sorted otherwise', 'all new', 'all gone'] as const)(
    'of 10,000 that are %s is found as well',
    (what) => {
      const ids = upTo(10_000);
      const others = {
        reversed: ids.toReversed(),
        'sorted otherwise': ids.toSorted((one, other) => (one % 97) - (other % 97)),
        'all new': ids.map((id) => id + 10_000),
        'all gone': [],
      }[what];
      const [before, after] = [tableOf(rowsOf(ids)), tableOf(rowsOf(others))];
      const [, ...parts] = patchOf(before, after, 2)!;

      expect(JSON.stringify(parts).length).toBeLessThan(JSON.stringify(after).length + 1_000);
    },
  );

  it.each(['live-key', 'id'])('that have their names by %s are moved without HTML', (attribute) => {
    const named = (id: number) => `<tr class="odd" ${attribute}="${id}" title="id=1"><td>${id}</td></tr>`;
    const [before, after] = [upTo(1_000), upTo(1_000).toReversed()].map((ids) => tableOf(ids.map(named)));
    const parts = difference(readElements(before)!, readElements(after)!, takenBy({ takes: 2 }))!;

    expect(parts).toHaveLength(1);
    expect(new Set((parts[0][1] as readonly unknown[]).map((one) => typeof one))).toEqual(new Set(['number']));
  });
});
