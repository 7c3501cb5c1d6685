import { describe, expect, it } from '@jest/globals';

import type { SessionStore, SessionStoreOptions } from './session-store.js';

export type MakeSessionStore = (options: SessionStoreOptions) => Promise<SessionStore> | SessionStore;

interface Bench {
  readonly store: SessionStore;
  readonly advance: (ms: number) => void;
  readonly now: () => number;
}

const HOUR = 3_600_000;
const ada = { userId: 'ada', roles: ['editor'] };

/** What every adapter of the port keeps. An adapter is a row: its name and how to make it. */
export const describeSessionStore = (name: string, make: MakeSessionStore): void => {
  const on =
    (run: (bench: Bench) => Promise<void>, options: SessionStoreOptions = {}) =>
    async () => {
      let time = 1_700_000_000_000;
      const now = (): number => time;
      const store = await make({ ttlMs: HOUR, ...options, now });
      try {
        await run({ store, now, advance: (ms) => void (time += ms) });
      } finally {
        await store.close();
      }
    };

  describe(`${name} session store`, () => {
    it(
      'knows a session it has made by its id alone',
      on(async ({ store, now }) => {
        const made = await store.create({ ...ada, data: { theme: 'dark' } });
        expect(made).toEqual({
          id: expect.stringMatching(/^[\w-]{22}$/),
          ...ada,
          data: { theme: 'dark' },
          createdAt: now(),
          expiresAt: now() + HOUR,
          generation: 0,
        });
        expect(await store.get(made.id)).toEqual(made);
        expect(await store.validate(made.id)).toBe(0);
      }),
    );

    it(
      'gives every session 128 random bits of its own',
      on(async ({ store }) => {
        const ids = await Promise.all(Array.from({ length: 50 }, async () => (await store.create(ada)).id));
        expect(new Set(ids).size).toBe(50);
        expect(ids.every((id) => Buffer.from(id, 'base64url').length === 16)).toBe(true);
      }),
    );

    it(
      'starts with no session at all',
      on(async ({ store }) => {
        for (const id of ['local', 'admin', 'default', '', '__proto__', 'constructor']) {
          expect([await store.get(id), await store.validate(id), await store.delete(id)]).toEqual([null, null, false]);
        }
        expect(await store.list('admin')).toEqual([]);
      }),
    );

    it(
      'ends a session at its time, and not before',
      on(async ({ store, advance }) => {
        const { id } = await store.create(ada);
        advance(HOUR - 1);
        expect(await store.validate(id)).toBe(0);
        advance(1);
        expect(await store.get(id)).toBeNull();
        expect(await store.validate(id)).toBeNull();
        expect(await store.list('ada')).toEqual([]);
      }),
    );

    it(
      'prolongs from now on, however often',
      on(async ({ store, advance, now }) => {
        const { id } = await store.create(ada);
        for (let turn = 0; turn < 5; turn++) {
          advance(1_000);
          expect((await store.refresh(id))?.expiresAt).toBe(now() + HOUR);
        }
        expect((await store.refresh(id, 5_000))?.expiresAt).toBe(now() + 5_000);
        advance(5_000);
        expect(await store.refresh(id)).toBeNull();
        expect(await store.get(id)).toBeNull();
      }),
    );

    it(
      'moves the end by nothing but a refresh',
      on(async ({ store, advance }) => {
        const { id, expiresAt } = await store.create(ada);
        advance(1_000);
        expect((await store.update(id, { data: { a: 1 } }))?.expiresAt).toBe(expiresAt);
        expect((await store.get(id))?.expiresAt).toBe(expiresAt);
      }),
    );

    it(
      'has no eternal sessions',
      on(async ({ store }) => {
        const { id } = await store.create(ada);
        for (const ttlMs of [Infinity, NaN, 0, -1]) {
          await expect(store.create({ ...ada, ttlMs })).rejects.toThrow(RangeError);
          await expect(store.refresh(id, ttlMs)).rejects.toThrow(RangeError);
        }
        expect(await store.list('ada')).toHaveLength(1);
      }),
    );

    it(
      'never brings an ended session back',
      on(async ({ store }) => {
        const { id } = await store.create({ ...ada, data: { user_id: 'ada' } });
        expect(await store.delete(id)).toBe(true);
        expect(await store.delete(id)).toBe(false);
        expect(await store.update(id, { data: { cart: 1 }, roles: ['admin'] })).toBeNull();
        expect(await store.refresh(id)).toBeNull();
        expect(await store.get(id)).toBeNull();
        expect(await store.list('ada')).toEqual([]);
      }),
    );

    it(
      'never brings it back in the middle of other changes either',
      on(async ({ store }) => {
        const { id } = await store.create(ada);
        const changes = Array.from({ length: 40 }, (_, n) =>
          n === 20 ? store.delete(id) : n % 2 ? store.update(id, { data: { [`k${n}`]: n } }) : store.refresh(id),
        );
        await Promise.all(changes);
        expect(await store.get(id)).toBeNull();
        expect(await store.list('ada')).toEqual([]);
      }),
    );

    it(
      'merges key by key, also side by side',
      on(async ({ store }) => {
        const { id } = await store.create({ ...ada, data: { kept: 'yes', gone: 'soon' } });
        const writers = Array.from({ length: 20 }, (_, n) => store.update(id, { data: { [`k${n}`]: n } }));
        await Promise.all([...writers, store.update(id, { data: { gone: undefined } })]);
        const all = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`k${n}`, n]));
        expect((await store.get(id))?.data).toEqual({ kept: 'yes', ...all });
      }),
    );

    it(
      'makes a session of a given name once, and finds it again',
      on(async ({ store, advance }) => {
        const named = { id: 'visit.a:b', userId: 'visit.a:b', ttlMs: 5_000 };
        const begun = await Promise.all([store.create(named), store.create({ ...named, data: { late: true } })]);
        const [first] = begun;
        expect(begun.map(({ id }) => id)).toEqual(['visit.a:b', 'visit.a:b']);
        expect(begun[1]).toEqual(first);
        await store.update('visit.a:b', { data: { cart: 1 } });
        expect(await store.create(named)).toEqual({ ...first, data: { cart: 1 } });
        expect(await store.list('visit.a:b')).toHaveLength(1);
        advance(5_000);
        expect(await store.update('visit.a:b', { data: { cart: 2 } })).toBeNull();
        expect(await store.create(named)).toMatchObject({ id: 'visit.a:b', data: {} });
      }),
    );

    it(
      'takes empty data and empty values for data',
      on(async ({ store }) => {
        const { id } = await store.create({ userId: 'ada' });
        expect(await store.get(id)).toMatchObject({ roles: [], data: {} });
        const empty = { none: null, zero: 0, text: '', no: false, list: [], thing: {} };
        expect((await store.update(id, { data: empty }))?.data).toEqual(empty);
        expect((await store.update(id, {}))?.data).toEqual(empty);
        expect((await store.get(id))?.data).toEqual(empty);
      }),
    );

    it(
      'keeps values as JSON does, and apart from the caller’s own objects',
      on(async ({ store }) => {
        const cart = { items: ['tea'], at: new Date(0), nothing: undefined };
        const { id } = await store.create({ ...ada, data: { cart } });
        cart.items.push('cake');
        const seen = await store.get(id);
        expect(seen?.data).toEqual({ cart: { items: ['tea'], at: '1970-01-01T00:00:00.000Z' } });
        (seen?.data.cart as typeof cart).items.push('rum');
        expect((await store.get(id))?.data).toMatchObject({ cart: { items: ['tea'] } });
      }),
    );

    it(
      'lists the living sessions of one user, oldest first',
      on(async ({ store, advance }) => {
        const made: string[] = [];
        for (const ttlMs of [HOUR, 1_000, HOUR]) {
          made.push((await store.create({ ...ada, ttlMs })).id);
          advance(10);
        }
        await store.create({ userId: 'adam' });
        advance(1_000);
        expect((await store.list('ada')).map(({ id }) => id)).toEqual([made[0], made[2]]);
        await store.delete(made[0]);
        expect((await store.list('ada')).map(({ id }) => id)).toEqual([made[2]]);
      }),
    );

    it(
      'ends a user’s oldest session when there are too many',
      on(
        async ({ store, advance }) => {
          const made: string[] = [];
          for (let n = 0; n < 5; n++) {
            made.push((await store.create(ada)).id);
            advance(10);
          }
          expect((await store.list('ada')).map(({ id }) => id)).toEqual(made.slice(2));
          expect(await store.get(made[1])).toBeNull();
          expect(await store.generation('ada')).toBeGreaterThan(0);
        },
        { maxPerUser: 3 },
      ),
    );

    it(
      'ends all sessions of a user and of nobody else',
      on(async ({ store }) => {
        const mine = [await store.create(ada), await store.create(ada)];
        const other = await store.create({ userId: 'adam' });
        expect(await store.deleteAll('ada')).toBe(2);
        expect(await Promise.all(mine.map(({ id }) => store.get(id)))).toEqual([null, null]);
        expect(await store.get(other.id)).toEqual(other);
        expect(await store.deleteAll('ada')).toBe(0);
      }),
    );

    it(
      'raises a user’s generation with a logout, a change of roles, a ban and a right taken back',
      on(async ({ store }) => {
        const { id } = await store.create(ada);
        const other = await store.create(ada);
        let before = await store.generation('ada');
        expect(before).toBe(0);
        const rises = async (act: () => Promise<unknown>): Promise<void> => {
          await act();
          const after = await store.generation('ada');
          expect(after).toBeGreaterThan(before);
          before = after;
        };
        await rises(() => store.update(id, { roles: ['viewer'] }));
        expect(await store.get(id)).toMatchObject({ roles: ['viewer'], generation: before });
        expect(await store.validate(other.id)).toBe(before);
        await rises(() => store.delete(id));
        await rises(() => store.revoke('ada', 'order:1'));
        await rises(() => store.deleteAll('ada'));
        await rises(() => store.deleteAll('ada'));
        expect(await store.generation('adam')).toBe(0);
      }),
    );

    it(
      'leaves the generation alone where nothing was taken away',
      on(async ({ store, advance }) => {
        const { id } = await store.create(ada);
        await store.update(id, { data: { a: 1 } });
        await store.refresh(id);
        await store.grant({ userId: 'ada', resource: 'order:1', permissions: ['read'] });
        await store.delete('nobody');
        advance(2 * HOUR);
        expect([await store.delete(id), await store.generation('ada')]).toEqual([false, 0]);
      }),
    );

    it(
      'keeps grants apart by user and resource, whatever their names hold',
      on(async ({ store }) => {
        await store.grant({ userId: 'a:b', resource: 'c', permissions: ['read'] });
        await store.grant({ userId: 'a', resource: 'b:c', permissions: ['write'] });
        await store.grant({ userId: 'a', resource: 'b:c', permissions: ['delete', 'share'] });
        expect(await store.grantsOn('a:b', 'c')).toEqual(['read']);
        expect(await store.grantsOn('a', 'b:c')).toEqual(['delete', 'share']);
        await store.revoke('a', 'b:c');
        expect(await store.grantsOn('a', 'b:c')).toEqual([]);
        expect(await store.grantsOn('a:b', 'c')).toEqual(['read']);
        expect(await store.grantsOn('a', '__proto__')).toEqual([]);
      }),
    );
  });
};
