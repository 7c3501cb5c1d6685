import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { ROOT } from '../architecture/source-tree.js';
import { titlesIn } from '../titles.js';

interface Row {
  readonly id: string;
  readonly file: string;
  readonly title: string;
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const rowsOf = (markdown: string): readonly Row[] =>
  [...markdown.matchAll(/^\| (S-\d\d) +\| [^|]* \| `([^`]+)` +\| (.*?) +\|$/gm)].map(([, id, file, title]) => ({
    id,
    file,
    title,
  }));

const missing = (rows: readonly Row[], spec: (file: string) => string | undefined): readonly string[] =>
  rows.flatMap(({ id, file, title }) => {
    const text = spec(file);
    if (text === undefined) return [`${id}: there is no ${file}`];
    return titlesIn(text).includes(title) ? [] : [`${id}: ${file} has no test "${title}"`];
  });

const numbers = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `S-${String(from + index).padStart(2, '0')}`);

describe('docs/reference/security-cases.md', () => {
  const rows = rowsOf(read('docs/reference/security-cases.md'));

  it('has every case', () => {
    const known = [...numbers(1, 37), ...numbers(40, 45), ...numbers(50, 57)];
    expect([...new Set(rows.map(({ id }) => id))]).toEqual(known);
  });

  it('names tests that exist', () => {
    expect(missing(rows, (file) => (existsSync(join(ROOT, file)) ? read(file) : undefined))).toEqual([]);
  });

  it('is missed when a test is gone or renamed', () => {
    const [one] = rowsOf('| S-01 | x | `a.spec.ts` | does it |');
    expect(missing([one], () => undefined)).toHaveLength(1);
    expect(missing([one], () => "it('does it no more', () => {})")).toHaveLength(1);
    expect(missing([one], () => "it('does it', () => {})")).toEqual([]);
    expect(missing([one], () => "it.each([1, f(2)])(\n  'does it', () => {})")).toEqual([]);
  });
});
