import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { RowTexts, RowTextsWriter } from './row-texts.js';

/** Rows with their texts. */
interface Written {
  readonly texts: RowTexts;
  readonly rows: readonly string[];
}

/** A place of a row before, or the text of a new one. */
type Step = number | string;

const write = (before: Written, steps: readonly Step[]): Written => {
  const writer = new RowTextsWriter(before.texts);
  for (const step of steps) {
    if (typeof step === 'number') writer.keep(step);
    else writer.add(step);
  }
  return {
    texts: writer.end(),
    rows: steps.map((step) => (typeof step === 'number' ? before.rows[step] : step)),
  };
};

const NONE: Written = { texts: RowTexts.none, rows: [] };

const manyRows = (count: number, text = (n: number) => `row ${n},`) =>
  write(
    NONE,
    Array.from({ length: count }, (_, n) => text(n)),
  );

const all = ({ rows }: Written): Step[] => rows.map((_, place) => place);

const rowsOf = ({ pieces }: RowTexts): string[] =>
  pieces.flatMap(({ text, ends }) => ends.map((end, n) => text.slice(n === 0 ? 0 : ends[n - 1], end)));

describe('texts of rows', () => {
  const change = fc.record({
    what: fc.constantFrom('set', 'put', 'cut', 'move', 'turn', 'copy'),
    at: fc.nat(),
    count: fc.oneof(fc.constantFrom(0, 1, 2), fc.nat(200)),
    text: fc.constantFrom('', 'x', 'a longer row', 'y'.repeat(30_000)),
  });

  const changed = (
    steps: Step[],
    { what, at: somewhere, count, text }: typeof change extends fc.Arbitrary<infer C> ? C : never,
  ) => {
    const at = steps.length === 0 ? 0 : somewhere % steps.length;
    switch (what) {
      case 'set':
        return steps.map((step, n) => (n === at ? text : step));
      case 'put':
        return steps.toSpliced(at, 0, ...new Array<Step>(text.length > 100 ? 1 : count).fill(text));
      case 'cut':
        return steps.toSpliced(at, count);
      case 'move':
        return [...steps.slice(at), ...steps.slice(0, at)];
      case 'turn':
        return steps.toReversed();
      default:
        return steps.toSpliced(at, 0, ...steps.slice(0, count));
    }
  };

  it('are those of the rows, whatever became of them', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.array(change, { maxLength: 8 }), (count, changes) => {
        let written = manyRows(count);
        for (const one of changes) {
          written = write(written, changed(all(written), one));
          expect(rowsOf(written.texts)).toEqual(written.rows);
          expect(written.texts.length).toBe(written.rows.join('').length);
        }
      }),
    );
  });

  it('stay the same text where no row of a piece has changed', () => {
    const before = manyRows(1_000);
    const after = write(before, [...all(before).slice(0, 500), 'new,', ...all(before).slice(501)]);
    const others = after.texts.pieces.filter((piece) => !before.texts.pieces.includes(piece));
    expect(others).toHaveLength(1);
    expect(after.texts.pieces).toHaveLength(before.texts.pieces.length);
  });

  it('stay so behind a row that comes or goes', () => {
    const before = manyRows(1_000);
    for (const steps of [['new,', ...all(before)], all(before).slice(1), all(before).toSpliced(300, 1)]) {
      const after = write(before, steps);
      expect(after.texts.pieces.filter((piece) => !before.texts.pieces.includes(piece)).length).toBeLessThan(3);
    }
  });

  it.each<[string, (rows: Written) => Step[]]>([
    ['at the beginning', (rows) => ['new,', ...all(rows)]],
    ['at the end', (rows) => [...all(rows), 'new,']],
    ['here and there', (rows) => all(rows).toSpliced((rows.rows.length * 7) % 300, 0, 'new,')],
    ['while others go', (rows) => ['new,', ...all(rows).slice(0, -1)]],
  ])('are in few pieces of no great length after many have come %s', (_, next) => {
    let written = manyRows(300);
    for (let n = 0; n < 1_000; n += 1) written = write(written, next(written));
    const { pieces } = written.texts;
    expect(pieces.length).toBeLessThan(2 + written.rows.length / 20);
    for (const { ends } of pieces) expect(ends.length).toBeLessThan(128);
  });

  it('are in few pieces after most of them have gone', () => {
    let written = manyRows(3_000);
    written = write(
      written,
      all(written).filter((_, place) => place % 64 === 0),
    );
    expect(written.texts.pieces.length).toBeLessThan(4);
  });

  it('are in pieces of no great length where rows are long', () => {
    const { pieces } = manyRows(300, (n) => `${n}`.padEnd(2_000)).texts;
    for (const { text } of pieces) expect(text.length).toBeLessThan(40_000);
  });
});
