import { describe, expect, it } from '@jest/globals';

import { addTo, countOf, isAmong, membersOf, someOf, takeFrom, type Group } from './groups.js';

describe('what stands under one key', () => {
  it.each([0, 1, 2, 5])('is what a set would hold, for %i of them', (many) => {
    const groups = new Map<string, Group<string>>();
    const all = Array.from({ length: many }, (_, n) => `member ${n}`);
    all.forEach((one) => [1, 2].forEach(() => addTo(groups, 'key', one)));
    const found = groups.get('key');
    expect([membersOf(found), countOf(found)]).toEqual([all, many]);
    expect(all.every((one) => isAmong(found, one) && someOf(found, (member) => member === one))).toBe(true);
    expect([isAmong(found, 'nobody'), someOf(found, () => false)]).toEqual([false, false]);
    expect(takeFrom(groups, 'key', 'nobody')).toBe(false);
    expect(all.map((one) => takeFrom(groups, 'key', one))).toEqual(all.map((_, n) => n === many - 1));
    expect(groups.size).toBe(0);
  });
});
