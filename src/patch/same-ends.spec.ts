import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { LongText } from '../texts/long-text.js';
import { sameAtBothEnds } from './same-ends.js';

const pieces = fc.array(fc.constantFrom('a', 'b', 'ab', 'ba', 'aab'), { maxLength: 6 });

describe('what two texts have in common at both ends', () => {
  it('is counted without what is counted already, whether they are in pieces or not', () => {
    fc.assert(
      fc.property(pieces, pieces, (one, other) => {
        const [text, next] = [one.join(''), other.join('')];
        const { head, tail } = sameAtBothEnds(text, next);
        const most = Math.min(text.length, next.length);
        expect(head + tail).toBeLessThanOrEqual(most);
        expect(text.slice(0, head) + text.slice(text.length - tail)).toBe(
          next.slice(0, head) + next.slice(next.length - tail),
        );
        expect(head === most || text[head] !== next[head]).toBe(true);
        expect(sameAtBothEnds(new LongText(one), new LongText(other))).toEqual({ head, tail });
        expect(sameAtBothEnds(new LongText(one), next)).toEqual({ head, tail });
      }),
      { numRuns: 1_000 },
    );
  });
});
