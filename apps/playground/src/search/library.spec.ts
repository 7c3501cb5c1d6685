import { describe, expect, it } from '@jest/globals';

import { BOOKS } from './books.js';
import { Library } from './library.js';

describe('Library', () => {
  const library = new Library();
  const titlesOf = async (query: string): Promise<string[]> => (await library.find(query)).map(({ title }) => title);

  it('holds two hundred different books', () => {
    expect(new Set(BOOKS.map(({ title }) => title)).size).toBe(200);
  });

  it('finds by every word, in title, author or year', async () => {
    expect(await titlesOf('GLASS  pi')).toEqual(['The Glass Piano']);
    expect(await titlesOf('okonjo')).not.toEqual([]);
    expect(await titlesOf(`piano ${BOOKS.find(({ title }) => title === 'The Salt Piano')?.year}`)).toContain(
      'The Salt Piano',
    );
  });

  it('finds all for nothing, and nothing that is not there', async () => {
    expect(await titlesOf('  ')).toHaveLength(200);
    expect(await titlesOf('glass nobody')).toEqual([]);
  });
});
