import { effectsOf, findUnfurnishedFeatures, findUnhandledEffects } from './room-rules.js';
import { readTree, treeOf } from './source-tree.js';

describe('rooms', () => {
  const tree = readTree('src', 'libs', 'apps', 'docs');

  it('have a spec, a docs page and a playground page for every feature', () => {
    expect(findUnfurnishedFeatures(tree)).toEqual([]);
  });

  it('have a client handler for every effect', () => {
    expect(findUnhandledEffects(tree)).toEqual([]);
  });
});

describe('the rooms rule', () => {
  const complete = {
    'src/features/cache/cache.feature.ts': '',
    'src/features/cache/cache.feature.spec.ts': '',
    'docs/features/cache.md': '---\ntitle: Cache\nplayground: cached\n---\n# Cache\n',
    'apps/playground/views/pages/cached.hbs': '',
  };

  it('accepts a furnished feature', () => {
    expect(findUnfurnishedFeatures(treeOf(complete))).toEqual([]);
  });

  it.each([
    ['src/features/cache/cache.feature.spec.ts', 'feature "cache" has no spec beside it'],
    ['docs/features/cache.md', 'feature "cache" has no docs/features/cache.md'],
    [
      'apps/playground/views/pages/cached.hbs',
      'docs/features/cache.md names the playground page "cached", and there is no cached.hbs in apps/playground',
    ],
  ])('misses %s', (path, complaint) => {
    const tree = new Map(treeOf(complete));
    tree.delete(path);
    expect(findUnfurnishedFeatures(tree)).toEqual([complaint]);
  });

  it('misses the playground line of the front matter', () => {
    const tree = treeOf({ ...complete, 'docs/features/cache.md': '# Cache\n\nplayground: cached\n' });
    expect(findUnfurnishedFeatures(tree)).toHaveLength(1);
  });
});

describe('the effects rule', () => {
  const server = {
    'src/features/navigation/navigation.feature.ts':
      "declare module '../../protocol/envelope.js' { interface EffectMap { redirect: string; 'set-title': string } }",
  };
  const client = (text: string) => treeOf({ ...server, 'libs/client/src/features/navigation.ts': text });

  it('reads effects from the augmentations', () => {
    expect(effectsOf(treeOf(server))).toEqual(['redirect', 'set-title']);
  });

  it.each([
    ['assignments', "effects.redirect = () => {}; registry.effects.set('set-title', () => {});"],
    ['a table', "export const effects = { redirect() {}, 'set-title': () => {} } satisfies X;"],
  ])('accepts %s', (_, text) => {
    expect(findUnhandledEffects(client(text))).toEqual([]);
  });

  it('misses an effect that the client only mentions', () => {
    const text = "effects.redirect = () => {}; // set-title\nconst other = { 'set-title': 1 };";
    expect(findUnhandledEffects(client(text))).toEqual(['effect "set-title" has no handler in libs/client/src']);
  });
});
