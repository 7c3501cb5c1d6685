import { changed } from './prediction.js';

describe('a prediction', () => {
  it.each([
    ['4', '+1', '5'],
    ['4', '-1', '3'],
    [' 0.1 ', '+0.2', '0.3'],
    ['-1', '-1', '-2'],
    ['1,204', '+1', undefined],
    ['', '+1', undefined],
    ['many', '-1', undefined],
  ])('counts from %j by %j to %j', (before, change, after) => {
    expect(changed(before, change, false)).toBe(after);
  });

  it.each([
    [true, false],
    [false, true],
    ['true', 'false'],
    ['false', 'true'],
    [null, true],
  ])('turns %j into %j', (before, after) => {
    expect(changed(before, 'toggle', false)).toBe(after);
    // What shows the opposite turns as well.
    expect(changed(before, 'toggle', true)).toBe(after);
  });

  it.each([
    ['done', 'done'],
    [7, '7'],
    [true, true],
  ])('is the value %j itself otherwise', (change, after) => {
    expect(changed('open', change, false)).toBe(after);
  });

  it('is the opposite of a value where the place shows the opposite', () => {
    expect([changed(false, true, true), changed(false, false, true)]).toEqual([false, true]);
  });

  it('is nothing for what no page can show', () => {
    expect([changed('', null, false), changed('', { a: 1 }, false), changed('', [1], false)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
