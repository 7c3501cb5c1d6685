import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { build, context } from 'esbuild';

import { ROOT } from './root.mjs';

const target = join(ROOT, 'dist/package');
const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** Each door that is one file, by the compiled module it opens: `forms` → `dist/libs/forms/src/index.js`. */
const doors = Object.values(exports)
  .filter((door) => door.default?.startsWith('./dist/package/'))
  .map((door) => ({
    out: /([\w-]+)\.js$/.exec(door.default)[1],
    in: join(ROOT, door.types.replace(/\.d\.ts$/, '.js')),
  }));

const options = {
  entryPoints: doors,
  outdir: target,
  bundle: true,
  // What several doors need is in one file that they share: a class is one class, whichever door it came by.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  // Nest's log and our errors say classes by name.
  keepNames: true,
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
};

rmSync(target, { recursive: true, force: true });
if (process.argv.includes('--watch')) await (await context(options)).watch();
else await build(options);
