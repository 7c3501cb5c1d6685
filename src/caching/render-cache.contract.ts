import { setTimeout as wait } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { RenderCache } from './render-cache.js';

/** Two nodes of one backend. */
export type MakeRenderCaches = () => Promise<readonly [RenderCache, RenderCache]>;

const LONG = 60_000;

/** What every adapter of the port keeps. */
export const describeRenderCache = (name: string, make: MakeRenderCaches): void => {
  describe(`${name} render cache`, () => {
    let cache: RenderCache;
    let other: RenderCache;

    beforeEach(async () => {
      [cache, other] = await make();
    });

    afterEach(async () => {
      await cache.close();
      await other.close();
    });

    it('gives what was set last, on every node', async () => {
      expect(await cache.get('k')).toBeNull();
      await cache.set('k', { html: '<p>é</p>', tags: [] }, LONG);
      expect(await other.get('k')).toBe('<p>é</p>');
      await other.set('k', { html: '', tags: ['t'] }, LONG);
      expect(await cache.get('k')).toBe('');
      expect(await cache.get('K')).toBeNull();
    });

    it('forgets a render when its time is over, and not a longer one with the same tag', async () => {
      await cache.set('long', { html: 'long', tags: ['t'] }, LONG);
      await cache.set('short', { html: 'short', tags: ['t'] }, 20);
      await wait(40);
      expect(await cache.get('short')).toBeNull();
      expect(await cache.get('long')).toBe('long');
    });

    it('forgets the render that is deleted and no other', async () => {
      await cache.set('a', { html: 'a', tags: ['t'] }, LONG);
      await cache.set('b', { html: 'b', tags: ['t'] }, LONG);
      await other.delete('a');
      await other.delete('nothing');
      expect([await cache.get('a'), await cache.get('b')]).toEqual([null, 'b']);
    });

    it('throws away every render with a tag, on all nodes, and no other', async () => {
      const tags = { a: ['t', 'u', 't'], b: ['u'], c: ['v'], d: ['t\n', 'tt'], e: [] };
      for (const [key, own] of Object.entries(tags)) await cache.set(key, { html: key, tags: own }, LONG);
      await other.invalidate('t');
      await other.invalidate('nothing');
      const left = await Promise.all(Object.keys(tags).map((key) => cache.get(key)));
      expect(left).toEqual([null, 'b', 'c', 'd', 'e']);
      await other.invalidate('u');
      expect(await cache.get('b')).toBeNull();
    });

    it('never gives again what was set before an invalidation, whatever is set with the tag afterwards', async () => {
      await cache.set('old', { html: 'old', tags: ['t'] }, LONG);
      await other.invalidate('t');
      await other.set('new', { html: 'new', tags: ['t'] }, LONG);
      expect(await cache.get('new')).toBe('new');
      expect(await cache.get('old')).toBeNull();
      await cache.set('old', { html: 'anew', tags: ['t'] }, LONG);
      expect(await other.get('old')).toBe('anew');
      expect(await other.get('new')).toBe('new');
    });

    it('gives nothing old to anybody once an invalidation is answered, while all nodes set and get', async () => {
      for (let round = 0; round < 20; round += 1) {
        const setting = Array.from({ length: 5 }, (_, index) =>
          [cache, other][index % 2].set(`k${index}`, { html: `${round}`, tags: ['t'] }, LONG),
        );
        await Promise.all(setting);
        await Promise.all([cache.invalidate('t'), cache.set('x', { html: 'x', tags: ['u'] }, LONG), other.get('k0')]);
        const found = await Promise.all(setting.map((_, index) => [other, cache][index % 2].get(`k${index}`)));
        expect(found).toEqual(setting.map(() => null));
      }
    });
  });
};
