import ts from 'typescript';

import { isTest, isTypeScript, type SourceTree } from './source-tree.js';

const featuresOf = (tree: SourceTree): readonly string[] => [
  ...new Set([...tree.keys()].flatMap((path) => /^src\/features\/([^/]+)\//.exec(path)?.[1] ?? [])),
];

/** `playground: counter` in the front matter of a feature's docs page. */
function playgroundPageOf(docs: string): string | undefined {
  const [, frontMatter = ''] = /^---\n([\s\S]*?)\n---\n/.exec(docs) ?? [];
  return /^playground: *\/?([\w-]+) *$/m.exec(frontMatter)?.[1];
}

function judgeFeature(tree: SourceTree, feature: string): readonly string[] {
  const paths = [...tree.keys()];
  const docsPath = `docs/features/${feature}.md`;
  const docs = tree.get(docsPath);
  const complaints: string[] = [];

  if (!paths.some((path) => path.startsWith(`src/features/${feature}/`) && path.endsWith('.spec.ts')))
    complaints.push(`feature "${feature}" has no spec beside it`);
  if (docs === undefined) return [...complaints, `feature "${feature}" has no ${docsPath}`];

  const page = playgroundPageOf(docs);
  if (!page) return [...complaints, `${docsPath} names no playground page ("playground: <page>" in its front matter)`];
  if (!paths.some((path) => path.startsWith('apps/playground/') && path.endsWith(`/${page}.hbs`)))
    complaints.push(`${docsPath} names the playground page "${page}", and there is no ${page}.hbs in apps/playground`);
  return complaints;
}

/** Features without a spec, a docs page or a page in the playground. */
export const findUnfurnishedFeatures = (tree: SourceTree): readonly string[] =>
  featuresOf(tree).flatMap((feature) => judgeFeature(tree, feature));

/** Names of the effects that the server may send, from every `interface EffectMap`. */
export function effectsOf(tree: SourceTree): readonly string[] {
  const names: string[] = [];
  for (const [path, text] of tree) {
    if (!isTypeScript(path) || isTest(path) || !/^(src|libs)\//.test(path) || !text.includes('interface EffectMap'))
      continue;
    const visit = (node: ts.Node): void => {
      if (ts.isInterfaceDeclaration(node) && node.name.text === 'EffectMap')
        for (const { name } of node.members)
          if (name && (ts.isIdentifier(name) || ts.isStringLiteral(name))) names.push(name.text);
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  }
  return names;
}

/** `effects.redirect = …`, `effects.set('redirect', …)`, or a key of an object named `…effects`. */
function handlesIn(path: string, text: string): readonly string[] {
  const names: string[] = [];
  const isEffects = (node: ts.Node): boolean =>
    /effects$/i.test(ts.isPropertyAccessExpression(node) ? node.name.text : ts.isIdentifier(node) ? node.text : '');
  const keysOf = (object: ts.ObjectLiteralExpression): readonly string[] =>
    object.properties.flatMap(({ name }) =>
      name && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? [name.text] : [],
    );

  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && ts.isPropertyAccessExpression(node.left) && isEffects(node.left.expression))
      names.push(node.left.name.text);
    if (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      isEffects(node.expression.expression)
    ) {
      const [name] = node.arguments;
      if (name && ts.isStringLiteral(name)) names.push(name.text);
    }
    if (ts.isVariableDeclaration(node) && isEffects(node.name) && node.initializer) {
      const value =
        ts.isSatisfiesExpression(node.initializer) || ts.isAsExpression(node.initializer)
          ? node.initializer.expression
          : node.initializer;
      if (ts.isObjectLiteralExpression(value)) names.push(...keysOf(value));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return names;
}

/** Effects that the server may send and the browser client would ignore. */
export function findUnhandledEffects(tree: SourceTree): readonly string[] {
  const handled = new Set(
    [...tree]
      .filter(([path]) => path.startsWith('libs/client/src/') && !isTest(path))
      .flatMap(([path, text]) => handlesIn(path, text)),
  );
  return effectsOf(tree)
    .filter((name) => !handled.has(name))
    .map((name) => `effect "${name}" has no handler in libs/client/src`);
}
