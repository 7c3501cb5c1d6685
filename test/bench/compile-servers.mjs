import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** Builds the package if it is stale, then the servers. `npm run check` has their types. */
export const compileServers = () => {
  if (!ensureBuilt()) throw new Error('the build failed');
  rmSync(SERVERS, { recursive: true, force: true });
  mkdirSync(SERVERS, { recursive: true });
  for (const name of readdirSync(SOURCES)) {
    const source = readFileSync(join(SOURCES, name), 'utf8');
    const { outputText } = ts.transpileModule(source, { compilerOptions: OPTIONS, fileName: name });
    writeFileSync(join(SERVERS, name.replace(/\.ts$/, '.js')), outputText);
  }
};
