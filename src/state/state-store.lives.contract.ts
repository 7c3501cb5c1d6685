import { expect } from '@jest/globals';
import { appending, apply, createShared, mountOf, ok, STORY_OPTIONS, type StoreBench } from './state-store.stories.js';

/** How long things are remembered, and what is known of them meanwhile: part of the contract of every adapter. */
export const LIVES: Readonly<Record<string, (bench: StoreBench) => Promise<void>>> = {
  async 'remembers the last 32 causes of its own changes, each instance its own'({ store }) {
    await createShared(store);
    await store.create({ id: 'other', snapshot: '[]', birth: 'birth3', shape: 1, owned: false });
    ok(await store.join({ id: 'shared', cs: 'c1' }));
    const kindOf = async (once: string, id = 'shared'): Promise<string> => {
      const read = (await store.peek(id))!;
      const change = appending(id, { kind: 'OK', cs: '', last: 0, ...read }, once);
      return (await store.commit({ ...change, once })).kind;
    };
    for (let n = 1; n <= 33; n++) expect(await kindOf(`cause${n}`)).toBe('OK');
    expect(await kindOf('cause2')).toBe('DONE');
    expect(await kindOf('cause33')).toBe('DONE');
    expect(await kindOf('cause33', 'other')).toBe('OK');
    expect(await kindOf('cause1')).toBe('OK');
  },

  async 'does not remember the cause of a change it did not take'({ store }) {
    await createShared(store);
    const opened = ok(await store.join({ id: 'shared', cs: 'c1' }));
    expect(await store.commit(appending('shared', opened, 'x'))).toMatchObject({ kind: 'OK' });
    const late = { ...appending('shared', opened, 'y'), once: 'cause' };
    expect(await store.commit(late)).toMatchObject({ kind: 'CONFLICT', version: 1 });
    expect(await store.commit({ ...late, version: 1 })).toEqual({ kind: 'OK', version: 2 });
  },

  async 'says where many instances stand, in the order asked for, and prolongs none of them'(bench) {
    const { store } = bench;
    const own = ok(await store.adopt(mountOf(bench)));
    const { epoch } = await createShared(store);
    await apply(store, 'own', own, 1, 'x');
    const [shared, here] = [
      { e: epoch, v: 0 },
      { e: own.epoch, v: 1 },
    ];
    expect(await store.positions([])).toEqual([]);
    expect(await store.positions(['shared', 'nobody', 'own', 'shared'])).toEqual([shared, null, here, shared]);
    bench.advance(STORY_OPTIONS.ttlMs - 1);
    expect(await store.positions(['own'])).toEqual([here]);
    bench.advance(2);
    expect(await store.positions(['own', 'shared'])).toEqual([null, null]);
  },

  async 'keeps as many replies as a commit asks for'(bench) {
    const { store } = bench;
    const { epoch, cs } = ok(await store.adopt(mountOf(bench)));
    const commit = (seq: number) =>
      store.commit({ id: 'own', epoch, version: 0, session: { cs, seq }, reply: `r${seq}`, window: 1 });
    for (const seq of [1, 2, 3]) expect(await commit(seq)).toMatchObject({ kind: 'OK', seq });
    expect(await commit(3)).toMatchObject({ kind: 'DUP', reply: 'r3', last: 3 });
    expect(await commit(2)).toMatchObject({ kind: 'DUP', reply: null, last: 3 });
  },

  async 'remembers an instance longer for a commit that changes nothing'(bench) {
    const { store } = bench;
    const { epoch } = await createShared(store);
    const until = bench.now() + 3 * STORY_OPTIONS.ttlMs;
    expect(await store.commit({ id: 'shared', epoch, version: 0, reply: '', until })).toEqual({
      kind: 'OK',
      version: 0,
    });
    bench.advance(3 * STORY_OPTIONS.ttlMs);
    await store.sweep();
    expect(await store.positions(['shared'])).toEqual([{ e: epoch, v: 0 }]);
  },

  async 'ends an instance for everybody, once, and lets its mount token make no second one'(bench) {
    const { store } = bench;
    const mount = mountOf(bench);
    const own = ok(await store.adopt(mount));
    await createShared(store);
    const guest = ok(await store.join({ id: 'shared', cs: 'c1' }));
    expect([await store.end('own'), await store.end('shared'), await store.end('shared')]).toEqual([true, true, false]);
    expect(await store.positions(['own', 'shared'])).toEqual([null, null]);
    expect((await store.open({ id: 'shared', cs: 'c1' })).kind).toBe('GONE');
    expect((await store.join({ id: 'shared', cs: 'c2' })).kind).toBe('GONE');
    expect((await store.commit(appending('shared', guest, 'x'))).kind).toBe('GONE');
    expect((await store.commit(appending('own', own, 'x'))).kind).toBe('GONE');
    expect((await store.adopt(mount)).kind).toBe('GONE');
    expect((await store.create({ id: 'shared', snapshot: '[]', birth: 'again', shape: 1, owned: false })).kind).toBe(
      'OK',
    );
    expect((await store.open({ id: 'shared', cs: 'c1' })).kind).toBe('NOCS');
  },

  async 'remembers an instance as long as it was asked to, however long it is not touched'(bench) {
    const { store } = bench;
    const until = bench.now() + 3 * STORY_OPTIONS.ttlMs;
    const opened = ok(await store.adopt({ ...mountOf(bench), until }));
    await createShared(store);
    bench.advance(2 * STORY_OPTIONS.ttlMs);
    await store.sweep();
    expect(await store.positions(['own', 'shared'])).toEqual([{ e: opened.epoch, v: 0 }, null]);
    const change = { ...appending('own', opened, 'x'), until: until + 2 * STORY_OPTIONS.ttlMs };
    expect(await store.commit(change)).toEqual({ kind: 'OK', version: 1 });
    expect(await store.commit({ ...change, version: 1, until: 1 })).toEqual({ kind: 'OK', version: 2 });
    bench.advance(3 * STORY_OPTIONS.ttlMs);
    await store.sweep();
    expect(await store.positions(['own'])).toEqual([{ e: opened.epoch, v: 2 }]);
    bench.advance(1);
    expect(await store.positions(['own'])).toEqual([null]);
  },
};
