import { describe, expect, it } from '@jest/globals';

import { ShownRenders } from './shown-renders.js';

class Rows {
  isForgotten = false;

  constructor(readonly bytes: number) {}

  forget(): void {
    this.isForgotten = true;
  }
}

const page = (count: number) => `<ul><li>${count}</li><li>${'text '.repeat(20)}</li></ul>`;
const ROOM = 2_000;

describe('what a viewer is shown', () => {
  it.each([
    ['with what is known besides, where there is room for both', ROOM / 2, false],
    ['without it, where there is room for one', ROOM, true],
  ])('is remembered %s', (_, bytes, isForgotten) => {
    const renders = new ShownRenders({ maxShownBytes: ROOM, maxConnectionShownBytes: ROOM });
    const shown = renders.make({ bytes: 0 }, { lists: true });
    const rows = new Rows(bytes);
    shown.beside = rows;
    shown.show(page(1), 'epoch');
    expect(shown.next(page(2), 'epoch')).toBeDefined();
    expect(shown.next(page(3), 'epoch')).toBeDefined();
    expect(rows.isForgotten).toBe(isForgotten);
    expect(renders.bytes).toBeLessThanOrEqual(ROOM);
    shown.forget();
    expect([renders.bytes, rows.isForgotten]).toEqual([0, true]);
  });
});
