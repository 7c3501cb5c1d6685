import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { minify } from '@swc/core';
import { build } from 'esbuild';

import { CLIENT_MODULES } from './client-modules.mjs';
import { INTERNAL_NAMES } from './client-names.mjs';

/** Everything that every page loads, compressed. */
const BUDGET_BYTES = 10_240;

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

const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };

/** Writes one script of the page, and packs it as the server serves it; the core's short names are those of its modules. @returns its bytes, compressed */
async function writeScript(name, text) {
  // A second minifier inlines what the first one leaves: 4 % of the whole.
  const { code } = await minify(text, {
    compress: { ecma: 2022, unsafe: true, hoist_vars: true, passes: 3 },
    mangle: { toplevel: true },
    ecma: 2022,
  });
  const gzip = gzipSync(code, { level: 9 });
  const size = { [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(code) };
  writeFileSync(join(target, `${name}.iife.js`), code);
  writeFileSync(join(target, `${name}.iife.js.gz`), gzip);
  writeFileSync(join(target, `${name}.iife.js.br`), brotliCompressSync(code, { params: { ...quality, ...size } }));
  return { minified: Buffer.byteLength(code), gzip: gzip.length };
}

function report(what, { minified, gzip }, budget) {
  console.log(`${what}: ${minified} bytes minified, ${gzip} bytes gzip -9 (budget ${budget})`);
  if (gzip > budget) console.error(`${what}: ${gzip - budget} bytes over the budget`);
}

const [, core] = await Promise.all([
  build({ ...entry('index.ts'), format: 'esm', outfile: join(target, 'nest-live.js') }),
  build({ ...entry('script.ts'), ...short, mangleCache: {}, format: 'iife', write: false }),
]);
report('client', await writeScript('nest-live', core.outputFiles[0].text), BUDGET_BYTES);

for (const [name, { budgetBytes }] of Object.entries(CLIENT_MODULES)) {
  const file = `modules/${name}.ts`;
  const names = { ...short, mangleCache: core.mangleCache };
  const [, script] = await Promise.all([
    build({ ...entry(file), format: 'esm', outfile: join(target, `nest-live.${name}.js`) }),
    build({ ...entry(file), ...names, format: 'iife', write: false }),
  ]);
  report(`client module ${name}`, await writeScript(`nest-live.${name}`, script.outputFiles[0].text), budgetBytes);
}
const attributes = Object.entries(CLIENT_MODULES).map(([name, module]) => [name, module.attributes]);
writeFileSync(join(target, 'modules.json'), JSON.stringify(Object.fromEntries(attributes)));

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const emit = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--stripInternal', '--outDir', target];
execFileSync(process.execPath, [tsc, '-p', join(root, 'libs/client'), ...emit], { stdio: 'inherit' });
