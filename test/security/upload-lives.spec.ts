import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { Revocation, type Reply } from 'nest-live';

import { sharedMemory } from '../e2e/shared-backend.js';
import { LogLines } from './log.lines.js';
import { soon, UploadSite } from './uploads.site.js';

const LONG = 'x'.repeat(50_000);
const FILE = { name: 'a.txt', bytes: LONG };

const codeOf = (reply: Reply): string => (reply.ok ? 'OK' : reply.error.code);

const textOf = ({ all }: LogLines): string => all.map(({ text }) => text).join('\n');

const cleanup: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of cleanup.splice(0).reverse()) await end();
  UploadSite.forget();
});

const start = async (...plan: Parameters<typeof UploadSite.start>): Promise<UploadSite> => {
  const site = await UploadSite.start(...plan);
  cleanup.push(() => site.close());
  return site;
};

describe('a file whose sender is gone', () => {
  it('is kept for its time, then thrown away, and its room is returned', async () => {
    const site = await start({ uploads: { tokenTtlMs: 3_000, maxBytesPerCaller: 60_000 } });
    const page = await site.visit();
    const ticket = await page.ticket('photos', FILE);
    const slow = page.begin(ticket, { 'content-length': LONG.length });
    await slow.write(LONG.slice(0, 30_000));
    await soon(
      async () => (await page.head(ticket)).headers.get('upload-offset'),
      (offset) => offset === '30000',
    );
    expect((await page.announce('photos', [FILE])).refused).toMatchObject([{ code: 'UPLOAD_QUOTA' }]);
    slow.cut();

    await soon(
      () => site.kept(),
      (names) => names.length === 0,
    );
    expect((await page.head(ticket)).status).toBe(403);
    expect((await page.send(ticket, LONG)).body.error?.code).toBe('UPLOAD_TOKEN_INVALID');
    expect((await page.announce('photos', [FILE])).refused).toBeUndefined();
  });

  it('has its time from its last byte on, however long all of it takes', async () => {
    const site = await start({ uploads: { tokenTtlMs: 4_000 } });
    const page = await site.visit();
    const ticket = await page.ticket('photos', FILE);
    for (let from = 0; from < 40_000; from += 10_000) {
      const part = { 'upload-offset': String(from), 'upload-complete': '?0' };
      expect((await page.send(ticket, LONG.slice(from, from + 10_000), part)).status).toBe(200);
      await pause(1_200);
    }
    const last = await page.send(ticket, LONG.slice(40_000), { 'upload-offset': '40000' });
    expect(last).toMatchObject({ status: 200, body: { complete: true } });
  });

  it('is ended when nothing comes for too long, and can be gone on with', async () => {
    const site = await start({ uploads: { idleMs: 150 } });
    const page = await site.visit();
    const ticket = await page.ticket('photos', FILE);
    const slow = page.begin(ticket, { 'content-length': LONG.length });
    await slow.write(LONG.slice(0, 20_000));
    expect(await slow.answered).toMatchObject({
      status: 400,
      body: { error: { code: 'UPLOAD_INCOMPLETE', retryable: true } },
    });
    const rest = await page.send(ticket, LONG.slice(20_000), { 'upload-offset': '20000' });
    expect(rest).toMatchObject({ status: 200, body: { complete: true } });
  });

  it('is gone on with at once by whoever comes back, before the cut is noticed', async () => {
    const page = await (await start()).visit();
    const ticket = await page.ticket('photos', FILE);
    const dead = page.begin(ticket, { 'content-length': LONG.length });
    await dead.write(LONG.slice(0, 20_000));
    await soon(
      async () => (await page.head(ticket)).headers.get('upload-offset'),
      (offset) => offset === '20000',
    );
    expect(await page.send(ticket, LONG.slice(20_000), { 'upload-offset': '20000' })).toMatchObject({ status: 200 });
    expect((await dead.answered).body.error?.code).toBe('UPLOAD_INCOMPLETE');
  });

  it('comes in parts, each of which says that more will follow', async () => {
    const page = await (await start()).visit();
    const ticket = await page.ticket('photos', FILE);
    const part = await page.send(ticket, LONG.slice(0, 10_000), { 'upload-complete': '?0' });
    expect([part.status, part.headers.get('upload-offset'), part.headers.get('upload-complete')]).toEqual([
      200,
      '10000',
      '?0',
    ]);
    const short = await page.send(ticket, LONG.slice(0, 10), { 'upload-offset': '10000' });
    expect(short).toMatchObject({ status: 400, body: { error: { code: 'UPLOAD_INCOMPLETE', expected: 10_010 } } });
    const rest = await page.send(ticket, LONG.slice(10_010), { 'upload-offset': '10010' });
    expect([rest.status, rest.headers.get('upload-complete')]).toEqual([200, '?1']);
    // The answer may have been lost on its way.
    expect(await page.send(ticket, '', { 'upload-offset': String(LONG.length) })).toMatchObject({ status: 200 });
  });
});

