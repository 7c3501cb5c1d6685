import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Everything a page loads, compressed. */
const BUDGET_BYTES = 8_192;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'libs/client/src');
const target = join(root, 'dist/client');

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

const common = { bundle: true, target: 'es2022', platform: 'browser', legalComments: 'none', logLevel: 'warning' };
const script = join(target, 'nest-live.iife.js');

await Promise.all([
  build({ ...common, entryPoints: [join(source, 'index.ts')], format: 'esm', outfile: join(target, 'nest-live.js') }),
  build({ ...common, entryPoints: [join(source, 'script.ts')], format: 'iife', minify: true, outfile: script }),
]);

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const emit = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--stripInternal', '--outDir', target];
execFileSync(process.execPath, [tsc, '-p', join(root, 'libs/client'), ...emit], { stdio: 'inherit' });

const code = readFileSync(script);
const bytes = gzipSync(code, { level: 9 }).length;
console.log(`client: ${code.length} bytes minified, ${bytes} bytes gzip -9 (budget ${BUDGET_BYTES})`);
if (bytes > BUDGET_BYTES) {
  console.error(`client: ${bytes - BUDGET_BYTES} bytes over the budget`);
  process.exit(1);
}
