import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { ROOT } from '../architecture/source-tree.js';
import { titlesIn } from '../titles.js';

interface KnownFault {
  readonly fault: string;
  readonly file: string;
  readonly title: string;
}

const read = (file: string): string | undefined => {
  const path = join(ROOT, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
};

const faultsIn = (markdown: string): readonly KnownFault[] =>
  [...markdown.matchAll(/^\| (.*?) +\| `([^`]+)` +\| (.*?) +\|$/gm)].map(([, fault, file, title]) => ({
    fault,
    file,
    title,
  }));

const unproved = (faults: readonly KnownFault[], spec: (file: string) => string | undefined): readonly string[] =>
  faults.flatMap(({ fault, file, title }) => {
    const text = spec(file);
    if (text === undefined) return [`${fault}: there is no ${file}`];
    return titlesIn(text).includes(title) ? [] : [`${fault}: ${file} has no test "${title}"`];
  });

describe('faults that live components are known for', () => {
  const text = read('test/known-faults/known-faults.md') ?? '';
  const faults = faultsIn(text);

  it('are all read', () => {
    expect(faults.length).toBeGreaterThan(80);
    expect(faults).toHaveLength(text.split('\n').filter((line) => /^\| .*`[^`]+\.ts` /.test(line)).length);
  });

  it('are each shown to be absent by a test', () => {
    expect(unproved(faults, read)).toEqual([]);
  });

  it('are told apart', () => {
    expect(new Set(faults.map(({ fault }) => fault)).size).toBe(faults.length);
  });

  it('are missed when their test is gone or renamed', () => {
    const [one] = [{ fault: 'it breaks', file: 'a.spec.ts', title: 'does not break' }];
    expect(unproved([one], () => undefined)).toEqual(['it breaks: there is no a.spec.ts']);
    expect(unproved([one], () => "it('breaks', () => {})")).toHaveLength(1);
    expect(unproved([one], () => "it('does not break', () => {})")).toEqual([]);
  });
});