describe('an upload that is under way', () => {
  it('ends with the login of its caller, and leaves nothing', async () => {
    const site = await start();
    const page = await site.visit();
    const bob = await site.visit('bob');
    const [mine, other] = [await page.ticket('photos', FILE), await bob.ticket('photos', FILE)];
    const [ada, stays] = [
      page.begin(mine, { 'content-length': LONG.length }),
      bob.begin(other, { 'content-length': LONG.length }),
    ];
    await Promise.all([ada.write(LONG.slice(0, 20_000)), stays.write(LONG.slice(0, 20_000))]);
    await soon(
      async () => (await page.head(mine)).headers.get('upload-offset'),
      (offset) => offset === '20000',
    );
    const started = performance.now();
    await site.running.app.get(Revocation).revoke({ userId: 'ada' });
    expect(await ada.answered).toMatchObject({ status: 401, body: { error: { code: 'SESSION_REVOKED' } } });
    expect(performance.now() - started).toBeLessThan(2_000);
    expect((await site.kept()).filter((name) => name.startsWith(mine.id))).toEqual([]);
    await stays.write(LONG.slice(20_000));
    expect((await stays.end()).status).toBe(200);
  });

  it('ends with the login also where nobody was told of it, as soon as the caller is asked for again', async () => {
    const site = await start({ sessions: { recheckMs: 100 } });
    const page = await site.visit();
    const ticket = await page.ticket('photos', FILE);
    const slow = page.begin(ticket, { 'content-length': LONG.length });
    await slow.write(LONG.slice(0, 20_000));
    await soon(
      async () => (await page.head(ticket)).headers.get('upload-offset'),
      (offset) => offset === '20000',
    );
    UploadSite.gone.add('ada');
    expect((await slow.answered).body.error?.code).toBe('SESSION_REVOKED');
    expect(await site.kept()).toEqual([]);
  });

  it('is let end by a node that stops, or ended so that it can be gone on with', async () => {
    const site = await UploadSite.start({ drain: { workMs: 600, spreadMs: 0, graceMs: 100 } });
    cleanup.push(() => rm(site.directory, { recursive: true, force: true }));
    const page = await site.visit();
    const [quick, stalled] = [await page.ticket('photos', FILE), await page.ticket('photos', FILE)];
    const [ends, hangs] = [
      page.begin(quick, { 'content-length': LONG.length }),
      page.begin(stalled, { 'content-length': LONG.length }),
    ];
    await Promise.all([ends.write(LONG.slice(0, 20_000)), hangs.write(LONG.slice(0, 20_000))]);
    for (const ticket of [quick, stalled]) {
      await soon(
        async () => (await page.head(ticket)).headers.get('upload-offset'),
        (offset) => offset === '20000',
      );
    }
    const third = await page.ticket('photos', FILE);
    const closed = site.running.close();
    await soon(
      async () => (await page.send(third, LONG)).body.error?.code,
      (code) => code === 'DRAINING',
    );
    await ends.write(LONG.slice(20_000));
    expect((await ends.end()).status).toBe(200);
    expect(await hangs.answered).toMatchObject({ status: 503, body: { error: { code: 'DRAINING', retryable: true } } });
    await closed;
    expect((await site.kept()).filter((name) => name.startsWith(stalled.id)).length).toBe(2);
  });

  it('ends with its file where another body of it is refused for good', async () => {
    const site = await start();
    const page = await site.visit();
    const ticket = await page.ticket('photos', FILE);
    const first = page.begin(ticket, { 'content-length': LONG.length });
    await first.write(LONG.slice(0, 1));
    await soon(
      async () => (await page.head(ticket)).headers.get('upload-offset'),
      (offset) => offset === '1',
    );
    const beyond = await page.send(ticket, 'x', { 'upload-offset': String(LONG.length) });
    expect(beyond.body.error?.code).toBe('UPLOAD_TOO_LARGE');
    // Not at its end, which it may put off for ever.
    expect((await first.answered).body.error?.code).toBe('UPLOAD_TOKEN_INVALID');
    expect(await site.kept()).toEqual([]);
  });

  it('is no upload of a file that was cancelled meanwhile', async () => {
    const site = await start();
    const page = await site.visit();
    const ticket = await page.ticket('photos', FILE);
    const slow = page.begin(ticket, { 'content-length': LONG.length });
    await slow.write(LONG.slice(0, 20_000));
    await soon(
      async () => (await page.head(ticket)).headers.get('upload-offset'),
      (offset) => offset === '20000',
    );
    expect((await page.cancel(ticket)).status).toBe(204);
    expect((await slow.answered).status).toBe(403);
    expect(await site.kept()).toEqual([]);
  });
});

