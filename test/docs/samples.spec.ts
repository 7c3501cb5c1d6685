import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readTree, ROOT } from '../architecture/source-tree.js';
import { findUnexplained, isUnchecked, samplesOf, typeCheck } from './samples.js';

const page = (...lines: readonly string[]) => samplesOf('docs/x.md', lines.join('\n'));

const README = join(ROOT, 'README.md');

describe('the samples in the docs', () => {
  const pages = new Map([
    ['README.md', existsSync(README) ? readFileSync(README, 'utf8') : ''],
    ...[...readTree('docs')].filter(([path]) => path.endsWith('.md')),
  ]);
  const samples = [...pages].flatMap(([path, text]) => samplesOf(path, text));

  it('are found', () => {
    expect(samples.some(({ page, code }) => page === 'README.md' && code.includes('@LiveComponent'))).toBe(true);
  });

  it('compile against the sources', () => {
    const checked = samples.filter((sample) => !isUnchecked(sample));
    expect(typeCheck(checked, ROOT)).toEqual([]);
  }, 60_000);

  it('say why where they are not compiled', () => {
    expect(findUnexplained(samples)).toEqual([]);
  });
});

describe('the sample rule', () => {
  it('finds a type error and tells its line', () => {
    const samples = page(
      '# X',
      '',
      '```ts',
      "import { join } from 'node:path';",
      'const a: number = join("a");',
      '```',
    );
    expect(typeCheck(samples, ROOT)).toEqual(["docs/x.md:5 Type 'string' is not assignable to type 'number'."]);
  }, 60_000);

  it('finds an import of something that is not exported', () => {
    const samples = page('```ts', "import { Nothing } from '@nestjs/common';", 'new Nothing();', '```');
    expect(typeCheck(samples, ROOT)).toHaveLength(1);
  }, 60_000);

  it('lets a named block be imported by the next one', () => {
    const samples = page(
      '```ts',
      '// price.ts',
      'export const PRICE = 3;',
      '```',
      'and',
      '```ts',
      "import { PRICE } from './price.js';",
      'const price: number = PRICE;',
      '```',
    );
    expect(samples).toHaveLength(2);
    expect(typeCheck(samples, ROOT)).toEqual([]);
  }, 60_000);

  it('reads only TypeScript', () => {
    expect(page('```html', '<p>', '```', '```ts no-check shows a half-written class', 'x', '```')).toMatchObject([
      { line: 5, code: 'x\n', info: 'no-check shows a half-written class' },
    ]);
  });

  it('wants a reason for no-check', () => {
    expect(findUnexplained(page('```ts no-check', 'x', '```'))).toEqual(['docs/x.md:2 says no-check without a reason']);
    expect(findUnexplained(page('```ts no-check because it is a fragment', 'x', '```'))).toEqual([]);
  });
});
