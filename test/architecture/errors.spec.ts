import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CATALOGUE } from '../../src/errors/catalogue.js';
import { codesOfUnion, compareWithReference } from './error-rules.js';
import { ROOT } from './source-tree.js';

const read = (path: string) => (existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : '');

describe('error codes', () => {
  const wire = Object.keys(CATALOGUE);
  const setup = codesOfUnion(read('src/errors/setup-error.ts'), 'SetupErrorCode');

  it('are read from their sources', () => {
    expect(wire).toContain('STATE_STALE');
    expect(setup).toContain('TEMPLATE_ROOT');
  });

  it('stand in docs/reference/errors.md, once each', () => {
    expect(compareWithReference([...wire, ...setup], read('docs/reference/errors.md'))).toEqual([]);
  });
});

describe('the errors rule', () => {
  it('accepts headings and table rows, and mentions in prose', () => {
    const page =
      '# Errors\n\n### `BAD_FRAME`\nSee `TOO_LARGE`.\n\n| code | status |\n| --- | --- |\n| `TOO_LARGE` | 413 |\n';
    expect(compareWithReference(['BAD_FRAME', 'TOO_LARGE'], page)).toEqual([]);
  });

  it('finds missing, doubled and invented codes', () => {
    const page = '### `BAD_FRAME`\n\n### BAD_FRAME\n\n| `OLD_CODE` | 400 |\n';
    expect(compareWithReference(['BAD_FRAME', 'TOO_LARGE'], page)).toEqual([
      'TOO_LARGE is not in the reference',
      'BAD_FRAME is in the reference 2 times',
      'OLD_CODE is in the reference, but nothing throws it',
    ]);
  });
});
