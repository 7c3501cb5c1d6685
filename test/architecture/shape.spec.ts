import { findDrawers, findInnerBarrels, findLongFiles } from './shape-rules.js';
import { readTree, treeOf } from './source-tree.js';

describe('the shape of the code', () => {
  const tree = readTree('src', 'libs', 'apps', 'test', 'scripts');

  it('has no file over 300 lines', () => {
    expect(findLongFiles(tree)).toEqual([]);
  });

  it('has no drawers', () => {
    expect(findDrawers(tree)).toEqual([]);
  });

  it('has no inner barrels', () => {
    expect(findInnerBarrels(tree)).toEqual([]);
  });
});

describe('the shape rules refuse', () => {
  it('a file of 301 lines, not one of 300', () => {
    const tree = treeOf({ 'src/state/long.ts': 'x;\n'.repeat(301), 'src/state/full.ts': 'x;\n'.repeat(300) });
    expect(findLongFiles(tree)).toEqual(['src/state/long.ts has 301 lines, 300 are allowed']);
  });

  it.each(['src/utils/a.ts', 'libs/forms/src/helpers/a.ts', 'src/state/common/deep/a.ts', 'apps/x/shared/a.ts'])(
    'the drawer of %s',
    (path) => {
      expect(findDrawers(treeOf({ [path]: '' }))).toHaveLength(1);
    },
  );

  it.each([
    ['an index inside a room', 'src/state/index.ts', 'export const a = 1;'],
    ['a file that only forwards', 'src/state/everything.ts', "export * from './a.js';\nexport { b } from './b.js';"],
  ])('%s', (_, path, text) => {
    expect(findInnerBarrels(treeOf({ [path]: text }))).toEqual([`${path} is an inner barrel: import the file itself`]);
  });

  it('no door', () => {
    const tree = treeOf({
      'src/index.ts': "export * from './a.js';",
      'libs/forms/src/index.ts': "export * from './a.js';",
    });
    expect(findInnerBarrels(tree)).toEqual([]);
  });
});
