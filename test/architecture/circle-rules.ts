import { importsOf, isRelative, resolveImport } from './imports.js';
import { isTest, isTypeScript, type SourceTree } from './source-tree.js';

type Imports = ReadonlyMap<string, readonly string[]>;

const importsIn = (tree: SourceTree): Imports =>
  new Map(
    [...tree]
      .filter(([path]) => /^(src|libs)\//.test(path) && isTypeScript(path) && !isTest(path))
      .map(([path, text]) => [
        path,
        importsOf(path, text)
          .filter(({ specifier }) => isRelative(specifier))
          .map(({ specifier }) => resolveImport(path, specifier))
          .filter((target) => tree.has(target)),
      ]),
  );

/** The shortest way from a file back to itself. */
function wayBack(from: string, imports: Imports): readonly string[] | undefined {
  const came = new Map<string, string>();
  const next = [from];
  for (const path of next) {
    for (const target of imports.get(path) ?? []) {
      if (target === from) {
        const way = [path];
        while (way[0] !== from) way.unshift(came.get(way[0] ?? '') ?? from);
        return [...way, from];
      }
      if (!came.has(target)) {
        came.set(target, path);
        next.push(target);
      }
    }
  }
  return undefined;
}

/** Files that need each other, types included: none of them can be read, moved or replaced alone. */
export function findCircles(tree: SourceTree): readonly string[] {
  const imports = importsIn(tree);
  const met = new Set<string>();
  return [...imports.keys()].flatMap((path) => {
    const way = met.has(path) ? undefined : wayBack(path, imports);
    way?.forEach((one) => met.add(one));
    return way ? [way.join(' → ')] : [];
  });
}