describe('files on several nodes', () => {
  const KEYS = { keys: [{ kid: 'k1', secret: 'a secret that both nodes have, long enough' }] };

  const two = async (uploads: object = {}, logger?: LogLines): Promise<readonly [UploadSite, UploadSite]> => {
    const backend = sharedMemory();
    cleanup.push(() => backend.end());
    const directory = await mkdtemp(join(tmpdir(), 'nest-live-uploads-'));
    const node = (name: string): Promise<UploadSite> =>
      start({ ...KEYS, node: name, uploads: { directory, ...uploads } }, { imports: [backend.module], logger });
    return [await node('one'), await node('two')];
  };

  it('are announced on one, brought to another, entered and consumed on either', async () => {
    const [one, two_] = await two({ shared: true });
    const page = await one.visit();
    const ticket = await page.ticket('photos', FILE);
    page.goTo(two_.running.url);
    expect((await page.send(ticket, LONG)).status).toBe(200);
    page.goTo(one.running.url);
    expect(codeOf(await page.event('$uploaded', { field: 'photos', ids: [ticket.id] }))).toBe('OK');
    page.goTo(two_.running.url);
    expect(codeOf(await page.event('take'))).toBe('OK');
    expect(UploadSite.taken).toEqual([LONG]);
    expect(await one.kept()).toEqual([]);
  });

  it('are consumed by one of two events that come to two nodes at once', async () => {
    const [one, two_] = await two({ shared: true });
    const page = await one.visit();
    await page.upload('photos', FILE);
    const slow = page.event('takeSlowly');
    await soon(
      () => UploadSite.taken.length,
      (taken) => taken === 1,
    );
    page.goTo(two_.running.url);
    expect(codeOf(await page.event('take'))).toBe('UPLOAD_TOKEN_INVALID');
    one.letGo();
    expect(codeOf(await slow)).toBe('OK');
    expect(UploadSite.taken).toHaveLength(1);
  });

  it('are not lost to an event that meets another change and is run again, nor consumed by it twice', async () => {
    const [one, two_] = await two({ shared: true });
    const page = await one.visit();
    await page.upload('photos', FILE);
    const twin = await page.lookedAt(two_.running.url);
    cleanup.push(() => twin.close());
    const slow = page.event('takeSlowly');
    await soon(
      () => UploadSite.taken.length,
      (taken) => taken === 1,
    );
    expect(codeOf(await twin.event(page.id, 'touch', { seq: 1 }))).toBe('OK');
    one.letGo();
    expect(codeOf(await slow)).toBe('OK');
    expect(UploadSite.taken).toEqual([LONG]);
    expect(page.html).toContain('a.txt|text/plain|used');
    expect(await one.kept()).toEqual([]);
  });

  it('are missed at start-up where each node would keep its own', async () => {
    const local = new LogLines();
    await two({}, local);
    expect(textOf(local)).toMatch(/Shelf takes uploads, and several nodes share a backend.*uploads\.shared/);
    const shared = new LogLines();
    await two({ shared: true }, shared);
    expect(textOf(shared)).not.toContain('takes uploads');
  });
});
