import { describe, expect, it } from '@jest/globals';

import { ShownRenders } from './shown-renders.js';
import { takenBy } from './taken.js';

class Rows {
  isForgotten = false;
  rests = false;

  constructor(private readonly size: number) {}

  get bytes(): number {
    return this.isForgotten ? 0 : this.size;
  }

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
    const shown = renders.make({ bytes: 0 }, takenBy({ takes: 2 }));
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

  it('is what is known besides not put down for again, until it is shown less', () => {
    const renders = new ShownRenders({ maxShownBytes: ROOM, maxConnectionShownBytes: ROOM });
    const shown = renders.make({ bytes: 0 }, takenBy({ takes: 2 }));
    const rows = (shown.beside = new Rows(ROOM));
    const rested = [100, 101, 10, 10].map((count) => {
      shown.next(page(count), 'epoch');
      return rows.rests;
    });
    expect(rested).toEqual([true, true, false, false]);
  });

  const shownTo = (renders: ShownRenders, html: string, takes = 2) => {
    const shown = renders.make({ bytes: 0 }, takenBy({ takes }));
    shown.show(html, 'epoch');
    return shown;
  };

  it('is compared once for all who are shown the same and are sent the same', () => {
    const renders = new ShownRenders({ maxShownBytes: 10 * ROOM, maxConnectionShownBytes: ROOM });
    const viewers = [1, 2, 3].map(() => shownTo(renders, page(1)));
    const [first, ...others] = viewers.map((viewer) => viewer.next(page(2), 'epoch'));
    expect(first).toEqual([3, [1, '2']]);
    others.forEach((patch) => expect(patch).toBe(first));
  });

  it('is compared anew for whoever shows something else, is sent something else, or takes something else', () => {
    const make = () => new ShownRenders({ maxShownBytes: 10 * ROOM, maxConnectionShownBytes: ROOM });
    const longer = page(1).replace('</ul>', '<li>one more</li></ul>');
    const renders = make();
    const all = [2, 1, 0].flatMap((takes) =>
      [page(1), page(2), longer, page(1)].flatMap((before) =>
        [longer, page(2), page(3), page(3)].map((after) => ({ before, after, takes })),
      ),
    );
    for (const { before, after, takes } of all) {
      const patch = shownTo(renders, before, takes).next(after, 'epoch');
      expect(patch).toEqual(shownTo(make(), before, takes).next(after, 'epoch'));
    }
  });

  it('is put down for others first where it was shown something longest ago', () => {
    const size = shownTo(new ShownRenders({ maxShownBytes: ROOM, maxConnectionShownBytes: ROOM }), page(1)).room;
    const renders = new ShownRenders({ maxShownBytes: 4 * size, maxConnectionShownBytes: ROOM });
    const [first, second, third] = [1, 2, 3].map(() => shownTo(renders, page(1)));
    // There is still room for one, so that it is known who comes last.
    expect(first.next(page(2), 'epoch')).toBeDefined();
    const more = [1, 2].map(() => shownTo(renders, page(1)));
    expect(renders.bytes).toBe(4 * size);
    expect([first, second, third, ...more].map(({ html }) => html !== undefined)).toEqual([
      true,
      false,
      true,
      true,
      true,
    ]);
    expect(second.next(page(2), 'epoch')).toBeUndefined();
  });

  it('is no longer there when the last one has left', () => {
    const renders = new ShownRenders({ maxShownBytes: 10 * ROOM, maxConnectionShownBytes: ROOM });
    const viewers = [1, 2].map(() => shownTo(renders, page(1)));
    const [first] = viewers.map((viewer) => viewer.next(page(2), 'epoch'));
    viewers.forEach((viewer) => viewer.forget());
    const again = shownTo(renders, page(1)).next(page(2), 'epoch');
    expect(again).toEqual(first);
    expect(again).not.toBe(first);
  });
});
