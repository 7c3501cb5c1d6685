import assert from 'node:assert/strict';

import type { Soon } from '../protocol/soon.js';
import type { AdoptRequest, CommitRequest, Opened, StateStore, StateStoreOptions } from './state-store.js';

/** A safeguard of the protocol; its story turns red when a store lacks it. */
export type Safeguard =
  | 'tombstone'
  | 'tombstoneLife'
  | 'tombstoneKept'
  | 'floor'
  | 'pageBinding'
  | 'tokenGeneration'
  | 'birth'
  | 'nocs'
  | 'generation'
  | 'evidence'
  | 'commitEpoch'
  | 'commitGeneration'
  | 'cas'
  | 'dedupe'
  | 'gap'
  | 'once';

/** What a crash and a restore from a backup do to a store. */
export interface Backups {
  save(): unknown;
  /** Puts a copy back, under a new generation. */
  restore(saved: unknown): void | Promise<void>;
}

/** A store on a clock that the story moves. */
export interface StoreBench {
  readonly store: StateStore;
  readonly backups?: Backups;
  advance(ms: number): void;
  now(): number;
}

export interface StoryOptions extends StateStoreOptions {
  readonly tombstoneCap?: number;
}

export interface Story {
  readonly sentence: string;
  readonly options?: StoryOptions;
  readonly needs?: 'backups';
  run(bench: StoreBench): Promise<void>;
}

export const STORY_OPTIONS = { ttlMs: 120_000, clientSessionMs: 30_000, skewMs: 5_000, dedupeWindow: 4 } as const;

export const mountOf = ({ store, now }: StoreBench, page = 'page-1'): AdoptRequest => ({
  id: 'own',
  page,
  exp: now() + 300_000,
  snapshot: '[]',
  birth: 'birth1',
  tokenGeneration: store.generation,
  shape: 1,
});

export const ok = (outcome: { readonly kind: string }): Opened => {
  assert.equal(outcome.kind, 'OK');
  return outcome as Opened;
};

/** The commit of an event that appends one item to the list that is the state. */
export const appending = (id: string, from: Opened, item: string): Omit<CommitRequest, 'session'> => ({
  id,
  epoch: from.epoch,
  version: from.version,
  change: { snapshot: JSON.stringify([...(JSON.parse(from.snapshot) as string[]), item]), shape: from.shape },
  reply: `did ${item}`,
});

export const apply = (store: StateStore, id: string, from: Opened, seq: number, item: string) =>
  store.commit({ ...appending(id, from, item), session: { cs: from.cs, seq } });

export const createShared = (store: StateStore) =>
  store.create({ id: 'shared', snapshot: '[]', birth: 'birth2', shape: 1, owned: false });

const joinShared = async (store: StateStore, cs: string): Promise<Opened> => ok(await store.join({ id: 'shared', cs }));

const kindOf = async (outcome: Soon<{ readonly kind: string }>): Promise<string> => (await outcome).kind;

