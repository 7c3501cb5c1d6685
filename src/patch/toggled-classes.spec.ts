import { toggledClasses } from './toggled-classes.js';

const MANY = Array.from({ length: 64 }, (_, n) => `c${n}`).join(' ');

describe('the classes by which a value differs from another', () => {
  it.each([
    ['counter even', 'counter odd', 'even odd'],
    ['row ', 'row on', 'on'],
    ['row on', 'row ', 'on'],
    ['a b c', 'a c', 'b'],
  ])('of "%s" and "%s" are "%s"', (before, after, said) => {
    expect(toggledClasses(before, after)).toBe(said);
  });

  it.each([
    ['a a b', 'a c', 'one stands there twice'],
    ['a b', 'a c c', 'one comes twice'],
    ['a\tb', 'a\tc', 'other spaces part them'],
    [`${MANY} a`, `${MANY} b`, 'they are too many to be compared with each other'],
    ['a b', 'b a', 'only the order is another one'],
    ['a b', 'c a b', 'one comes in front of those that stay'],
    ['a &amp; b', 'a b', 'it would have to be read first'],
    ['one two three', 'x', 'it is longer than the value'],
  ])('do not say what becomes of "%s" with "%s": %s', (before, after) => {
    expect(toggledClasses(before, after)).toBeUndefined();
  });
});
