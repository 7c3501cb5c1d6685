import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { findCircles } from './circle-rules.js';
import { findUndeclaredPackages, findWrongImports } from './import-rules.js';
import { readTree, ROOT, treeOf } from './source-tree.js';

const wrong = (path: string, text: string) => findWrongImports(treeOf({ [path]: text }));

describe('imports', () => {
  const tree = readTree('src', 'libs', 'apps');

  it('follow the direction of the rooms', () => {
    expect(tree.size).toBeGreaterThan(10);
    expect(findWrongImports(tree)).toEqual([]);
  });

  it('lead in no circle', () => {
    expect(findCircles(tree)).toEqual([]);
  });

  it('name only declared packages in src', () => {
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const declared = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
    expect(findUndeclaredPackages(tree, declared)).toEqual([]);
  });
});

describe('the import rule refuses', () => {
  it.each([
    ['errors that know the protocol', 'src/errors/a.ts', "import { x } from '../protocol/b.js'"],
    ['a component that names rendered types', 'src/component/a.ts', "import type { X } from '../rendering/b.js'"],
    ['a caller that knows the run', 'src/lifecycle/caller/a.ts', "import type { X } from '../run/b.js'"],
    ['a lifecycle file without a room', 'src/lifecycle/a.ts', "import { x } from './run/b.js'"],
    ['a component that runs the renderer', 'src/component/a.ts', "import { x } from '../rendering/b.js'"],
    ['state that knows the renderer', 'src/state/a.ts', "import type { X } from '../rendering/b.js'"],
    ['a port that knows components', 'src/events/a.ts', "import type { X } from '../component/b.js'"],
    ['a lifecycle that names a feature', 'src/lifecycle/a.ts', "export * from '../features/cache/b.js'"],
    ['a feature that names its sibling', 'src/features/cache/a.ts', "import { x } from '../slots/b.js'"],
    ['a transport that names a feature', 'src/transport/http/a.ts', "import { x } from '../../features/slots/b.js'"],
    ['a room that knows the module', 'src/transport/a.ts', "import { x } from '../components.module.js'"],
    ['a dynamic import', 'src/lifecycle/a.ts', "const x = () => import('../features/cache/b.js');"],
    ['an import type expression', 'src/errors/a.ts', "type X = import('../state/b.js').X;"],
    ['a room nobody planned', 'src/misc/a.ts', "import { x } from '../errors/b.js'"],
    ['src that reaches into a lib', 'src/patch/a.ts', "import { x } from '../../libs/client/src/b.js'"],
    ['src that enters by its own door', 'src/state/a.ts', "import { x } from 'nest-live'"],
    ['a lib that reaches into src', 'libs/testing/src/a.ts', "import { x } from '../../../src/index.js'"],
    ['a lib that reaches into its neighbour', 'libs/testing/src/a.ts', "import { x } from '../../client/src/b.js'"],
    ['a lib test that reaches into src', 'libs/testing/src/a.spec.ts', "import { x } from '../../../src/index.js'"],
    ['an app with a deep import', 'apps/playground/src/a.ts', "import { x } from 'nest-live/src/state/b.js'"],
    ['an app that reaches behind the module of another', 'apps/a/src/x.ts', "import { x } from '../../shop/src/b.js'"],
    [
      'an app that enters by the module of a third',
      'apps/a/src/x.ts',
      "import { x } from '../../b/src/shop.module.js'",
    ],
    ['a lib that enters an app', 'libs/redis/src/a.ts', "import { x } from '../../../apps/shop/src/shop.module.js'"],
    ['a client that bundles the server', 'libs/client/src/a.ts', "import { x } from 'nest-live'"],
  ])('%s', (_, path, text) => {
    expect(wrong(path, text)).toHaveLength(1);
  });

  it('an undeclared package', () => {
    const tree = treeOf({ 'src/state/a.ts': "import Redis from 'ioredis';\nimport { x } from 'node:fs';" });
    expect(findUndeclaredPackages(tree, ['rxjs'])).toEqual([
      'src/state/a.ts:1 "ioredis" is no dependency or peer of the package',
    ]);
  });
});

describe('the rule against circles', () => {
  const files = {
    'src/state/a.ts': "import { b } from './b.js';",
    'src/state/b.ts': "import type { C } from './c.js';",
    'src/state/c.ts': "export type C = import('./a.js').A;",
  };

  it('finds the way from a file back to itself, by types, too', () => {
    expect(findCircles(treeOf(files))).toEqual(['src/state/a.ts → src/state/b.ts → src/state/c.ts → src/state/a.ts']);
  });

  it('accepts files that only lead on', () => {
    expect(findCircles(treeOf({ ...files, 'src/state/c.ts': 'export type C = 1;' }))).toEqual([]);
  });
});

describe('the import rule allows', () => {
  it.each([
    ['patches that name rendered types', 'src/patch/a.ts', "import type { X } from '../rendering/b.js'"],
    ['inline type specifiers', 'src/patch/a.ts', "import { type X } from '../rendering/b.js'"],
    ['a feature that uses the lifecycle', 'src/features/cache/a.ts', "import { x } from '../../lifecycle/b.js'"],
    ['a feature that uses itself', 'src/features/cache/a.ts', "import { x } from './parts/b.js'"],
    ['doors that show everything', 'src/index.ts', "export { x } from './features/cache/b.js'"],
    ['a lib at a front door', 'libs/testing/src/a.ts', "import { x } from 'nest-live/extend'"],
    ['an app that enters another by its module', 'apps/a/src/x.ts', "import { x } from '../../b/src/b.module.js'"],
    ['a client that takes types', 'libs/client/src/a.ts', "import type { X } from 'nest-live/extend'"],
  ])('%s', (_, path, text) => {
    expect(wrong(path, text)).toEqual([]);
  });
});
