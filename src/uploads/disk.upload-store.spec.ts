import { mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { DiskUploadStore } from './disk.upload-store.js';
import type { UploadPlan } from './upload-store.js';
import { describeUploadStore } from './upload-store.contract.js';

const temporary = (): Promise<string> => mkdtemp(join(tmpdir(), 'nest-live-uploads-'));

const PLAN: UploadPlan = {
  id: 'a'.repeat(32),
  owner: 'ada',
  instance: 'i1',
  field: 'files',
  name: '../../evil.php',
  size: 3,
  type: 'text/plain',
  expiresAt: Date.now() + 60_000,
};

describeUploadStore('disk', async () => {
  const directory = await temporary();
  let time = Date.now();
  const now = (): number => time;
  const open = (): DiskUploadStore => new DiskUploadStore({ directory, isShared: true, idleMs: 30_000, now });
  return {
    store: open(),
    other: open(),
    kept: () => readdir(directory),
    advance: (ms) => void (time += ms),
    now,
    end: () => rm(directory, { recursive: true }),
  };
});

describe('a directory of uploads', () => {
  let directory: string;
  let store: DiskUploadStore;

  beforeEach(async () => {
    directory = await temporary();
    store = new DiskUploadStore({ directory, isShared: false, idleMs: 100 });
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('holds names that the server has made, in files nobody else can read', async () => {
    await store.create(PLAN, 100);
    await store.write(PLAN.id, async (draft) => {
      await draft.append(
        (async function* () {
          yield Buffer.from('abc');
        })(),
      );
      expect((await readdir(directory)).sort()).toEqual([`${PLAN.id}.lock`, `${PLAN.id}.part`, `${PLAN.id}.plan`]);
      await draft.finish({ extension: 'txt', expiresAt: PLAN.expiresAt });
    });
    const names = (await readdir(directory)).sort();
    expect(names).toEqual([`${PLAN.id}.file.txt`, `${PLAN.id}.plan`]);
    const modes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).mode & 0o777));
    expect(modes).toEqual([0o600, 0o600]);
  });

  it('is no link, and nothing that others may write to', async () => {
    const link = `${directory}-link`;
    await symlink(directory, link);
    const linked = new DiskUploadStore({ directory: link, isShared: false, idleMs: 100 });
    await expect(linked.create(PLAN, 100)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    await rm(link);
  });

  it('gives a file free that a dead process was writing to', async () => {
    await store.create(PLAN, 100);
    const lock = join(directory, `${PLAN.id}.lock`);
    await writeFile(lock, JSON.stringify(['another-host', 1, 'x']));
    await expect(store.write(PLAN.id, () => Promise.resolve())).rejects.toMatchObject({ code: 'UPLOAD_INCOMPLETE' });
    const long = new Date(Date.now() - 10_000);
    await utimes(lock, long, long);
    expect(await store.write(PLAN.id, () => Promise.resolve('mine'))).toBe('mine');
  });

  it('takes no file from a writer that may still be there, however short a pause may be', async () => {
    await store.create(PLAN, 100);
    const lock = join(directory, `${PLAN.id}.lock`);
    await store.write(PLAN.id, async () => {
      const ago = new Date(Date.now() - 3_000);
      await utimes(lock, ago, ago);
      await expect(store.write(PLAN.id, () => Promise.resolve())).rejects.toMatchObject({ code: 'UPLOAD_INCOMPLETE' });
    });
  });

  it('leaves the lock of whoever took a file over, when the one before ends who was taken for dead', async () => {
    await store.create(PLAN, 100);
    const lock = join(directory, `${PLAN.id}.lock`);
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    let second = Promise.resolve();
    await store.write(PLAN.id, async () => {
      const long = new Date(Date.now() - 10_000);
      await utimes(lock, long, long);
      await new Promise<void>((resolve) => {
        second = store.write(PLAN.id, () => {
          resolve();
          return held;
        });
      });
    });
    await expect(store.write(PLAN.id, () => Promise.resolve())).rejects.toMatchObject({ code: 'UPLOAD_INCOMPLETE' });
    letGo();
    await second;
    expect(await readdir(directory)).toEqual([`${PLAN.id}.plan`]);
  });

  it('keeps nothing of a file that the disk has no room for, and takes it again when there is some', async () => {
    await store.create(PLAN, 100);
    const part = join(directory, `${PLAN.id}.part`);
    const bring = (bytes: string): Promise<number> =>
      store.write(PLAN.id, (draft) => draft.append(Readable.from([Buffer.from(bytes)])));
    await bring('a');
    const { size } = await stat(part);
    // A device that is always full stands in for the disk.
    await rm(part);
    await symlink('/dev/full', part);
    const full = store.write(PLAN.id, (draft) => {
      (draft as { received: number }).received = size;
      return draft.append(Readable.from([Buffer.from('b')]));
    });
    await expect(full).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
    expect(await readdir(directory)).toEqual([`${PLAN.id}.plan`]);
    expect(await store.find(PLAN.id)).toMatchObject({ received: 0 });
    expect(await bring('abc')).toBe(3);
  });

  it('holds so much of all owners together and no more, and each file counts', async () => {
    const bounded = new DiskUploadStore({ directory, isShared: false, idleMs: 100, maxBytes: 10_000 });
    const create = (letter: string, size: number): Promise<string> =>
      bounded.create({ ...PLAN, id: letter.repeat(32), owner: letter, size }, 100_000);
    const full = { code: 'STORE_UNAVAILABLE', retryable: true };
    expect(await create('a', 5_000)).toBe('OK');
    await expect(create('b', 5_001)).rejects.toMatchObject(full);
    expect(await create('c', 0)).toBe('OK');
    await expect(create('d', 0)).rejects.toMatchObject(full);
    expect((await readdir(directory)).length).toBe(2);
    await bounded.remove('a'.repeat(32));
    expect(await create('d', 0)).toBe('OK');
  });

  it('is read once, and not with each announcement; what nobody told of counts from the next sweep on', async () => {
    const bounded = new DiskUploadStore({ directory, isShared: false, idleMs: 100, maxBytes: 50_000 });
    const plan = (letter: string): UploadPlan => ({ ...PLAN, id: letter.repeat(32), owner: letter, size: 20_000 });
    const lay = (letter: string): Promise<void> =>
      writeFile(join(directory, `${letter.repeat(32)}.plan`), JSON.stringify(plan(letter)));
    await lay('a');
    expect(await bounded.create(plan('b'), 100_000)).toBe('OK');
    await expect(bounded.create(plan('c'), 100_000)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await bounded.remove('a'.repeat(32));
    await lay('d');
    expect(await bounded.create(plan('c'), 100_000)).toBe('OK');
    await bounded.remove('c'.repeat(32));
    await bounded.sweep();
    await expect(bounded.create(plan('c'), 100_000)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('is cleared of bytes without a plan, once nobody can be writing it', async () => {
    const left = join(directory, `${'b'.repeat(32)}.part`);
    await writeFile(left, 'abc');
    await writeFile(join(directory, 'notes.txt'), 'of somebody else');
    expect(await store.sweep()).toBe(0);
    const long = new Date(Date.now() - 3_600_000);
    await utimes(left, long, long);
    expect(await store.sweep()).toBe(1);
    expect(await readdir(directory)).toEqual(['notes.txt']);
  });
});
