import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseFragment } from 'parse5';

import type { ElementTree } from '../../src/patch/element-tree.js';
import { difference } from '../../src/patch/html-difference.js';
import { alikeDifference } from '../../src/patch/alike-difference.js';
import { readAlike } from '../../src/patch/read-alike.js';
import { readElements } from '../../src/patch/read-elements.js';
import { withNumber } from '../../src/patch/patch-parts.js';
import { takenBy } from '../../src/patch/taken.js';
import { LongText } from '../../src/texts/long-text.js';
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

/** Classes are the same however they are parted, and each counts once. */
const asShown = (html: string): string =>
  html.replace(/ class="([^"]*)"/g, (_, names: string) => ` class="${[...new Set(names.match(/\S+/g))].join(' ')}"`);

describe('the difference of two renders', () => {
  it.each([2, 4])('makes of the one exactly the other, for a client that takes %i', (takes) => {
    let found = 0;
    let ordered = 0;
    fc.assert(
      fc.property(twoRenders, ([before, after]) => {
        const [one, other] = [readElements(before), readElements(after)];
        const parts = one && other && difference(one, other, takenBy({ takes }));
        if (!parts) return;
        found += 1;
        if (parts.some(([, what]) => typeof what === 'object')) ordered += 1;
        const made = applied(before, takes === 4 ? parts.map(withNumber) : parts);
        const wanted = rootText(parseFragment(after));
        expect(takes === 4 ? asShown(made) : made).toBe(takes === 4 ? asShown(wanted) : wanted);
      }),
      { numRuns: RUNS * 10 },
    );
    expect(found).toBeGreaterThan(RUNS);
    expect(ordered).toBeGreaterThan(RUNS / 2);
  });
});

describe('two renders in pieces', () => {
  /** Cut behind some of its signs: two that are alike are mostly cut alike. */
  const cut = (html: string, every: number): LongText => {
    const pieces: string[] = [];
    for (let from = 0; from < html.length; from += every) pieces.push(html.slice(from, from + every));
    return new LongText(pieces);
  };

  it('have the elements and the difference of the same renders as they are', () => {
    let found = 0;
    fc.assert(
      fc.property(twoRenders, fc.constantFrom(3, 20, 50), fc.constantFrom(3, 20, 50), (renders, every, everyNow) => {
        const [before, after] = renders;
        const [one, whole] = [readElements(cut(before, every)), readElements(before)];
        expect(one && columnsOf(one)).toEqual(whole && columnsOf(whole));
        if (!one || !whole) return;
        const [other, wholeNow] = [readElements(cut(after, everyNow), one), readElements(after, whole)];
        expect(other && columnsOf(other)).toEqual(wholeNow && columnsOf(wholeNow));
        if (!other || !wholeNow) return;
        const parts = difference(one, other, takenBy({ takes: 2 }));
        expect(parts).toEqual(difference(whole, wholeNow, takenBy({ takes: 2 })));
        // One of them may have been read from one text.
        expect(difference(whole, other, takenBy({ takes: 2 }))).toEqual(parts);
        if (parts) found += 1;
      }),
      { numRuns: RUNS * 10 },
    );
    expect(found).toBeGreaterThan(RUNS);
  });
});

describe('a render that has the elements of the one before', () => {
  /** Words and values that may come in each other's place. */
  const words = fc.constantFrom(
    '1',
    '12',
    '100',
    'a b',
    '',
    'x &lt; y',
    '&amp;',
    '<!-- -->',
    '<b>c</b>',
    '"',
    'x="y',
    "it's",
  );
  const markup = fc.constantFrom(
    '<section live-id="c" class="?" title="?"><p>Count <output>?</output></p><b data-x="?">?</b>?</section>',
    '<p live-id="c" class="?" class="?"><i live-ignore title="?">?</i><input value="?"><a href="?" id="?">?</a></p>',
    '<div live-id="c">?<table class="?"><tbody>?<tr id="r"><td class="?">?</td></tr></tbody></table><textarea>?</textarea></div>',
    '<ul live-id="c" hidden class="?"><li live-key="?">?</li><li data-a=? class="?">?</li><svg width="?"><g></g></svg></ul>',
    '<p live-id="c" title=\'?\' class="?"><b live-id="d" class="?">?</b><br class="?">?</p>',
    '<p live-id="c" live-ignore class="?">?</p>',
  );
  const two = fc
    .tuple(markup, fc.array(fc.tuple(words, words, fc.boolean()), { minLength: 8, maxLength: 8 }))
    .map(([html, values]) =>
      [0, 1].map((n) => {
        let at = 0;
        // Most stay what they are.
        return html.replace(/\?/g, () => {
          const [one, other, stays] = values[at++];
          return n === 1 && !stays ? other : one;
        });
      }),
    );

  it.each([1, 3])('is read, and told from it, as if nobody knew: to a client that takes %i', (takes) => {
    let [read, told] = [0, 0];
    fc.assert(
      fc.property(two, ([before, after]) => {
        const [earlier, alone] = [readElements(before), readElements(after)];
        const alike = earlier && readAlike(after, earlier);
        if (!alike) return;
        read += 1;
        expect(alone && columnsOf(alike.tree)).toEqual(alone && columnsOf(alone));
        expect(alone).toBeDefined();
        const parts = alikeDifference(alike, takenBy({ takes }));
        if (!parts) return;
        told += 1;
        const all = difference(earlier, alike.tree, takenBy({ takes: 0 })) ?? [];
        // What others show is left as it is.
        const isOthers = earlier.closed.some((closed) => closed !== 0);
        expect(asShown(applied(before, parts))).toBe(
          asShown(isOthers ? applied(before, all) : rootText(parseFragment(after))),
        );
      }),
      { numRuns: RUNS * 20 },
    );
    expect(read).toBeGreaterThan(RUNS);
    expect(told).toBeGreaterThan(RUNS / 2);
  });
});
