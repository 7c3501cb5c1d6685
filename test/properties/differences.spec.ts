import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseFragment } from 'parse5';

import type { ElementTree } from '../../src/patch/element-tree.js';
import { difference } from '../../src/patch/html-difference.js';
import { readElements } from '../../src/patch/read-elements.js';
import { takenBy } from '../../src/patch/taken.js';
import { applied, elementsIn, placesOf, rootOf, rootText } from './applied-patch.js';
import { twoRenders } from './random-markup.js';
import { RUNS } from './runs.js';

const names = (html: string) => placesOf(rootOf(html)).map(({ tagName }) => tagName);

describe('elements of a render', () => {
  it('are those that a browser makes of it, or it is not read at all', () => {
    let read = 0;
    fc.assert(
      fc.property(twoRenders, ([html]) => {
        const tree = readElements(html);
        if (!tree) return;
        read += 1;
        expect(elementsIn(parseFragment(html))).toHaveLength(1);
        expect(tree.rules.map(({ name }) => name)).toEqual(names(html));
      }),
      { numRuns: RUNS * 10 },
    );
    expect(read).toBeGreaterThan(RUNS);
  });
});

const columnsOf = (tree: ElementTree) => {
  const { rules, starts, opens, closes, ends, sizes, closed } = tree;
  return [rules.map(({ name }) => name), ...[starts, opens, closes, ends, sizes, closed].map((column) => [...column])];
};

describe('elements that are read with those of an earlier render', () => {
  it('are those of the render by itself', () => {
    let read = 0;
    fc.assert(
      fc.property(twoRenders, ([before, after]) => {
        const [earlier, alone] = [readElements(before), readElements(after)];
        if (!earlier) return;
        const tree = readElements(after, earlier);
        expect(tree === undefined).toBe(alone === undefined);
        if (!tree || !alone) return;
        read += 1;
        expect(columnsOf(tree)).toEqual(columnsOf(alone));
      }),
      { numRuns: RUNS * 20 },
    );
    expect(read).toBeGreaterThan(RUNS);
  });
});

describe('the difference of two renders', () => {
  it('makes of the one exactly the other', () => {
    let found = 0;
    let ordered = 0;
    fc.assert(
      fc.property(twoRenders, ([before, after]) => {
        const [one, other] = [readElements(before), readElements(after)];
        const parts = one && other && difference(one, other, takenBy({ takes: 2 }));
        if (!parts) return;
        found += 1;
        if (parts.some(([, what]) => typeof what !== 'string')) ordered += 1;
        expect(applied(before, parts)).toBe(rootText(parseFragment(after)));
      }),
      { numRuns: RUNS * 10 },
    );
    expect(found).toBeGreaterThan(RUNS);
    expect(ordered).toBeGreaterThan(RUNS / 2);
  });
});
