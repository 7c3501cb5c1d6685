import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { ensureBuilt } from './build-output.mjs';
import { ensureInstalled } from './installation.mjs';
import { ensureRedis } from './redis.mjs';
import { ROOT } from './root.mjs';

ensureInstalled();
if (!(await ensureRedis())) process.exit(1);
if (!ensureBuilt()) {
  console.error('The build failed. Its own message is above.');
  process.exit(1);
}

await import(pathToFileURL(join(ROOT, 'dist/apps/cluster/src/main.js')).href);
