import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { ROOT } from '../../../scripts/root.mjs';

const WANTED = join(ROOT, 'test/bench/peers/packages');
const FOLDER = join(ROOT, 'node_modules/.cache/nest-live/peers');
const LOCK = 'package-lock.json';

const isInstalled = () =>
  existsSync(join(FOLDER, 'node_modules/.package-lock.json')) &&
  readFileSync(join(FOLDER, LOCK), 'utf8') === readFileSync(join(WANTED, LOCK), 'utf8');

/** Of `packages/package.json`, resolved from where they are installed. */
export const PEER_PACKAGES = join(FOLDER, 'package.json');
export const peerPackages = createRequire(PEER_PACKAGES);

/** What the repository itself has no use for is installed when it is asked for, in the versions of the lock file. */
export const ensurePeerPackages = () => {
  if (isInstalled()) return;
  console.error('Installing the packages of the peers (npm ci) …');
  mkdirSync(FOLDER, { recursive: true });
  for (const name of ['package.json', LOCK]) cpSync(join(WANTED, name), join(FOLDER, name));
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: FOLDER,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm ci in ${FOLDER} failed; its own message is above`);
};

const manifests = [join(ROOT, 'node_modules'), join(FOLDER, 'node_modules')];

/** `name@version` of what is installed, under the name it is published by. */
export const versionOf = (name) => {
  const own = name === 'nest-live' ? join(ROOT, 'package.json') : undefined;
  const path = own ?? manifests.map((folder) => join(folder, name, 'package.json')).find((file) => existsSync(file));
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  return `${manifest.name}@${manifest.version}`;
};
