import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

import { ensureBuilt } from '../../scripts/build-output.mjs';
import { ROOT } from '../../scripts/root.mjs';

const SOURCES = join(dirname(fileURLToPath(import.meta.url)), 'servers');

/** Beside `dist/src`, so that the servers run the built package, by its own name and by the same relative paths. */
export const SERVERS = join(ROOT, 'dist/test/bench/servers');

const OPTIONS = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2023,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
};

/** Several runs may share them: a file that is as it should be is left alone, and another appears whole. */
const put = (path, text) => {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  writeFileSync(`${path}.${process.pid}`, text);
  renameSync(`${path}.${process.pid}`, path);
};

/** Builds the package if it is stale, then the servers. `npm run check` has their types. */
export const compileServers = () => {
  if (!ensureBuilt()) throw new Error('the build failed');
  mkdirSync(SERVERS, { recursive: true });
  for (const name of readdirSync(SOURCES)) {
    const source = readFileSync(join(SOURCES, name), 'utf8');
    const { outputText } = ts.transpileModule(source, { compilerOptions: OPTIONS, fileName: name });
    put(join(SERVERS, name.replace(/\.ts$/, '.js')), outputText);
  }
};
