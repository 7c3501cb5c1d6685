import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseFragment, serialize, type Node } from 'parse5';

import { difference } from '../../src/patch/html-difference.js';
import { readElements } from '../../src/patch/read-elements.js';
import type { PatchPart } from '../../src/protocol/envelope.js';
import { twoRenders } from './random-markup.js';
import { RUNS } from './runs.js';

type Writable = { -readonly [Name in keyof Node]: Node[Name] };

const elementsIn = ({ childNodes = [] }: Node): readonly Node[] => childNodes.filter(({ tagName }) => tagName);

const has = ({ attrs = [] }: Node, name: string): boolean => attrs.some((attribute) => attribute.name === name);

/** As the browser client counts them. */
const placesOf = (node: Node, isRoot = true): readonly Node[] => {
  const isClosed = /^(?:svg|math|select)$/.test(node.tagName!) || has(node, 'live-ignore') || has(node, 'live-id');
  return isClosed && !isRoot ? [node] : [node, ...elementsIn(node).flatMap((child) => placesOf(child, false))];
};

const rootText = (fragment: Node): string => serialize({ nodeName: '', childNodes: elementsIn(fragment) });

const rootOf = (html: string): Node => elementsIn(parseFragment(html))[0];

/** What a browser that shows one render does with a difference. */
const applied = (html: string, parts: readonly PatchPart[]): string => {
  const fragment = parseFragment(html);
  const places = placesOf(elementsIn(fragment)[0]);
  for (const [place, text, what] of parts) {
    const node = places[place] as Writable;
    const made = parseFragment(text);
    if (what === undefined) node.childNodes = made.childNodes;
    else {
      const [own] = elementsIn(made);
      node.attrs = own.attrs;
      if (what === 2) node.childNodes = own.childNodes;
    }
  }
  return rootText(fragment);
};

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

describe('the difference of two renders', () => {
  it('makes of the one exactly the other', () => {
    let found = 0;
    fc.assert(
      fc.property(twoRenders, ([before, after]) => {
        const [one, other] = [readElements(before), readElements(after)];
        const parts = one && other && difference(one, other);
        if (!parts) return;
        found += 1;
        expect(applied(before, parts)).toBe(rootText(parseFragment(after)));
      }),
      { numRuns: RUNS * 10 },
    );
    expect(found).toBeGreaterThan(RUNS);
  });
});
