import { describe, expect, it } from '@jest/globals';

import { MemoryRenderCache } from './memory.render-cache.js';
import { describeRenderCache } from './render-cache.contract.js';

describeRenderCache('memory', async () => {
  const cache = new MemoryRenderCache();
  return [cache, cache];
});

describe('memory render cache, bounds', () => {
  it('lets go of the render that was used longest ago', async () => {
    const cache = new MemoryRenderCache(2);
    await cache.set('a', { html: 'a', tags: [] }, 1_000);
    await cache.set('b', { html: 'b', tags: [] }, 1_000);
    await cache.get('a');
    await cache.set('c', { html: 'c', tags: [] }, 1_000);
    expect(await Promise.all(['a', 'b', 'c'].map((key) => cache.get(key)))).toEqual(['a', null, 'c']);
  });

  const owner = (isStranger: boolean) => ({ name: 'a', isStranger });

  it('lets go of as many bytes as there are too many', async () => {
    const cache = new MemoryRenderCache(10_000, Date.now, 100_000);
    for (let n = 0; n < 100; n += 1) await cache.set(`${n}`, { html: 'x'.repeat(10_000), tags: [] }, 1_000);
    const found = await Promise.all(Array.from({ length: 100 }, (_, n) => cache.get(`${n}`)));
    expect(found.filter(Boolean)).toHaveLength(4);
    expect(found.at(-1)).not.toBeNull();
  });

  it('lets go of nothing of a user’s for a stranger’s', async () => {
    const cache = new MemoryRenderCache(2);
    await cache.set('ada', { html: 'ada', tags: [], owner: owner(false) }, 1_000);
    for (let n = 0; n < 10; n += 1) await cache.set(`${n}`, { html: 'x', tags: ['t'], owner: owner(true) }, 1_000);
    expect(await Promise.all(['ada', '7', '8', '9'].map((key) => cache.get(key)))).toEqual(['ada', null, 'x', 'x']);
    await cache.invalidate('t');
    expect(await Promise.all(['ada', '9'].map((key) => cache.get(key)))).toEqual(['ada', null]);
  });
});
