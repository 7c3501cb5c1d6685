import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CATALOGUE } from 'nest-live';
import { resolveLimits } from 'nest-live/extend';

import { ROOT } from '../architecture/source-tree.js';
import { resolveComponents } from '../../src/components.options.js';
import { resolveMemoryStateStore } from '../../src/state/memory.state-store.options.js';

const read = (page: string): string => readFileSync(join(ROOT, 'docs', page), 'utf8');

/** Rows of a page's tables by what stands, as code, in their first cell. */
const rowsOf = (markdown: string): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...markdown.matchAll(/^\| `([\w.]+)` +\|(.*)\|$/gm)].map(([, name = '', rest = '']) => [
      name,
      rest.split('|').map((cell) => cell.trim()),
    ]),
  );

const numbersBelow = (heading: string): Record<string, number> => {
  const [, section = ''] =
    new RegExp(`^## ${heading}$([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(read('guides/configuration.md')) ?? [];
  return Object.fromEntries(
    [...rowsOf(section)].map(([name, [value = '']]) => [name, Number(value.replaceAll(',', ''))]),
  );
};

describe('docs/guides/configuration.md', () => {
  it('has every limit with its default', () => {
    expect(numbersBelow('Limits')).toEqual(resolveLimits());
  });

  it('has every bound of the memory store with its default', () => {
    const { now: _, ...bounds } = resolveMemoryStateStore();
    expect(numbersBelow('Memory')).toEqual(bounds);
  });

  it('has every option', () => {
    const rows = [...rowsOf(read('guides/configuration.md')).keys()];
    const { origins, rendering, ...options } = resolveComponents();
    expect(rows).toEqual(expect.arrayContaining([...Object.keys(options), ...Object.keys(origins)]));
    expect(rows).toEqual(expect.arrayContaining(['rendering', ...Object.keys(rendering)]));
  });
});

describe('docs/reference/errors.md', () => {
  const rows = rowsOf(read('reference/errors.md'));
  const say = { true: 'yes', false: 'no', unknown: 'unknown' } as const;

  it.each(Object.entries(CATALOGUE))(
    'says what the catalogue says about %s',
    (code, { status, retryable, consumed }) => {
      const [told, retry, used] = rows.get(code) ?? [];
      expect([told, retry, used]).toEqual([String(status), say[`${retryable}`], say[`${consumed}`]]);
    },
  );
});
