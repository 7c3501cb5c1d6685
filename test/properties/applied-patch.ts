import { parseFragment, serialize, type Node } from 'parse5';

import type { PatchPart } from '../../src/protocol/envelope.js';

type Writable = { -readonly [Name in keyof Node]: Node[Name] };

export const elementsIn = ({ childNodes = [] }: Node): readonly Node[] => childNodes.filter(({ tagName }) => tagName);

const has = ({ attrs = [] }: Node, name: string): boolean => attrs.some((attribute) => attribute.name === name);

/** As the browser client counts them. */
export const placesOf = (node: Node, isRoot = true): readonly Node[] => {
  const isClosed = /^(?:svg|math|select)$/.test(node.tagName!) || has(node, 'live-ignore') || has(node, 'live-id');
  return isClosed && !isRoot ? [node] : [node, ...elementsIn(node).flatMap((child) => placesOf(child, false))];
};

export const rootText = (fragment: Node): string => serialize({ nodeName: '', childNodes: elementsIn(fragment) });

export const rootOf = (html: string): Node => elementsIn(parseFragment(html))[0];

/** What a browser that shows one render does with a difference. */
export const applied = (html: string, parts: readonly PatchPart[]): string => {
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
