import ts from 'typescript';

import { isTypeScript, type SourceTree } from './source-tree.js';

const MAX_LINES = 300;
const DRAWERS = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'shared', 'interfaces', 'misc', 'lib']);
const DOOR = /^(src\/(index|extend)|libs\/[^/]+\/src\/index)\.ts$/;

const countLines = (text: string): number => text.replace(/\n$/, '').split('\n').length;

export const findLongFiles = (tree: SourceTree): readonly string[] =>
  [...tree]
    .filter(([path, text]) => !path.endsWith('.md') && countLines(text) > MAX_LINES)
    .map(([path, text]) => `${path} has ${countLines(text)} lines, ${MAX_LINES} are allowed`);

export function findDrawers(tree: SourceTree): readonly string[] {
  const folders = new Set(
    [...tree.keys()].flatMap((path) =>
      path
        .split('/')
        .slice(0, -1)
        .map((_, i, all) => all.slice(0, i + 1).join('/')),
    ),
  );
  return [...folders]
    .filter((folder) => DRAWERS.has(folder.split('/').at(-1) ?? ''))
    .map((folder) => `${folder} is a drawer, not a room: name it after what is in it`);
}

function onlyForwards(path: string, text: string): boolean {
  const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  return (
    statements.length > 0 &&
    statements.every((statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier)
  );
}

export const findInnerBarrels = (tree: SourceTree): readonly string[] =>
  [...tree]
    .filter(([path]) => isTypeScript(path) && !DOOR.test(path))
    .filter(([path, text]) => path.endsWith('/index.ts') || onlyForwards(path, text))
    .map(([path]) => `${path} is an inner barrel: import the file itself`);
