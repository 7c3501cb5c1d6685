import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { Likeness } from '../protocol/envelope.js';
import { likenessOf } from './likeness.js';

const made = (html: string, edits: Likeness): string => {
  let [text, at] = ['', 0];
  const left = [...edits];
  while (left.length > 0) {
    const kept = left.shift() as number;
    const gone = typeof left[0] === 'number' ? (left.shift() as number) : left[0].length;
    text += html.slice(at, at + kept) + String(left.shift());
    at += kept + gone;
  }
  return text + html.slice(at);
};

const row = (id: string, name: string, kind: string): string =>
  `<tr id="row-${id}" class="${kind}"><td>${id}</td><td>${name}</td><td>in stock</td></tr>`;

describe('what of one HTML is otherwise in another', () => {
  it.each<[string, string, string, Likeness | undefined]>([
    ['nothing', row('1', 'Bolt', 'odd'), row('1', 'Bolt', 'odd'), []],
    ['a word, and a number in two places', row('1', 'Bolt', 'odd'), row('2', 'Bolt', 'odd'), [12, '2', 18, '2']],
    ['a longer word', row('1', 'Bolt', 'odd'), row('1', 'Bolts', 'odd'), [45, 0, 's']],
    ['changes that are near each other, as one', '<b>1</b><i>2</i>', '<b>3</b><i>4</i>', undefined],
    ['other elements', row('1', 'Bolt', 'odd'), '<tr><td>none</td></tr>', undefined],
  ])('is %s', (_, before, after, edits) => {
    expect(likenessOf(before, after)).toEqual(edits);
  });

  const values = fc.tuple(fc.string({ maxLength: 8 }), fc.string({ maxLength: 30 }), fc.constantFrom('odd', 'even'));

  it('makes of the one exactly the other, whatever is in them', () => {
    let found = 0;
    fc.assert(
      fc.property(values, values, (one, other) => {
        const [before, after] = [row(...one), row(...other)];
        const edits = likenessOf(before, after);
        if (!edits) return;
        found += 1;
        expect(made(before, edits)).toBe(after);
      }),
    );
    expect(found).toBeGreaterThan(20);
  });
});
