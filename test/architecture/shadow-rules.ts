import { join, relative, sep } from 'node:path';

import ts from 'typescript';

import { ROOT } from './source-tree.js';

/** Interfaces whose properties a name or an id in the page's HTML can shadow, and those they inherit from. */
const SHADOWED = new Set([
  'Document',
  'HTMLFormElement',
  'HTMLElement',
  'Element',
  'Node',
  'EventTarget',
  'ParentNode',
]);

const namesOf = (type: ts.Type): readonly string[] =>
  (type.isUnionOrIntersection() ? type.types : [type]).map(({ symbol }) => symbol?.getName());

/** A value that is known to be no document and no form has a type of its own: `HTMLButtonElement`, `Attr`. */
const canBeShadowed = (type: ts.Type): boolean => namesOf(type).some((name) => SHADOWED.has(name));

/** Reads and writes of properties that HTML can shadow, in one file. */
const findIn = (file: ts.SourceFile, checker: ts.TypeChecker): readonly string[] => {
  const found: string[] = [];
  const note = (at: ts.Node, name: string) => {
    const { line } = file.getLineAndCharacterOfPosition(at.getStart());
    found.push(`${relative(ROOT, file.fileName).split(sep).join('/')}:${line + 1} uses .${name}`);
  };
  const typeOf = (node: ts.Node) => checker.getNonNullableType(checker.getTypeAtLocation(node));
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && canBeShadowed(typeOf(node.expression))) note(node, node.name.text);
    if (ts.isElementAccessExpression(node) && canBeShadowed(typeOf(node.expression))) note(node, '[…]');
    if (ts.isObjectBindingPattern(node) && canBeShadowed(typeOf(node))) note(node, node.getText());
    node.forEachChild(visit);
  };
  visit(file);
  return found;
};

/** Files of the project and of the compiler's libraries; none changes while the tests run. */
const read = new Map<string, ts.SourceFile | undefined>();

/** Compiles the files like the client, and finds what reads a document or an element directly. */
export const findShadowedReads = (
  paths: readonly string[],
  extra: ReadonlyMap<string, string> = new Map(),
): string[] => {
  const config = join(ROOT, 'libs/client/tsconfig.json');
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, (path) => ts.sys.readFile(path)).config,
    ts.sys,
    join(ROOT, 'libs/client'),
  );
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (path, ...rest) => {
    const text = extra.get(path);
    if (text !== undefined) return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    if (!read.has(path)) read.set(path, getSourceFile(path, ...rest));
    return read.get(path);
  };
  const roots = [...paths.map((path) => join(ROOT, path)), ...extra.keys()];
  const program = ts.createProgram(roots, { ...options, noEmit: true }, host);
  const checker = program.getTypeChecker();
  return roots.flatMap((path) => findIn(program.getSourceFile(path)!, checker));
};
