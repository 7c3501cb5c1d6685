import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './root.mjs';

const LOCKFILE = join(ROOT, 'package-lock.json');
const INSTALLED = join(ROOT, 'node_modules/.package-lock.json');
const STAMP = join(ROOT, 'node_modules/.cache/nest-live/lockfile.sha256');

const lockfileHash = () => createHash('sha256').update(readFileSync(LOCKFILE)).digest('hex');

function isInstalled() {
  if (!existsSync(INSTALLED)) return false;
  // A fresh checkout gives old contents a new date, so the contents decide where they are known.
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lockfileHash()) return true;
  return statSync(INSTALLED).mtimeMs >= statSync(LOCKFILE).mtimeMs;
}

/** Runs `npm ci` when `node_modules` is absent or older than the lockfile. Exits the process when it fails. */
export function ensureInstalled() {
  if (isInstalled()) return;
  console.log('Installing packages (npm ci) …');
  const { status } = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error('npm ci failed. Its own message is above.');
    process.exit(status ?? 1);
  }
  mkdirSync(join(STAMP, '..'), { recursive: true });
  writeFileSync(STAMP, lockfileHash());
}
