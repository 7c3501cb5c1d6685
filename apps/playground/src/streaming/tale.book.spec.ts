import { describe, expect, it } from '@jest/globals';

import { TaleBook } from './tale.book.js';

describe('TaleBook', () => {
  const book = new TaleBook();
  const tale = (number: number): string => [...book.tell(number)].join('');

  it('tells the same tale under the same number, word by word', () => {
    expect(tale(1)).toBe(tale(1));
    expect(tale(1).split(' ')).toHaveLength([...book.tell(1)].length);
    expect(tale(1)).toMatch(/^[A-Z].*And the lamp has burnt ever since\.$/);
  });

  it('tells another one under another number', () => {
    expect(new Set([1, 2, 3, 4, 5].map(tale)).size).toBe(5);
  });
});
