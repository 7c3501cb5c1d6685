import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { capture } from './command.mjs';
import { ensureInstalled } from './installation.mjs';

const AT_ONCE = 2;
const NODE = process.execPath;
const JEST = ['--no-warnings', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];

const tool =
  (path, ...args) =>
  () =>
    capture(NODE, [join('node_modules', path), ...args]);

const packed = mkdtempSync(join(tmpdir(), 'nest-live-pack-'));
const tarball = () => join(packed, readdirSync(packed)[0] ?? 'nothing-was-packed.tgz');

async function buildAndPack() {
  const build = await capture(NODE, ['scripts/build.mjs', '--if-stale']);
  if (build.code !== 0) return build;
  return capture('npm', ['pack', '--ignore-scripts', '--pack-destination', packed], {
    shell: process.platform === 'win32',
  });
}

/** Each needs nothing but the sources; `after` names the check whose result it works on. */
const CHECKS = [
  { name: 'build and pack', run: buildAndPack },
  { name: 'format (prettier)', run: tool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.') },
  { name: 'lint (eslint)', run: tool('eslint/bin/eslint.js', '.', '--max-warnings', '0') },
  { name: 'types', run: tool('typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json') },
  { name: 'types of the client', run: tool('typescript/bin/tsc', '--noEmit', '-p', 'libs/client/tsconfig.json') },
  {
    name: 'types of the browser tests',
    run: tool('typescript/bin/tsc', '--noEmit', '-p', 'test/browser/tsconfig.json'),
  },
  { name: 'types of the faults', run: tool('typescript/bin/tsc', '--noEmit', '-p', 'test/faults/tsconfig.json') },
  { name: 'API docs (typedoc)', run: tool('typedoc/bin/typedoc', '--emit', 'none') },
  { name: 'unused code (knip)', run: tool('knip/bin/knip.js', '--no-progress') },
  {
    name: 'architecture and docs samples',
    run: () => capture(NODE, [...JEST, 'test/architecture', 'test/docs', '--silent']),
  },
  { name: 'client size', after: 'build and pack', run: () => capture(NODE, ['scripts/size.mjs']) },
  {
    name: 'package contents (publint)',
    after: 'build and pack',
    run: () => tool('publint/src/cli.js', tarball(), '--strict')(),
  },
  {
    name: 'package types (attw)',
    after: 'build and pack',
    // The script tag's file has no types on purpose: nobody imports it.
    run: () =>
      tool(
        '@arethetypeswrong/cli/dist/index.js',
        tarball(),
        '--profile',
        'esm-only',
        '--exclude-entrypoints',
        './client/script',
        '--no-emoji',
      )(),
  },
];

async function runAll(checks) {
  const results = new Map();
  const waiting = [...checks];
  const running = new Set();

  const isReady = ({ after }) => after === undefined || results.has(after);
  const runOne = async ({ name, after, run }) => {
    const started = performance.now();
    const result = results.get(after)?.code ? { code: 1, output: `needs "${after}", which failed` } : await run();
    results.set(name, result);
    const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
    console.log(`${result.code === 0 ? 'ok    ' : 'FAILED'} ${seconds} s  ${name}`);
  };

  while (waiting.length + running.size > 0) {
    const next = waiting.findIndex(isReady);
    if (next >= 0 && running.size < AT_ONCE) {
      const task = runOne(waiting.splice(next, 1)[0]).then(() => running.delete(task));
      running.add(task);
    } else {
      await Promise.race(running);
    }
  }
  return results;
}

ensureInstalled();
const results = await runAll(CHECKS);
rmSync(packed, { recursive: true, force: true });

const failed = [...results].filter(([, { code }]) => code !== 0);
for (const [name, { output }] of failed) console.log(`\n──── ${name}\n${output.trim()}`);
console.log(
  failed.length === 0 ? `\nAll ${results.size} checks passed.` : `\n${failed.length} of ${results.size} checks failed.`,
);
process.exit(failed.length === 0 ? 0 : 1);
