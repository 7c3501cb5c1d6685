import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Reply } from 'nest-live';

import { isTest, readTree, ROOT } from '../architecture/source-tree.js';
import { HttpVisitor } from '../e2e/http.visitor.js';
import { UploadVisitor } from '../e2e/upload.visitor.js';
import { FIXED, GROWING } from './growing-structures.js';

const HEAP_MB = 192;
const LONG = 'x'.repeat(16_000);
/** Small as text, and many times that once it is read. */
const WIDE = Array.from({ length: 20_000 }, () => []);
const AT_ONCE = 8;
/** A person who is always asked to come back later is refused. */
const PATIENCE_MS = 60_000;
/** Somebody with a login, and somebody without. */
const CANARIES: readonly Readonly<Record<string, string>>[] = [{ 'x-user': 'ada' }, {}];

const start = async (uploads: string): Promise<{ child: ChildProcess; url: string }> => {
  const hooks = join(ROOT, 'test/shutdown/typescript.register.mjs');
  const child = fork(join(ROOT, 'test/security/besieged.main.ts'), [], {
    execArgv: [`--max-old-space-size=${HEAP_MB}`, '--no-warnings', '-C', '@nest-live/source', '--import', hooks],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NEST_LIVE_KEYS: `k1:${randomBytes(32).toString('base64url')}`,
      UPLOADS: uploads,
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message: { url: string }) => resolve(message.url));
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
  return { child, url };
};

