import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { WidgetRecord, WidgetStore, WidgetStoreOptions } from './widget-store.js';

type MakeWidgetStore = (options: Required<WidgetStoreOptions>) => WidgetStore | Promise<WidgetStore>;

/** What every adapter of the port keeps. An adapter is a row: its name and how to make an empty one. */
export const describeWidgetStore = (name: string, make: MakeWidgetStore): void => {
  describe(`${name} widget store`, () => {
    let store: WidgetStore;
    let time: number;

    beforeEach(async () => {
      time = 1_000_000;
      store = await make({ maxWidgets: 3, now: () => time });
    });

    afterEach(() => store.close());

    const recordOf = (id: string, more: Partial<WidgetRecord> = {}): WidgetRecord => ({
      id,
      birth: `${id}-birth`,
      component: 'board',
      sealed: '{"p":{"title":"Ünïcode: \'quoted\'"}}',
      tags: ['lobby'],
      ttlMs: 1_000,
      made: time,
      until: time + 1_000,
      ...more,
    });
    const ids = async (): Promise<readonly string[]> => (await store.list()).map(({ id }) => id);

    it('gives back what was put, the optional parts too', async () => {
      const plain = recordOf('a');
      const full = recordOf('b', { tenant: 't1', end: time + 5_000, tags: [], made: time + 1 });
      expect(await store.claim(plain)).toEqual({ kind: 'OK' });
      expect(await store.claim(full)).toEqual({ kind: 'OK' });
      expect(await store.get('a')).toEqual(plain);
      expect(await store.list()).toEqual([plain, full]);
      expect(await store.get('nobody')).toBeNull();
    });

    it('lets exactly one of many claim an id, and shows the others whose it is', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, n) => store.claim(recordOf('a', { birth: `birth${n}` }))),
      );
      expect(outcomes.filter(({ kind }) => kind === 'OK')).toHaveLength(1);
      const winner = (await store.get('a'))!;
      expect(outcomes.filter((one) => one.kind === 'TAKEN' && one.record.birth === winner.birth)).toHaveLength(19);
    });

    it('replaces the record it is told to replace, and no other', async () => {
      await store.claim(recordOf('a', { birth: 'first' }));
      expect(await store.claim(recordOf('a', { birth: 'second' }), 'first')).toEqual({ kind: 'OK' });
      expect(await store.claim(recordOf('a', { birth: 'third' }), 'first')).toMatchObject({ kind: 'TAKEN' });
      expect(await store.get('a')).toMatchObject({ birth: 'second' });
    });

    it('holds no more than it may, and again when one is gone', async () => {
      for (const id of ['a', 'b', 'c']) expect(await store.claim(recordOf(id))).toEqual({ kind: 'OK' });
      expect(await store.claim(recordOf('d'))).toEqual({ kind: 'FULL' });
      expect(await store.claim(recordOf('b', { birth: 'new' }), 'b-birth')).toEqual({ kind: 'OK' });
      await store.delete('a', 'a-birth');
      expect(await store.claim(recordOf('d'))).toEqual({ kind: 'OK' });
      expect([...(await ids())].sort()).toEqual(['b', 'c', 'd']);
    });

    it('never reports one whose time is over, and never brings it back', async () => {
      await store.claim(recordOf('a'));
      time += 1_000;
      expect(await ids()).toEqual(['a']);
      time += 1;
      expect([await store.get('a'), await ids()]).toEqual([null, []]);
      expect(await store.touch('a', 'a-birth')).toBeNull();
      expect(await store.delete('a', 'a-birth')).toBe(false);
      expect(await store.get('a')).toBeNull();
    });

    it('keeps what is used, but not past its end', async () => {
      await store.claim(recordOf('a', { end: time + 1_500 }));
      time += 400;
      expect(await store.touch('a', 'a-birth')).toBe(1_001_400);
      time += 400;
      expect(await store.touch('a', 'a-birth')).toBe(1_001_500);
      expect(await store.get('a')).toMatchObject({ until: 1_001_500, tags: ['lobby'], end: 1_001_500 });
      time += 701;
      expect(await store.get('a')).toBeNull();
    });

    it('touches and deletes only the record of the birth that is meant', async () => {
      await store.claim(recordOf('a'));
      expect([await store.touch('a', 'other'), await store.touch('b', 'a-birth')]).toEqual([null, null]);
      expect(await store.get('b')).toBeNull();
      expect(await store.delete('a', 'other')).toBe(false);
      expect([await store.delete('a', 'a-birth'), await store.delete('a', 'a-birth')]).toEqual([true, false]);
    });

    it('hands each one that is over to one caller', async () => {
      for (const id of ['a', 'b']) await store.claim(recordOf(id));
      await store.claim(recordOf('c', { until: time + 9_000 }));
      expect(await store.takeExpired(10)).toEqual([]);
      time += 1_001;
      const [one, two] = await Promise.all([store.takeExpired(1), store.takeExpired(5)]);
      expect(one).toHaveLength(1);
      expect([...one, ...two].map(({ id }) => id).sort()).toEqual(['a', 'b']);
      expect(await store.takeExpired(10)).toEqual([]);
      expect(await ids()).toEqual(['c']);
    });

    it('does not count those whose time is over against its bound for ever', async () => {
      for (const id of ['a', 'b', 'c']) await store.claim(recordOf(id));
      time += 1_001;
      expect(await store.claim(recordOf('a', { birth: 'again', until: time + 1_000 }))).toEqual({ kind: 'OK' });
      await store.takeExpired(10);
      expect(await store.claim(recordOf('d'))).toEqual({ kind: 'OK' });
    });
  });
};
