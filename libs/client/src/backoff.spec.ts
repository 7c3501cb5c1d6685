import { jest } from '@jest/globals';

import { backoff } from './backoff.js';

describe('backoff', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('doubles the longest pause from half a second to ten seconds', () => {
    jest.spyOn(Math, 'random').mockReturnValue(1);
    const longest = [0, 1, 2, 3, 4, 5, 6, 60].map(backoff);

    expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
  });

  it('spreads clients over the whole pause', () => {
    let seed = 1;
    jest.spyOn(Math, 'random').mockImplementation(() => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647);
    const buckets = new Array<number>(100).fill(0);
    for (let client = 0; client < 1_000; client++) buckets[Math.floor(backoff(9) / 100)]++;

    expect(Math.max(...buckets)).toBeLessThan(50);
  });
});