describe('what requests can make grow', () => {
  it('is on the list, with its bounds, wherever in the source it is held', () => {
    const holding = [...readTree('src')]
      .filter(([path]) => path.startsWith('src/') && !isTest(path) && !/\.(contract|stories)\.ts$/.test(path))
      .filter(([, text]) => /^\s+(private |protected |readonly |#).*\bnew (Map|Set)\b/m.test(text))
      .map(([path]) => path.slice('src/'.length));
    const listed = [...GROWING.flatMap(({ files }) => files), ...FIXED];
    expect(holding.length).toBeGreaterThan(40);
    expect(holding.filter((file) => !listed.includes(file))).toEqual([]);
    expect(listed.filter((file) => !holding.includes(file))).toEqual([]);
  });

  it('is shown by the reference as the list has it', () => {
    const cells = (line: string): string =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .filter(Boolean)
        .join('|');
    const shown = readFileSync(join(ROOT, 'docs/reference/security-cases.md'), 'utf8').split('\n').map(cells);
    const wanted = GROWING.map(({ what, all, caller, time, metric }) => [what, all, caller, time, metric].join('|'));
    expect(wanted.filter((line) => !shown.includes(line))).toEqual([]);
  });
});

const patiently = async (ask: () => Promise<Reply>): Promise<string> => {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const reply = await ask();
    if (reply.ok) return 'OK';
    if (!reply.error.retryable || performance.now() > end) return reply.error.code;
    await wait(reply.error.retryAfterMs ?? 200);
  }
};

describe(`a process of ${HEAP_MB} MB`, () => {
  let directory: string;
  let child: ChildProcess;
  let url: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'nest-live-walk-'));
    ({ child, url } = await start(directory));
  }, 60_000);

  afterAll(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null) child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await ended;
    await rm(directory, { recursive: true });
  });

  /** @returns the codes of the answers */
  const many = async (times: number, work: (n: number) => Promise<string>): Promise<ReadonlySet<string>> => {
    const codes = new Set<string>();
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < times) codes.add(await work((next += 1)));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return codes;
  };

  const write = async (component: string, { who = new HttpVisitor(url), query = '', text = LONG, more = {} } = {}) => {
    const { reply } = await who.send('GET', `/components/${component}${query && `?${query}`}`);
    if (!reply.ok) return reply.error.code;
    const { state } = reply;
    const answer = await who.post(component, { state, event: 'write', payload: { text }, more });
    return answer.reply.ok ? 'OK' : answer.reply.error.code;
  };

  const leave = async (): Promise<string> => {
    const who = new HttpVisitor(url);
    const { state } = await who.mount('note');
    const { reply } = await who.post('note', { state, event: 'write', payload: { text: '' } });
    if (!reply.ok) return reply.error.code;
    return String((await who.leave('note', reply.state ?? '')).status);
  };

  const poll = async (): Promise<string> => {
    const who = new HttpVisitor(url, { 'x-filling': LONG.slice(0, 6_000) });
    const { state } = await who.mount('note');
    const sub = encodeURIComponent(`note:${state}`);
    return String((await who.send('GET', `/components/-/poll?sub=${sub}&page=${who.page}`)).status);
  };

  const announce = async (): Promise<string> => {
    const who = await UploadVisitor.open(url, 'drop-box');
    const files = Array.from({ length: 5 }, () => ({ name: 'a.txt', size: 1_000_000, type: 'text/plain' }));
    const reply = await who.event('$upload', { field: 'files', files });
    return reply.ok ? 'OK' : reply.error.code;
  };

  const form = async (n: number): Promise<string> => {
    const fields = { event: 'write', state: `none${n}`, text: LONG, $page: `page${n}`, $at: '/' };
    const own = { 'sec-fetch-mode': 'navigate', origin: url };
    return String((await new HttpVisitor(url).form('note', fields, own)).status);
  };

  it('outlives a stranger who fills all that can be filled, and those who were there go on', async () => {
    const canaries = await Promise.all(
      CANARIES.map(async (headers) => {
        const who = new HttpVisitor(url, headers);
        const { state } = await who.mount('note');
        const first = await who.ok('note', { state, event: 'write', payload: { text: 'canary' } });
        expect(await write('basket', { who, text: 'seven12' })).toBe('OK');
        const upload = await UploadVisitor.open(url, 'drop-box', headers);
        return {
          who,
          state: first.state,
          upload,
          ticket: await upload.ticket('files', { name: 'a.txt', bytes: 'abc' }),
        };
      }),
    );

    // What counts as an instance, too, comes first: of those there is no room in the end.
    const files = await many(60, announce);
    const readers = await many(400, poll);
    const askers = await many(300, () => write('note', { text: '', more: WIDE }));
    const sessions = await many(420, () => write('basket'));
    const drafts = await many(200, (n) => write('draft', { query: `key=k${n}` }));
    const renders = await many(700, async (n) => {
      const visitor = new HttpVisitor(url);
      const { status } = await visitor.send('GET', `/components/catalogue?list=${n}${LONG.slice(0, 8_000)}`);
      return String(status);
    });
    const forms = await many(300, form);
    const tombstones = await many(300, leave);
    const registers = await many(200, () => write('held-note', { text: LONG.slice(0, 8_000) }));
    const instances = await many(800, () => write('note'));
    expect(child.exitCode).toBeNull();
    const full = new Set(['OK', 'OVERLOADED']);
    expect({ files, sessions, instances }).toEqual({ files: full, sessions: full, instances: full });
    expect(askers).toEqual(new Set(['OK']));
    expect([readers, renders]).toEqual([new Set(['200']), new Set(['200'])]);
    for (const codes of [drafts, forms, tombstones, registers]) expect(codes.has('500')).toBe(false);

    for (const { who, state, upload, ticket } of canaries) {
      const { html } = await who.ok('note', { state, event: 'write', payload: { text: 'still here' } });
      expect(html).toContain('10');
      expect((await who.mount('basket')).html).toBeDefined();
      expect((await upload.send(ticket, 'abc')).status).toBe(200);
      // A process that is late says so, and clients ask again.
      const entered = await patiently(() => upload.event('$uploaded', { field: 'files', ids: [ticket.id] }));
      expect(entered).toBe('OK');
    }
    expect((await fetch(`${url}/components/-/health/ready`)).status).toBe(200);
  }, 240_000);
});
