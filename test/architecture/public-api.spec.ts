import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { compareApi, type PublicApi } from './public-api.js';
import { ROOT } from './source-tree.js';

const list = (...args: readonly string[]): PublicApi =>
  JSON.parse(execFileSync(process.execPath, ['scripts/public-api.mjs', ...args], { cwd: ROOT, encoding: 'utf8' }));

describe('the public API', () => {
  const now = list();

  it('has both front doors, forms and the testing kit', () => {
    expect(Object.keys(now)).toEqual(['nest-live', 'nest-live/extend', 'nest-live/forms', 'nest-live/testing']);
  });

  it('is the recorded one (npm run api:update records a wanted change)', () => {
    const recorded: PublicApi = JSON.parse(readFileSync(join(ROOT, 'test/architecture/public-api.json'), 'utf8'));
    expect(compareApi(recorded, now)).toEqual([]);
  });

  it('resolves every name', () => {
    const names = Object.values(now).flatMap((door) => Object.entries(door));
    expect(names.filter(([, kind]) => kind === 'unresolved')).toEqual([]);
  });
});

describe('the public API rule', () => {
  it('knows the kinds of a door', () => {
    expect(list('--door=shop=test/architecture/fixtures/door.ts')).toEqual({
      shop: {
        Currency: 'const + type',
        LOCATION: 'const',
        Price: 'type',
        Shop: 'class',
        TAX: 'const',
        Visitor: 'interface',
        open: 'function',
      },
    });
  }, 60_000);

  it('tells what was added, removed and changed', () => {
    const before = { shop: { Shop: 'class', open: 'function', TAX: 'const' } };
    const now = { shop: { Shop: 'interface', open: 'function', close: 'function' } };
    expect(compareApi(before, now)).toEqual([
      'Shop of shop was class and is interface',
      'shop no longer exports TAX (const)',
      'shop now exports close (function)',
    ]);
  });
});