export const STORIES: Readonly<Record<Safeguard, Story>> = {
  tombstone: {
    sentence: 'never adopts a token again whose instance has ended',
    async run(bench) {
      const mount = mountOf(bench);
      await apply(bench.store, 'own', ok(await bench.store.adopt(mount)), 1, 'x');
      bench.advance(STORY_OPTIONS.ttlMs + 1);
      assert.equal(await kindOf(bench.store.adopt(mount)), 'GONE');
    },
  },
  tombstoneLife: {
    sentence: 'remembers an adoption as long as its token could be shown',
    async run(bench) {
      const mount = mountOf(bench);
      await apply(bench.store, 'own', ok(await bench.store.adopt(mount)), 1, 'x');
      bench.advance(300_000 + STORY_OPTIONS.skewMs);
      assert.notEqual(await kindOf(bench.store.adopt(mount)), 'OK');
    },
  },
  tombstoneKept: {
    sentence: 'does not adopt a token again after its page has left',
    async run(bench) {
      const mount = mountOf(bench);
      await apply(bench.store, 'own', ok(await bench.store.adopt(mount)), 1, 'x');
      assert.equal((await bench.store.leave({ id: 'own', cs: mount.page })).gone, true);
      assert.equal(await kindOf(bench.store.adopt(mount)), 'GONE');
    },
  },
  floor: {
    sentence: 'refuses every token up to the end of one whose adoption it had to forget',
    options: { tombstoneCap: 1 },
    async run(bench) {
      const first = mountOf(bench);
      await bench.store.adopt(first);
      await bench.store.adopt({ ...first, id: 'other', exp: first.exp + 1_000 });
      await bench.store.leave({ id: 'own', cs: first.page });
      // A store without a cap still knows the adoption: GONE. One that dropped it must refuse.
      assert.notEqual(await kindOf(bench.store.adopt(first)), 'OK');
    },
  },
  pageBinding: {
    sentence: 'answers a second page life of the same mount with TAKEN',
    async run(bench) {
      ok(await bench.store.adopt(mountOf(bench, 'page-1')));
      assert.equal(await kindOf(bench.store.adopt(mountOf(bench, 'page-2'))), 'TAKEN');
    },
  },
  tokenGeneration: {
    sentence: 'does not adopt a token from before a restart, whose adoption may have been lost',
    needs: 'backups',
    async run(bench) {
      const empty = bench.backups!.save();
      const mount = mountOf(bench);
      ok(await bench.store.adopt(mount));
      await bench.backups!.restore(empty);
      assert.equal(await kindOf(bench.store.adopt(mount)), 'EXPIRED');
    },
  },
  birth: {
    sentence: 'names the epoch by birth and generation',
    async run(bench) {
      const { epoch } = ok(await bench.store.adopt(mountOf(bench)));
      assert.equal(epoch, `birth1.${bench.store.generation}`);
    },
  },
  nocs: {
    sentence: 'never takes a forgotten client session for a new one',
    async run(bench) {
      const { store } = bench;
      await createShared(store);
      const opened = await joinShared(store, 'c1');
      await apply(store, 'shared', opened, 1, 'x');
      bench.advance(STORY_OPTIONS.clientSessionMs + 1);
      const other = await joinShared(store, 'c2');
      assert.equal(await kindOf(store.open({ id: 'shared', cs: 'c1' })), 'NOCS');
      assert.equal(await kindOf(apply(store, 'shared', { ...other, cs: 'c1' }, 1, 'x')), 'NOCS');
    },
  },
  generation: {
    sentence: 'reports a loss although newer changes have caught up with the number',
    needs: 'backups',
    async run(bench) {
      const { store } = bench;
      await createShared(store);
      const saved = bench.backups!.save();
      const opened = await joinShared(store, 'c1');
      await apply(store, 'shared', opened, 1, 'x');
      await bench.backups!.restore(saved);
      await apply(store, 'shared', await joinShared(store, 'c2'), 1, 'y');
      assert.equal(await kindOf(store.open({ id: 'shared', cs: 'c1', at: { e: opened.epoch, v: 1 } })), 'BACK');
    },
  },
  evidence: {
    sentence: 'reports a loss to a client that was shown more than it holds',
    needs: 'backups',
    async run(bench) {
      const { store } = bench;
      await createShared(store);
      const opened = await joinShared(store, 'c1');
      const saved = bench.backups!.save();
      await apply(store, 'shared', opened, 1, 'x');
      await bench.backups!.restore(saved);
      assert.equal(await kindOf(store.open({ id: 'shared', cs: 'c1', at: { e: opened.epoch, v: 1 } })), 'BACK');
    },
  },
  commitEpoch: {
    sentence: 'refuses a change computed on a lineage that has ended',
    needs: 'backups',
    async run(bench) {
      const { store } = bench;
      await createShared(store);
      const saved = bench.backups!.save();
      await apply(store, 'shared', await joinShared(store, 'c1'), 1, 'x');
      const slow = ok(await store.open({ id: 'shared', cs: 'c1' }));
      await bench.backups!.restore(saved);
      await apply(store, 'shared', await joinShared(store, 'c2'), 1, 'y');
      assert.equal(await kindOf(store.commit(appending('shared', slow, 'z'))), 'EPOCH');
    },
  },
  commitGeneration: {
    sentence: 'refuses the first change after a restart that nobody opened before it',
    needs: 'backups',
    async run(bench) {
      const { store } = bench;
      await createShared(store);
      const slow = await joinShared(store, 'c1');
      const saved = bench.backups!.save();
      await apply(store, 'shared', await joinShared(store, 'c2'), 1, 'y');
      await bench.backups!.restore(saved);
      if ((await kindOf(apply(store, 'shared', slow, 1, 'x'))) === 'EPOCH') {
        await apply(store, 'shared', ok(await store.open({ id: 'shared', cs: 'c1' })), 1, 'x');
      }
      assert.equal(await kindOf(store.open({ id: 'shared', cs: 'c2', at: { e: slow.epoch, v: 1 } })), 'BACK');
    },
  },
  cas: {
    sentence: 'refuses a change computed from an older version, with the present state',
    async run({ store }) {
      await createShared(store);
      const one = await joinShared(store, 'c1');
      const two = await joinShared(store, 'c2');
      await apply(store, 'shared', one, 1, 'x');
      const outcome = await apply(store, 'shared', two, 1, 'y');
      assert.deepEqual(outcome, { kind: 'CONFLICT', version: 1, snapshot: '["x"]', shape: one.shape });
    },
  },
  dedupe: {
    sentence: 'answers a number it has seen with the reply of then',
    async run({ store }) {
      await createShared(store);
      await apply(store, 'shared', await joinShared(store, 'c1'), 1, 'x');
      const outcome = await apply(store, 'shared', ok(await store.open({ id: 'shared', cs: 'c1' })), 1, 'x');
      assert.deepEqual(outcome, { kind: 'DUP', reply: 'did x', last: 1, version: 1, snapshot: '["x"]' });
    },
  },
  gap: {
    sentence: 'refuses a number while an earlier one is missing',
    async run({ store }) {
      await createShared(store);
      const outcome = await apply(store, 'shared', await joinShared(store, 'c1'), 2, 'x');
      assert.deepEqual(outcome, { kind: 'GAP', expected: 1 });
    },
  },
  once: {
    sentence: 'applies what one cause makes two nodes do once, and shows the second what came of it',
    async run({ store }) {
      await createShared(store);
      const read = await joinShared(store, 'c1');
      const first = { ...appending('shared', read, 'x'), once: 'feed:1:hear' };
      assert.deepEqual(await store.commit(first), { kind: 'OK', version: 1 });
      assert.deepEqual(await store.commit(first), { kind: 'DONE', version: 1, snapshot: '["x"]' });
      const fresh = { ...appending('shared', ok(await store.open({ id: 'shared', cs: 'c1' })), 'x'), once: first.once };
      assert.deepEqual(await store.commit(fresh), { kind: 'DONE', version: 1, snapshot: '["x"]' });
    },
  },
};
