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
});
