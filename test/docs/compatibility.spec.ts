import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { ROOT } from '../architecture/source-tree.js';
import { PACKAGES } from '../compat/neighbour.packages.js';
import { SETTINGS } from '../compat/neighbour.settings.js';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('docs/reference/compatibility.md', () => {
  const page = read('docs/reference/compatibility.md');

  it('has each row that is tried', () => {
    const rows = [...page.matchAll(/^\| (.*?) +\|/gm)].map(([, name = '']) => name.replaceAll('`', ''));
    expect(rows).toEqual(expect.arrayContaining([...SETTINGS, ...PACKAGES].map(({ name }) => name)));
  });

  it('says the versions that are pinned', () => {
    const { dependencies } = JSON.parse(read('test/compat/packages/package.json')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const said = [...page.matchAll(/`?([@\w/-]+)`? (\d+\.\d+\.\d+)/g)].map(([, name = '', version]) => [name, version]);
    const pinned = said.filter(([name = '']) => name in dependencies);
    expect(pinned.length).toBeGreaterThan(20);
    expect(pinned).toEqual(pinned.map(([name = '']) => [name, dependencies[name]]));
  });
});
