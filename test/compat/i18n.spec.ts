import { fork } from 'node:child_process';
import { join } from 'node:path';

import { expect, it } from '@jest/globals';

import { ROOT } from '../architecture/source-tree.js';

interface Spoken {
  readonly platform: string;
  readonly http: string;
  readonly socket: string;
  readonly told: readonly string[];
}

/** Of a process without Jest. */
const listen = (): Promise<readonly Spoken[]> =>
  new Promise((resolve, reject) => {
    const spoken: Spoken[] = [];
    const loader = join(ROOT, 'test/shutdown/typescript.register.mjs');
    const child = fork(join(ROOT, 'test/compat/i18n.main.ts'), [], {
      execArgv: ['--no-warnings', '-C', '@nest-live/source', '--import', loader],
      env: { ...process.env, NODE_ENV: 'test', NEST_LIVE_KEYS: '' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let said = '';
    child.stderr?.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-2_000)));
    child.on('message', (one: Spoken) => spoken.push(one));
    child.once('exit', (code) => {
      if (code === 0) resolve(spoken);
      else reject(new Error(`the application ended with ${code}: ${said}`));
    });
  });

it('nestjs-i18n speaks the visitor’s language in clicks, over HTTP and sockets, and warns of nothing', async () => {
  const spoken = await listen();
  expect(spoken.map(({ platform }) => platform)).toEqual(['express', 'fastify']);
  for (const { http, socket, told } of spoken) {
    expect(http).toContain('Hallo');
    expect(socket).toContain('Hallo');
    expect(told).toEqual([]);
  }
}, 90_000);
