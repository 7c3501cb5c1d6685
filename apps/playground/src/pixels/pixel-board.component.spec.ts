import { describe, expect, it } from '@jest/globals';

import { PixelBoard } from './pixel-board.component.js';

describe('PixelBoard', () => {
  it('gives a cell its next colour, and the first one after the last', () => {
    const board = new PixelBoard();
    const colours = Array.from({ length: 5 }, () => {
      board.paint(9);
      return board.picture[9];
    });
    expect(colours).toEqual(['1', '2', '3', '4', '0']);
    expect(board.picture).toHaveLength(64);
  });

  it('takes any number for one of its cells', () => {
    const board = new PixelBoard();
    for (const index of [-5, 1e9, NaN, 3.9]) board.paint(index);
    expect([board.picture[0], board.picture[3], board.picture[63]]).toEqual(['2', '1', '1']);
    board.clear();
    expect(board.picture).toBe('0'.repeat(64));
  });

  it('keeps a picture of the first release', () => {
    expect(PixelBoard.joined({ cells: [1, 2, 0] })).toEqual({ picture: '120' });
  });
});
