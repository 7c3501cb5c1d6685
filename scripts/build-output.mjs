import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './root.mjs';

export const BUILD_STAMP = join(ROOT, 'dist/.sources');
const INPUTS = [
  'src',
  'libs',
  'apps',
  'scripts/build.mjs',
  'scripts/build-client.mjs',
  'scripts/build-package.mjs',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

function* filesIn(path) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) return void (yield path);
  for (const name of readdirSync(path).sort()) yield* filesIn(join(path, name));
}

/** Names what the build would read, by path, date and size: a deleted source counts as a change too. */
export function fingerprintSources() {
  const hash = createHash('sha256');
  for (const input of INPUTS) {
    for (const file of filesIn(join(ROOT, input))) {
      const { mtimeMs, size } = statSync(file);
      hash.update(`${file} ${mtimeMs} ${size}\n`);
    }
  }
  return hash.digest('hex');
}

/** Whether `dist` holds the build of exactly these sources. */
export const isBuilt = () => existsSync(BUILD_STAMP) && readFileSync(BUILD_STAMP, 'utf8') === fingerprintSources();

/** Builds when `dist` is absent or older than its sources. Returns whether a usable build is there. */
export function ensureBuilt() {
  if (isBuilt()) return true;
  return spawnSync(process.execPath, [join(ROOT, 'scripts/build.mjs')], { cwd: ROOT, stdio: 'inherit' }).status === 0;
}
