import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ErrorReply, Reply } from 'nest-live';

import { ROOT } from '../architecture/source-tree.js';
import { HttpVisitor } from '../e2e/http.visitor.js';
import { WAYS } from '../e2e/two-ways.js';

const codeOf = (reply: Reply): string => (reply.ok ? 'ok' : reply.error.code);

/** A process without Jest: the package is CommonJS and requires Nest, which is not, as only Node itself can. */
const start = async (): Promise<{ child: ChildProcess; url: string }> => {
  const child = fork(join(ROOT, 'test/pipeline/throttled.main.ts'), [], {
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
  let said = '';
  child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
  child.stdout?.resume();
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message: { url: string }) => resolve(message.url));
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
  return { child, url };
};

describe("the guard of @nestjs/throttler, on a component's events", () => {
  let child: ChildProcess;
  let url: string;

  beforeAll(async () => {
    ({ child, url } = await start());
  }, 60_000);

  afterAll(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  });

  const ROWS = ['over-http', 'over-a-socket', 'in-compact-form'].map((component, row) => ({ component, ...WAYS[row] }));

  it.each(ROWS)('counts each handler by itself over $way, and says when to come again', async ({ open, component }) => {
    const driver = await open(url, component);
    const codes = [];
    for (const event of ['send', 'send', 'send', 'stamp']) codes.push(codeOf(await driver.send({ event })));
    expect(codes).toEqual(['ok', 'ok', 'ok', 'ok']);
    for (const event of ['send', 'stamp']) {
      const { error } = (await driver.send({ event })) as ErrorReply;
      expect(error).toMatchObject({ code: 'RATE_LIMITED', retryable: false, consumed: true });
      expect(error.retryAfterMs).toBeGreaterThan(50_000);
      expect(error.retryAfterMs).toBeLessThanOrEqual(60_000);
    }
    for (let time = 0; time < 5; time += 1) expect(codeOf(await driver.send({ event: 'look' }))).toBe('ok');
    driver.close();
  });

  it('counts one address over all transports together', async () => {
    for (const { open } of WAYS) {
      const driver = await open(url, 'on-every-way');
      expect(codeOf(await driver.send({ event: 'send' }))).toBe('ok');
      driver.close();
    }
    const visitor = new HttpVisitor(url);
    const { state } = await visitor.mount('on-every-way');
    const { status, headers } = await visitor.post('on-every-way', { state, event: 'send' });
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(50);
  });
});
