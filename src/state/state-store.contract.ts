import { describe, expect, it } from '@jest/globals';
import type { StateStore } from './state-store.js';
import { LIVES } from './state-store.lives.contract.js';
import {
  appending,
  apply,
  createShared,
  mountOf,
  ok,
  STORIES,
  STORY_OPTIONS,
  type Backups,
  type StoreBench,
  type StoryOptions,
} from './state-store.stories.js';

export type MakeStateStore = (options: StoryOptions) => Promise<StateStore> | StateStore;

/** Makes a store on a clock of its own. */
export const benchOf = async (
  make: MakeStateStore,
  options: StoryOptions = {},
  backupsOf?: (store: StateStore) => Backups,
): Promise<StoreBench> => {
  let time = 1_000_000;
  const now = () => time;
  const store = await make({ ...STORY_OPTIONS, ...options, now });
  return { store, backups: backupsOf?.(store), now, advance: (ms) => void (time += ms) };
};

/** What every adapter of the port keeps. An adapter is a row: its name, how to make it, and how to roll it back. */
export const describeStateStore = (
  name: string,
  make: MakeStateStore,
  backupsOf?: (store: StateStore) => Backups,
): void => {
  const on = (run: (bench: StoreBench) => Promise<void>, options?: StoryOptions) => async () => {
    const bench = await benchOf(make, options, backupsOf);
    try {
      await run(bench);
    } finally {
      await bench.store.close();
    }
  };

  describe(`${name} state store`, () => {
    for (const { sentence, options, needs, run } of Object.values(STORIES)) {
      if (needs === 'backups' && !backupsOf)
        it.skip(`${sentence} (the row names no way to roll the store back)`, () => {});
      else it(sentence, on(run, options));
    }

    for (const [sentence, run] of Object.entries(LIVES)) it(sentence, on(run));

    it(
      'gives the adopter the same answer again, from either of two nodes',
      on(async (bench) => {
        const mount = mountOf(bench);
        const outcomes = await Promise.all(
          [1, 2, 3].map(async (n) => bench.store.adopt({ ...mount, birth: `birth${n}` })),
        );
        const [first] = outcomes.map(ok);
        expect(first).toMatchObject({ version: 0, snapshot: '[]', shape: 1, cs: mount.page, last: 0 });
        expect(outcomes).toEqual([first, first, first]);
      }),
    );

    it(
      'lets exactly one of many page lives adopt a mount',
      on(async (bench) => {
        const pages = Array.from({ length: 20 }, (_, index) => mountOf(bench, `page-${index}`));
        const kinds = (await Promise.all(pages.map(async (mount) => bench.store.adopt(mount)))).map(({ kind }) => kind);
        expect(kinds.filter((kind) => kind === 'OK')).toHaveLength(1);
        expect(kinds.filter((kind) => kind === 'TAKEN')).toHaveLength(19);
      }),
    );

    it(
      'refuses a token past its end and its skew',
      on(async (bench) => {
        const mount = mountOf(bench);
        bench.advance(300_000 + STORY_OPTIONS.skewMs);
        expect((await bench.store.adopt(mount)).kind).toBe('OK');
        bench.advance(1);
        expect((await bench.store.adopt({ ...mount, id: 'late' })).kind).toBe('EXPIRED');
      }),
    );

    it(
      'claims a state stored at mount, and has none to claim when it is gone',
      on(async (bench) => {
        const { store } = bench;
        const mount = { ...mountOf(bench), snapshot: '' };
        expect((await store.adopt(mount)).kind).toBe('GONE');
        await store.create({ id: mount.id, snapshot: '["big"]', birth: 'birth3', shape: 2 });
        expect(ok(await store.adopt(mount))).toMatchObject({ snapshot: '["big"]', shape: 2, version: 0 });
        expect(await store.leave({ id: mount.id, cs: mount.page })).toEqual({ gone: true, snapshot: '["big"]' });
      }),
    );

    it(
      'creates an instance once',
      on(async ({ store }) => {
        const { epoch } = await createShared(store);
        const again = await store.create({ id: 'shared', snapshot: '["other"]', birth: 'birth9', shape: 1 });
        expect(again).toEqual({ kind: 'EXISTS', epoch, version: 0 });
        expect(await store.peek('shared')).toEqual({ epoch, version: 0, snapshot: '[]', shape: 1 });
      }),
    );

    it(
      'uses up the number of a rejected event and moves nothing else',
      on(async (bench) => {
        const { store } = bench;
        const opened = ok(await store.adopt(mountOf(bench)));
        const rejection = {
          id: 'own',
          epoch: opened.epoch,
          version: 0,
          session: { cs: opened.cs, seq: 1 },
          reply: 'no',
        };
        expect(await store.commit(rejection)).toEqual({ kind: 'OK', version: 0, seq: 1 });
        expect(await store.commit(rejection)).toMatchObject({ kind: 'DUP', reply: 'no', last: 1, version: 0 });
        expect(await apply(store, 'own', opened, 2, 'x')).toEqual({ kind: 'OK', version: 1, seq: 2 });
      }),
    );

    it(
      'takes the next number for an event that brings none',
      on(async (bench) => {
        const { store } = bench;
        const opened = ok(await store.adopt(mountOf(bench)));
        const next = { ...appending('own', opened, 'x'), session: { cs: opened.cs, seq: 'next' } as const };
        expect(await store.commit(next)).toEqual({ kind: 'OK', version: 1, seq: 1 });
        expect(await store.commit(next)).toMatchObject({ kind: 'CONFLICT', version: 1 });
        expect(await store.commit({ ...next, version: 1 })).toEqual({ kind: 'OK', version: 2, seq: 2 });
      }),
    );

    it(
      'applies a change of the server by epoch and version alone',
      on(async ({ store }) => {
        await createShared(store);
        const opened = ok(await store.join({ id: 'shared', cs: 'c1' }));
        expect(await store.commit(appending('shared', opened, 'x'))).toEqual({ kind: 'OK', version: 1 });
        expect(await store.commit(appending('shared', opened, 'y'))).toMatchObject({ kind: 'CONFLICT', version: 1 });
        expect(ok(await store.open({ id: 'shared', cs: 'c1' })).last).toBe(0);
      }),
    );

    it(
      'says so when the reply of a duplicate has left the window',
      on(async (bench) => {
        const { store } = bench;
        const opened = ok(await store.adopt(mountOf(bench)));
        for (let seq = 1; seq <= 5; seq++) await apply(store, 'own', { ...opened, version: seq - 1 }, seq, `x${seq}`);
        expect(await apply(store, 'own', opened, 1, 'x1')).toMatchObject({
          kind: 'DUP',
          reply: null,
          last: 5,
          version: 5,
        });
        expect(await apply(store, 'own', opened, 2, 'x2')).toMatchObject({ kind: 'DUP', reply: 'did x2' });
        expect(await apply(store, 'own', opened, 0, 'x0')).toMatchObject({ kind: 'DUP', reply: null });
      }),
    );

    it(
      'drops one client session in the step that joins the next',
      on(async ({ store }) => {
        await createShared(store);
        ok(await store.join({ id: 'shared', cs: 'c1' }));
        ok(await store.join({ id: 'shared', cs: 'c2', drop: 'c1' }));
        expect((await store.open({ id: 'shared', cs: 'c1' })).kind).toBe('NOCS');
        expect((await store.open({ id: 'shared', cs: 'c2' })).kind).toBe('OK');
      }),
    );

    it(
      'lets only the adopter join by its mount token',
      on(async (bench) => {
        const { store } = bench;
        ok(await store.adopt(mountOf(bench)));
        expect((await store.join({ id: 'own', cs: 'c2', page: 'page-2' })).kind).toBe('TAKEN');
        expect((await store.join({ id: 'own', cs: 'c2', page: 'page-1' })).kind).toBe('OK');
      }),
    );

    it(
      'keeps an instance while one client session is left, and ends it with the last',
      on(async (bench) => {
        const { store } = bench;
        ok(await store.adopt(mountOf(bench)));
        ok(await store.join({ id: 'own', cs: 'c2' }));
        expect(await store.leave({ id: 'own', cs: 'page-1' })).toEqual({ gone: false });
        expect(await store.leave({ id: 'own', cs: 'c2' })).toEqual({ gone: true, snapshot: '[]' });
        expect(await store.leave({ id: 'own', cs: 'c2' })).toEqual({ gone: false });
        expect(await store.peek('own')).toBeNull();
      }),
    );

    it(
      'keeps a shared instance when its last client session leaves',
      on(async ({ store }) => {
        await createShared(store);
        ok(await store.join({ id: 'shared', cs: 'c1' }));
        expect(await store.leave({ id: 'shared', cs: 'c1' })).toEqual({ gone: false });
        expect(await store.peek('shared')).not.toBeNull();
      }),
    );

    it(
      'forgets silent client sessions but not the instance, and then the instance',
      on(async (bench) => {
        const { store } = bench;
        ok(await store.adopt(mountOf(bench)));
        bench.advance(STORY_OPTIONS.clientSessionMs + 1);
        await store.sweep();
        expect((await store.open({ id: 'own', cs: 'page-1' })).kind).toBe('NOCS');
        expect(await store.peek('own')).not.toBeNull();
        bench.advance(STORY_OPTIONS.ttlMs);
        await store.sweep();
        expect(await store.peek('own')).toBeNull();
      }),
    );

    it(
      'does not know a position of another birth or generation',
      on(async (bench) => {
        const { store } = bench;
        const { epoch } = ok(await store.adopt(mountOf(bench)));
        const kindAt = async (e: string, v: number) =>
          (await store.open({ id: 'own', cs: 'page-1', at: { e, v } })).kind;
        expect(await kindAt(epoch, 0)).toBe('OK');
        expect(await kindAt(epoch, 1)).toBe('BACK');
        expect(await kindAt('birth1.elsewhere', 0)).toBe('BACK');
        expect(await kindAt(`birth7.${store.generation}`, 0)).toBe('GONE');
        expect(await kindAt('', 0)).toBe('GONE');
      }),
    );
  });
};
