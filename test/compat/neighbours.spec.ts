import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ROOT } from '../architecture/source-tree.js';
import { ROWS, type Outcome } from './neighbours.js';

/** A process without Jest: packages of CommonJS require Nest, which is not, as only Node itself can. */
const start = (): ChildProcess =>
  fork(join(ROOT, 'test/compat/neighbours.main.ts'), [], {
    execArgv: [
      '--no-warnings',
      '-C',
      '@nest-live/source',
      '--import',
      join(ROOT, 'test/shutdown/typescript.register.mjs'),
    ],
    env: { ...process.env, NODE_ENV: 'test', NEST_LIVE_KEYS: '' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });

describe('beside', () => {
  const outcomes = new Map<string, Outcome['failed']>();
  const waiting = new Set<() => void>();
  let child: ChildProcess;
  let ended = '';
  let said = '';

  beforeAll(() => {
    const changed = (): void => waiting.forEach((look) => look());
    child = start();
    child.stdout?.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-2_000)));
    child.stderr?.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-2_000)));
    child.on('message', ({ title, failed }: Outcome) => {
      outcomes.set(title, failed);
      changed();
    });
    child.once('exit', (code) => {
      ended = `the applications ended with ${code}: ${said}`;
      changed();
    });
  });

  afterAll(() => {
    child.kill('SIGKILL');
  });

  const outcomeOf = (title: string): Promise<Outcome['failed']> =>
    new Promise((resolve) => {
      const look = (): void => {
        const failed = outcomes.get(title) ?? (ended === '' ? undefined : { start: ended });
        if (failed) resolve(failed);
      };
      waiting.add(look);
      look();
    });

  it.each(ROWS)(
    '$title: a page, its clicks, pushes, forms, streams and files work as ever',
    async ({ title }) => {
      expect(await outcomeOf(title)).toEqual({});
    },
    300_000,
  );
});
