import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { readPositions, writePositions } from './stream-position.js';

describe('the position of a stream', () => {
  it('reads back what it wrote', () => {
    const shown = [{ e: 'birth.run', v: 3 }, undefined, { e: 'B-_9.g', v: 0 }];
    expect(readPositions(writePositions(shown), 3)).toEqual(shown);
  });

  it('takes what it cannot read as never shown', () => {
    fc.assert(
      fc.property(fc.anything(), fc.integer({ min: 1, max: 5 }), (text, count) => {
        const positions = readPositions(text, count);
        expect(positions).toHaveLength(count);
        for (const at of positions) expect(at === undefined || at.v >= 0).toBe(true);
      }),
    );
    expect(readPositions('a.b@1e3,a@1,.@1,a.b@-1,a.b@99999999999999999', 5)).toEqual(Array(5).fill(undefined));
  });
});
