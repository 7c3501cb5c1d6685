import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isSameText, LongText } from './long-text.js';

const pieces = fc.array(fc.constantFrom('', 'a', 'b', 'ab', 'some more'), { maxLength: 6 });

describe('a text in pieces', () => {
  it('is read like the whole', () => {
    fc.assert(
      fc.property(pieces, fc.nat(40), fc.nat(40), (all, from, to) => {
        const [text, whole] = [new LongText(all), all.join('')];
        expect([String(text), text.length]).toEqual([whole, whole.length]);
        expect([text.slice(from), text.slice(from, to)]).toEqual([
          whole.slice(from),
          whole.slice(from, Math.max(from, to)),
        ]);
      }),
    );
  });

  it('is the same as another one wherever either is cut', () => {
    let same = 0;
    fc.assert(
      fc.property(pieces, pieces, (one, other) => {
        const isSame = one.join('') === other.join('');
        if (isSame) same += 1;
        expect(isSameText(new LongText(one), new LongText(other))).toBe(isSame);
        expect(isSameText(new LongText(one), other.join(''))).toBe(isSame);
        expect(isSameText(one.join(''), new LongText(other))).toBe(isSame);
        expect(isSameText(one.join(''), other.join(''))).toBe(isSame);
      }),
      { numRuns: 1_000 },
    );
    expect(same).toBeGreaterThan(20);
  });
});
