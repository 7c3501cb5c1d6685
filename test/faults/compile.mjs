import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { transformSync } from '@swc/core';

import { ROOT } from '../../scripts/root.mjs';

const CACHE = join(ROOT, 'node_modules/.cache/nest-live/faults');
const FOLDERS = [
  'src',
  'libs/redis/src',
  'libs/typeorm/src',
  'libs/client/src',
  'test/redis',
  'test/contracts',
  'test/faults',
  'test/fuzz',
];
/** Of folders that are not compiled whole. */
const FILES = [
  'test/browser/chromium.ts',
  'test/free-port.ts',
  'test/properties/applied-patch.ts',
  'test/faults/node/views/desk.hbs',
];
/** What pages of the nodes load; built before. */
const CLIENT = 'dist/client';
const NOT_RUN = /\.(spec|contract|stories|world|d)\.ts$/;
/** No run lasts longer. */
const KEPT_MS = 2 * 60 * 60_000;

const SWC = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
  swcrc: false,
};

function* sourcesIn(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sourcesIn(path);
    else if (path.endsWith('.ts') && !NOT_RUN.test(path)) yield path;
  }
}

/** The package's own name leads to the sources compiled beside it, as its `exports` map says for development. */
const manifest = () => {
  const { name, version, type, exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const compiled = Object.entries(exports).flatMap(([door, { '@nest-live/source': source, default: built }]) => {
    if (source) return [[door, source.replace(/\.ts$/, '.js')]];
    return built ? [[door, built]] : [];
  });
  return JSON.stringify({ name, version, type, exports: Object.fromEntries(compiled) });
};

const forgetOld = () => {
  for (const folder of readdirSync(CACHE).map((name) => join(CACHE, name))) {
    if (statSync(folder).mtimeMs < Date.now() - KEPT_MS) rmSync(folder, { recursive: true, force: true });
  }
};

/**
 * Compiles product and harness into a folder named after their content: a run keeps what it began with while the
 * sources change, and runs side by side do not write over each other.
 * @returns the folder
 */
export const compileFaults = () => {
  const sources = [
    ...FOLDERS.flatMap((folder) => [...sourcesIn(join(ROOT, folder))]),
    ...FILES.map((file) => join(ROOT, file)),
  ];
  const built = existsSync(join(ROOT, CLIENT)) ? readdirSync(join(ROOT, CLIENT)) : [];
  const scripts = built.filter((file) => /(\.iife\.js|\.json)$/.test(file));
  const client = scripts.map((file) => [file, readFileSync(join(ROOT, CLIENT, file), 'utf8')]);
  const texts = sources.map((path) => [relative(ROOT, path), readFileSync(path, 'utf8')]);
  const hash = createHash('sha256')
    .update(JSON.stringify([texts, manifest(), client]))
    .digest('hex')
    .slice(0, 16);
  const folder = join(CACHE, hash);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  for (const [path, text] of texts) {
    const target = join(draft, path.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    const isSource = path.endsWith('.ts');
    writeFileSync(target, isSource ? transformSync(text, { ...SWC, filename: join(ROOT, path) }).code : text);
  }
  writeFileSync(join(draft, 'package.json'), manifest());
  mkdirSync(join(draft, CLIENT), { recursive: true });
  for (const [file, text] of client) writeFileSync(join(draft, CLIENT, file), text);
  try {
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  forgetOld();
  return folder;
};
