import { setTimeout as wait } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { FormStore } from './form-store.js';

/** Two nodes of one backend. */
export type MakeFormStores = () => Promise<readonly [FormStore, FormStore]>;

const LONG = 60_000;

/** What every adapter of the port keeps. */
export const describeFormStore = (name: string, make: MakeFormStores): void => {
  describe(`${name} form store`, () => {
    let store: FormStore;
    let other: FormStore;

    beforeEach(async () => {
      [store, other] = await make();
    });

    afterEach(async () => {
      await store.close();
      await other.close();
    });

    it('gives what was put first, on every node', async () => {
      expect(await store.get('a')).toBeNull();
      await store.put('a', 'é\n1', LONG);
      await other.put('a', 'two', LONG);
      await other.put('a', 'three', 2 * LONG);
      expect([await store.get('a'), await other.get('a'), await other.get('b')]).toEqual(['é\n1', 'é\n1', null]);
    });

    it('gives it once to whoever takes it', async () => {
      await store.put('a', 'one', LONG);
      const taken = await Promise.all([store.take('a'), other.take('a'), store.take('a')]);
      expect(taken.filter((text) => text !== null)).toEqual(['one']);
      expect(await other.get('a')).toBeNull();
    });

    it('forgets what is over its time, or not wanted any more', async () => {
      await store.put('short', 'one', 20);
      await store.put('long', 'two', LONG);
      await store.put('unwanted', 'three', LONG);
      await other.delete('unwanted');
      await wait(60);
      expect([await store.get('short'), await store.get('long'), await other.take('unwanted')]).toEqual([
        null,
        'two',
        null,
      ]);
      await store.put('short', 'again', LONG);
      expect(await other.get('short')).toBe('again');
    });
  });
};
