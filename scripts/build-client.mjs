import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { minify } from '@swc/core';
import { build } from 'esbuild';

import { INTERNAL_NAMES } from './client-names.mjs';

/** Everything a page loads, compressed. */
const BUDGET_BYTES = 8_192;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'libs/client/src');
const target = join(root, 'dist/client');

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

const common = { bundle: true, target: 'es2022', platform: 'browser', legalComments: 'none', logLevel: 'warning' };
const entry = (name) => ({ ...common, entryPoints: [join(source, name)] });

const short = {
  mangleProps: new RegExp(`^(${INTERNAL_NAMES.join('|')})$`),
  minifySyntax: true,
  minifyIdentifiers: true,
  tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
};

const [, script] = await Promise.all([
  build({ ...entry('index.ts'), format: 'esm', outfile: join(target, 'nest-live.js') }),
  build({ ...entry('script.ts'), ...short, format: 'iife', write: false }),
]);
// A second minifier inlines what the first one leaves: 4 % of the whole.
const { code } = await minify(script.outputFiles[0].text, {
  compress: { ecma: 2022, unsafe: true, passes: 3 },
  mangle: { toplevel: true },
  ecma: 2022,
});
writeFileSync(join(target, 'nest-live.iife.js'), code);

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const emit = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--stripInternal', '--outDir', target];
execFileSync(process.execPath, [tsc, '-p', join(root, 'libs/client'), ...emit], { stdio: 'inherit' });

const bytes = gzipSync(code, { level: 9 }).length;
console.log(`client: ${Buffer.byteLength(code)} bytes minified, ${bytes} bytes gzip -9 (budget ${BUDGET_BYTES})`);
if (bytes > BUDGET_BYTES) {
  console.error(`client: ${bytes - BUDGET_BYTES} bytes over the budget`);
}
