import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';

import { BUILD_STAMP, fingerprintSources, isBuilt } from './build-output.mjs';
import { ROOT } from './root.mjs';

const DIST = join(ROOT, 'dist');
const COMPILED = new Set(['.ts', '.mts', '.tsx']);

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [join(ROOT, script), ...args], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** Templates and styles stand beside their classes, so the compiled classes find them under the same relative path. */
function copyAssets(folder) {
  if (!existsSync(join(ROOT, folder))) return;
  cpSync(join(ROOT, folder), join(DIST, folder), {
    recursive: true,
    filter: (from) => statSync(from).isDirectory() || !COMPILED.has(extname(from)),
  });
}

if (process.argv.includes('--if-stale') && isBuilt()) process.exit(0);

const started = performance.now();
const fingerprint = fingerprintSources();

rmSync(DIST, { recursive: true, force: true });
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');
['src', 'libs/testing', 'libs/forms', 'libs/redis', 'libs/typeorm', 'apps'].forEach(copyAssets);
run('scripts/build-package.mjs');
run('scripts/build-client.mjs');
writeFileSync(BUILD_STAMP, fingerprint);
console.log(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
