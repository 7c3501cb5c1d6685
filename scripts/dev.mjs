import { spawn } from 'node:child_process';
import { cpSync, existsSync, statSync, watch } from 'node:fs';
import { extname, join } from 'node:path';

import { ensureBuilt } from './build-output.mjs';
import { ensureInstalled } from './installation.mjs';
import { ROOT } from './root.mjs';

ensureInstalled();
if (!ensureBuilt()) process.exit(1);

const children = [
  spawn(process.execPath, ['scripts/build-package.mjs', '--watch'], {
    cwd: ROOT,
    stdio: ['pipe', 'inherit', 'inherit'],
  }),
  spawn(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'],
    {
      cwd: ROOT,
      stdio: 'inherit',
    },
  ),
  spawn(
    process.execPath,
    [
      '--watch-path=dist/package',
      '--watch-path=dist/apps',
      '--watch-preserve-output',
      'dist/apps/playground/src/main.js',
    ],
    {
      cwd: ROOT,
      stdio: 'inherit',
    },
  ),
];

const rebuildClient = () => spawn(process.execPath, ['scripts/build-client.mjs'], { cwd: ROOT, stdio: 'inherit' });

watch(join(ROOT, 'apps'), { recursive: true }, (_, name) => {
  const from = join(ROOT, 'apps', name ?? '');
  if (!name || extname(name) === '.ts' || !existsSync(from) || statSync(from).isDirectory()) return;
  cpSync(from, join(ROOT, 'dist/apps', name));
});

if (existsSync(join(ROOT, 'libs/client/src'))) {
  let pending;
  watch(join(ROOT, 'libs/client/src'), { recursive: true }, () => {
    clearTimeout(pending);
    pending = setTimeout(rebuildClient, 100);
  });
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    children.forEach((child) => child.kill(signal));
    process.exit(0);
  });
}
