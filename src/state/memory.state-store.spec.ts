import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { MemoryStateStore } from './memory.state-store.js';
import { describeStateStore } from './state-store.contract.js';
import { Tombstones } from './tombstones.js';

/** Rolls back like a store restored from a backup: old records, another lineage. */
class RestorableMemoryStateStore extends MemoryStateStore {
  private restores = 0;

  save() {
    const instances = Array.from(this.instances, ([id, instance]) => [id, instance.copy()] as const);
    return { instances, tombstones: this.tombstones.copy(), bytes: this.bytes };
  }

  restore(saved: unknown): void {
    const { instances, tombstones, bytes } = saved as ReturnType<RestorableMemoryStateStore['save']>;
    this.instances = new Map(instances.map(([id, instance]) => [id, instance.copy()]));
    this.tombstones = tombstones.copy();
    this.bytes = bytes;
    this.lineage = `restored${++this.restores}`;
  }

  get estimatedBytes(): number {
    return this.bytes;
  }

  get held(): number {
    return this.instances.size;
  }
}

describeStateStore(
  'memory',
  (options) => new RestorableMemoryStateStore(options),
  (store) => store as RestorableMemoryStateStore,
);

const shared = (id: string, snapshot = '[]') => ({ id, snapshot, birth: 'b', shape: 1, owned: false }) as const;

describe('memory state store, bounds', () => {
  it('lets the least recently used instance go when there are too many', async () => {
    const store = new RestorableMemoryStateStore({ maxInstances: 2 });
    await store.create(shared('a'));
    await store.create(shared('b'));
    await store.join({ id: 'a', cs: 'c' });
    await store.create(shared('c'));
    expect(await store.peek('b')).toBeNull();
    expect(await store.peek('a')).not.toBeNull();
    expect(store.held).toBe(2);
  });

  it('lets instances go when they take too much memory, never the one in use', async () => {
    const store = new RestorableMemoryStateStore({ maxBytes: 10_000 });
    for (const id of ['a', 'b', 'c']) await store.create(shared(id, 'x'.repeat(2_000)));
    expect(await store.peek('a')).toBeNull();
    await store.create(shared('huge', 'x'.repeat(20_000)));
    expect(store.held).toBe(1);
    expect(await store.peek('huge')).not.toBeNull();
  });

  it('forgets the least recently active client session when one instance has too many', async () => {
    const store = new RestorableMemoryStateStore({ maxClientSessions: 2 });
    await store.create(shared('a'));
    for (const cs of ['c1', 'c2', 'c3']) await store.join({ id: 'a', cs });
    expect((await store.open({ id: 'a', cs: 'c1' })).kind).toBe('NOCS');
    expect((await store.open({ id: 'a', cs: 'c3' })).kind).toBe('OK');
  });

  it('accounts for every byte it gives back', async () => {
    let time = 0;
    const store = new RestorableMemoryStateStore({ now: () => time, dedupeWindow: 3 });
    await store.create(shared('a'));
    for (const cs of ['c1', 'c2']) {
      await store.join({ id: 'a', cs });
      const opened = await store.open({ id: 'a', cs });
      if (opened.kind !== 'OK') throw new Error(opened.kind);
      for (let seq = 1; seq <= 7; seq++) {
        const change = { snapshot: 's'.repeat(seq * 100), shape: 1 };
        const version = opened.version + seq - 1;
        await store.commit({
          id: 'a',
          epoch: opened.epoch,
          version,
          session: { cs, seq },
          change,
          reply: 'r'.repeat(seq),
        });
      }
    }
    await store.leave({ id: 'a', cs: 'c1' });
    time += 11 * 60_000;
    await store.sweep();
    const plain = new RestorableMemoryStateStore();
    await plain.create(shared('a', 's'.repeat(700)));
    expect(store.estimatedBytes).toBe(plain.estimatedBytes);
    time += 16 * 60_000;
    await store.sweep();
    expect(store.estimatedBytes).toBe(0);
  });

  it('holds no more tombstones than its cap, and drops those that end first', () => {
    const tombstones = new Tombstones({ cap: 50, keepMs: 10 });
    const ends = Array.from({ length: 500 }, (_, index) => (index * 7919) % 1009);
    ends.forEach((exp, index) => tombstones.add(`i${index}`, 'p', exp));
    const kept = [...ends].sort((a, b) => a - b).slice(-50);
    expect(tombstones.size).toBe(50);
    expect(ends.filter((_, index) => tombstones.get(`i${index}`)).sort((a, b) => a - b)).toEqual(kept);
    expect(tombstones.floor).toBeLessThanOrEqual(kept[0]);
    tombstones.expire(2_000);
    expect(tombstones.size).toBe(0);
  });

  it('sweeps by itself once started, until closed', async () => {
    let time = 0;
    const store = new RestorableMemoryStateStore({ now: () => time, ttlMs: 10, sweepIntervalMs: 1 });
    store.start();
    await store.create(shared('a'));
    time = 100;
    while (store.held > 0) await wait(1);
    await store.close();
    await store.create(shared('b'));
    time = 200;
    await wait(20);
    expect(store.held).toBe(1);
  });

  it('is another lineage after every start', () => {
    expect(new MemoryStateStore().generation).not.toBe(new MemoryStateStore().generation);
  });
});
