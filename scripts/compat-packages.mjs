import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './root.mjs';

const FOLDER = join(ROOT, 'test/compat/packages');

const versionsIn = (lockfile) => {
  if (!existsSync(lockfile)) return '';
  const { packages } = JSON.parse(readFileSync(lockfile, 'utf8'));
  const names = Object.keys(packages).filter((name) => name !== '' && !packages[name].optional);
  return names.map((name) => `${name}@${packages[name].version}`).join();
};

/** Installs what real applications have beside this package; their peers are the ones of the repository. */
export function ensureCompatPackages() {
  const wanted = versionsIn(join(FOLDER, 'package-lock.json'));
  if (wanted === versionsIn(join(FOLDER, 'node_modules/.package-lock.json'))) return;
  console.log('Installing packages of test/compat (npm ci) …');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: FOLDER,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error('npm ci in test/compat/packages failed. Its own message is above.');
    process.exit(status ?? 1);
  }
}
