import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Reply } from 'nest-live';

import { sharedMemory } from '../e2e/shared-backend.js';
import { soon, UploadSite } from './uploads.site.js';

const FILE = { name: 'a.txt', bytes: 'abc' };

const codeOf = (reply: Reply): string => (reply.ok ? 'OK' : reply.error.code);

describe('a file that an event consumed in vain', () => {
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

  it('is given back where the handler was given up while it still took it', async () => {
    const site = await start({ limits: { handlerTimeoutMs: 100 } });
    const page = await site.visit();
    await page.upload('photos', FILE);
    expect(codeOf(await page.event('takeLate'))).toBe('HANDLER_TIMEOUT');
    site.letGo();
    await soon(
      async () => (await site.kept()).filter((name) => name.endsWith('.claim')),
      (claims) => claims.length === 0,
    );
    expect(codeOf(await page.event('take'))).toBe('OK');
  });

  it.each([
    ['refused in its second run', true, 'VALIDATION_FAILED'],
    ['saved by a run that took nothing', false, 'OK'],
  ])('is given back where the event met another change and was %s', async (_what, fail, code) => {
    const backend = sharedMemory();
    cleanup.push(() => backend.end());
    const directory = await mkdtemp(join(tmpdir(), 'nest-live-uploads-'));
    const keys = [{ kid: 'k1', secret: 'a secret that both nodes have, long enough' }];
    const uploads = { directory, shared: true };
    const node = (name: string): Promise<UploadSite> =>
      start({ keys, node: name, uploads }, { imports: [backend.module] });
    const [one, two] = [await node('one'), await node('two')];
    const page = await one.visit();
    await page.upload('photos', FILE);
    const twin = await page.lookedAt(two.running.url);
    cleanup.push(() => twin.close());

    const slow = page.event('takeAtFirst', { fail });
    await soon(
      () => UploadSite.taken.length,
      (taken) => taken === 1,
    );
    expect(codeOf(await twin.event(page.id, 'touch', { seq: 1 }))).toBe('OK');
    one.letGo();
    expect(codeOf(await slow)).toBe(code);
    expect(codeOf(await page.event('take'))).toBe('OK');
    expect(UploadSite.taken).toEqual(['abc', 'abc']);
  });
});
