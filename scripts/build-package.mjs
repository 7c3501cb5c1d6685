import { readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
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

const CLASSES = /^(\s*(?:export |return )?(?:let \w+ = (?:\w+ = )?)?class (\w+)(?: extends [^{]+)? \{)/gm;

/**
 * Nest's log and our errors say classes by name, and a bundler gives some of them another one. Its own way to keep names
 * would name each function, too, and anew whenever it is made: also those that every event makes.
 */
const classNames = {
  name: 'class-names',
  setup({ onLoad }) {
    onLoad({ filter: /\/dist\/(?:src|libs)\/.*\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return {
        contents: source.replace(CLASSES, `$1 static { Object.defineProperty(this, 'name', { value: '$2' }); }`),
      };
    });
  },
};

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
  plugins: [classNames],
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
};

rmSync(target, { recursive: true, force: true });
if (process.argv.includes('--watch')) await (await context(options)).watch();
else await build(options);
