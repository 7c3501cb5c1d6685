import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { LiveError } from '../errors/live-error.js';
import type { UploadPlan, UploadStore } from './upload-store.js';

export interface UploadStoreBench {
  readonly store: UploadStore;
  /** The same files as another node sees them. */
  readonly other: UploadStore;
  /** Everything that is kept, by whatever name; empty when nothing is. */
  kept(): Promise<readonly string[]>;
  advance(ms: number): void;
  now(): number;
  end(): Promise<void>;
}

const KEEP_MS = 60_000;

const chunks = (...texts: string[]): AsyncIterable<Uint8Array> => Readable.from(texts.map((text) => Buffer.from(text)));

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: LiveError) => error.code,
  );

/** What every adapter of the port keeps. */
export const describeUploadStore = (name: string, make: () => Promise<UploadStoreBench>): void => {
  describe(`${name} upload store`, () => {
    let bench: UploadStoreBench;
    let store: UploadStore;

    const plan = (more: Partial<UploadPlan> = {}): UploadPlan => ({
      id: randomBytes(24).toString('base64url'),
      owner: 'ada',
      instance: 'i1',
      field: 'photos',
      name: 'a.txt',
      size: 6,
      type: 'text/plain',
      expiresAt: bench.now() + KEEP_MS,
      ...more,
    });

    const whole = async (more: Partial<UploadPlan> = {}): Promise<UploadPlan> => {
      const made = plan(more);
      await store.create(made, 1_000);
      await store.write(made.id, async (draft) => {
        await draft.append(chunks('abcdef'));
        await draft.finish({ extension: 'txt', expiresAt: bench.now() + KEEP_MS });
      });
      return made;
    };

    beforeEach(async () => {
      bench = await make();
      ({ store } = bench);
    });

    afterEach(() => bench.end());

    it('keeps what is announced, what has arrived, and the whole file, on every node', async () => {
      const made = plan();
      expect(await store.create(made, 1_000)).toBe('OK');
      expect(await bench.other.find(made.id)).toEqual({ ...made, received: 0, complete: false });

      await store.write(made.id, (draft) => draft.append(chunks('abc')));
      expect(await bench.other.find(made.id)).toMatchObject({ received: 3, complete: false });

      await bench.other.write(made.id, async (draft) => {
        expect(draft.received).toBe(3);
        await draft.append(chunks('de', 'f'));
        expect((await buffer(draft.read())).toString()).toBe('abcdef');
        await draft.finish({ extension: 'txt', expiresAt: bench.now() + 2 * KEEP_MS });
      });
      expect(await store.find(made.id)).toMatchObject({ received: 6, complete: true, extension: 'txt' });
      expect((await buffer(await store.read(made.id))).toString()).toBe('abcdef');
    });

    it('takes several chunks at once, empty ones among them', async () => {
      const made = plan();
      await store.create(made, 1_000);
      await store.write(made.id, async (draft) => {
        const some = ['', 'ab', '', 'cde', '', 'f', ''].map((text) => Buffer.from(text));
        async function* batches(): AsyncGenerator<readonly Uint8Array[]> {
          yield some.slice(0, 3);
          yield some.slice(3);
        }
        const bytes = Object.assign(chunks('abc', 'def'), { batches });
        expect(await draft.append(bytes)).toBe(6);
        expect((await buffer(draft.read())).toString()).toBe('abcdef');
      });
    });

    it('takes the same plan twice for one file', async () => {
      const made = plan();
      expect([await store.create(made, 6), await store.create(made, 6)]).toEqual(['OK', 'OK']);
      expect((await store.find(made.id))?.size).toBe(6);
    });

    it('counts what an owner has here from its announcement to its removal', async () => {
      const first = plan();
      expect(await store.create(first, 10)).toBe('OK');
      expect(await bench.other.create(plan(), 10)).toBe('QUOTA');
      expect(await store.create(plan({ owner: 'bob' }), 10)).toBe('OK');
      await bench.other.remove(first.id);
      expect(await store.create(plan(), 10)).toBe('OK');
    });

    it('counts a file that is smaller than its plan as what it is, on every node', async () => {
      const made = plan({ size: 10 });
      expect(await store.create(made, 10)).toBe('OK');
      expect(await bench.other.create(plan({ size: 4 }), 10)).toBe('QUOTA');
      await store.write(made.id, async (draft) => {
        await draft.append(chunks('abcdef'));
        await draft.finish({ extension: 'txt', expiresAt: bench.now() + KEEP_MS, size: 6 });
      });
      expect(await bench.other.find(made.id)).toMatchObject({ size: 6, received: 6, complete: true });
      expect(await bench.other.create(plan({ size: 5 }), 10)).toBe('QUOTA');
      expect(await bench.other.create(plan({ size: 4 }), 10)).toBe('OK');
    });

    it('never keeps more than an owner may have, however many come at once on two nodes', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? store : bench.other).create(plan(), 24)),
      );
      expect(outcomes.filter((outcome) => outcome === 'OK').length).toBeLessThanOrEqual(4);
      expect(outcomes).toContain('QUOTA');
    });

    it('lets one writer at a time work on a file, on whatever node', async () => {
      const made = plan();
      await store.create(made, 1_000);
      await store.write(made.id, async () => {
        expect(await codeOf(store.write(made.id, () => Promise.resolve()))).toBe('UPLOAD_INCOMPLETE');
        expect(await codeOf(bench.other.write(made.id, () => Promise.resolve()))).toBe('UPLOAD_INCOMPLETE');
      });
      expect(await codeOf(bench.other.write(made.id, () => Promise.resolve()))).toBe('none');
    });

    it('keeps a file for as long as its writer says, and brings none back by it', async () => {
      const made = plan();
      const { id } = made;
      await store.create(made, 1_000);
      await store.write(id, async (draft) => {
        await draft.append(chunks('abc'));
        await draft.prolong(bench.now() + 2 * KEEP_MS);
      });
      bench.advance(KEEP_MS + 1);
      expect(await store.sweep()).toBe(0);
      expect(await bench.other.find(id)).toMatchObject({ received: 3, complete: false });
      await store.write(id, async (draft) => {
        await store.remove(id);
        await draft.prolong(bench.now() + KEEP_MS);
      });
      expect(await bench.kept()).toEqual([]);
    });

    it('never changes a whole file, nor one that was thrown away', async () => {
      const { id } = await whole();
      expect(await codeOf(store.write(id, () => Promise.resolve()))).toBe('UPLOAD_TOKEN_INVALID');
      await store.remove(id);
      expect(await codeOf(store.write(id, () => Promise.resolve()))).toBe('UPLOAD_TOKEN_INVALID');
      expect(await codeOf(store.read(id))).toBe('UPLOAD_TOKEN_INVALID');
    });

    it('brings no file back that was thrown away while it arrived', async () => {
      const made = plan();
      await store.create(made, 1_000);
      const finishing = store.write(made.id, async (draft) => {
        await draft.append(chunks('abcdef'));
        await bench.other.remove(made.id);
        await draft.finish({ extension: 'txt', expiresAt: bench.now() + KEEP_MS });
      });
      expect(await codeOf(finishing)).toBe('UPLOAD_TOKEN_INVALID');
      expect(await bench.kept()).toEqual([]);
    });

    it('keeps no byte that comes after the file was thrown away', async () => {
      const made = plan();
      await store.create(made, 1_000);
      const late = store.write(made.id, async (draft) => {
        await bench.other.remove(made.id);
        await draft.append(chunks('abcdef'));
        await draft.finish({ extension: 'txt', expiresAt: bench.now() + KEEP_MS });
      });
      expect(await codeOf(late)).toBe('UPLOAD_TOKEN_INVALID');
      expect(await bench.kept()).toEqual([]);
    });

    it('keeps an empty file', async () => {
      const made = plan({ size: 0 });
      await store.create(made, 1_000);
      await store.write(made.id, (draft) => draft.finish({ extension: 'txt', expiresAt: bench.now() + KEEP_MS }));
      expect((await buffer(await store.read(made.id))).length).toBe(0);
    });

    it('gives a whole file to one event, and to that one again', async () => {
      const { id } = await whole();
      const outcomes = await Promise.all(
        ['e1', 'e2', 'e3'].map((event, n) => (n ? store : bench.other).claim(id, event)),
      );
      expect(outcomes.filter((outcome) => outcome === 'OK')).toHaveLength(1);
      const winner = ['e1', 'e2', 'e3'][outcomes.indexOf('OK')] ?? '';
      expect(await bench.other.claim(id, winner)).toBe('OK');

      await store.release(id, 'somebody else');
      expect(await store.claim(id, 'late')).toBe('TAKEN');
      await bench.other.release(id, winner);
      expect(await store.claim(id, 'late')).toBe('OK');
    });

    it('gives out nothing that is unfinished, unknown or past its time', async () => {
      const made = plan();
      await store.create(made, 1_000);
      const { id } = await whole();
      bench.advance(KEEP_MS + 1);
      expect(await Promise.all([made.id, id, 'x'.repeat(32)].map((one) => store.claim(one, 'e')))).toEqual([
        'GONE',
        'GONE',
        'GONE',
      ]);
      expect(await store.find(id)).toBeNull();
    });

    it('sweeps away what is past its time, whole or not, and leaves the rest', async () => {
      await store.create(plan(), 1_000);
      await whole();
      const fresh = await whole({ expiresAt: bench.now() });
      expect(await store.sweep()).toBe(0);
      bench.advance(KEEP_MS / 2);
      const late = plan();
      await store.create(late, 1_000);
      bench.advance(KEEP_MS / 2 + 1);
      expect(await bench.other.sweep()).toBe(3);
      expect(await store.find(fresh.id)).toBeNull();
      expect(await store.find(late.id)).not.toBeNull();
      await store.remove(late.id);
      expect(await bench.kept()).toEqual([]);
    });

    it('does not sweep away what is arriving, however slowly', async () => {
      const made = plan();
      await store.create(made, 1_000);
      await store.write(made.id, async (draft) => {
        bench.advance(KEEP_MS + 1);
        expect(await bench.other.sweep()).toBe(0);
        await draft.append(chunks('abcdef'));
        await draft.finish({ extension: 'txt', expiresAt: bench.now() + KEEP_MS });
      });
      expect((await store.find(made.id))?.complete).toBe(true);
    });

    it('finds nothing by a name that is no id of its own', async () => {
      for (const id of ['../../etc/passwd', '', '.', 'CON', `${'a'.repeat(32)}/../x`, '__proto__', '\0'.repeat(32)]) {
        expect(await store.find(id)).toBeNull();
        expect(await codeOf(store.read(id))).toBe('UPLOAD_TOKEN_INVALID');
      }
    });
  });
};
