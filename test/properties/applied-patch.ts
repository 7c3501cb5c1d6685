import { parseFragment, serialize, type Node } from 'parse5';

import type { ListOrder, PatchPart } from '../../src/protocol/envelope.js';

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

/** A child with the text that goes along with it. */
const unitOf = (parent: Node, child: Node, text: number): readonly Node[] => {
  const all = parent.childNodes!;
  const isText = (node: Node | undefined) => node !== undefined && !node.tagName;
  let [from, end] = [all.indexOf(child), all.indexOf(child) + 1];
  while (text === 0 && isText(all[from - 1])) from -= 1;
  while (text === 1 && isText(all[end])) end += 1;
  return all.slice(from, end);
};

const arrange = (
  parent: Writable,
  places: readonly Node[],
  { order, text }: { order: ListOrder; text: number },
): void => {
  const olds = elementsIn(parent);
  const all = [...parent.childNodes!];
  const placed = (place: number) => (place === 0 ? olds.at(-1)! : places[place]);
  const units = new Map(olds.map((child) => [child, unitOf(parent, child, text)]));
  const owned = new Set([...units.values()].flat());
  const kept: Node[] = [];
  for (let n = 0; n < order.length; n += 1) {
    const one = order[n];
    if (typeof one === 'string') {
      kept.push(...parseFragment(one).childNodes!);
      continue;
    }
    if (typeof one !== 'number') throw new Error('it is like another one, which is not known here');
    // 0 is the last one, and alone all of them.
    const from = one === 0 ? 0 : olds.indexOf(places[one]);
    const last = placed(one === 0 ? 0 : (order[(n += 1)] as number));
    const run = olds.slice(from, olds.indexOf(last) + 1);
    kept.push(...run.flatMap((child) => units.get(child)!));
  }
  const first = all.findIndex((node) => owned.has(node));
  const head = first < 0 ? (text === 0 ? [] : all) : all.slice(0, first);
  const tail = all.slice(head.length).filter((node) => !owned.has(node));
  parent.childNodes = [...head, ...kept, ...tail];
};

const tokensOf = (value: string): readonly string[] => value.match(/\S+/g) ?? [];

/** The classes of an element, but for those named: they go, or come where they were not. */
const toggled = ({ attrs = [] }: Node, names: string): string => {
  const before = tokensOf(attrs.find(({ name }) => name === 'class')!.value);
  const named = tokensOf(names);
  return [...before.filter((one) => !named.includes(one)), ...named.filter((one) => !before.includes(one))].join(' ');
};

/** What a browser that shows one render does with a difference. */
export const applied = (html: string, parts: readonly PatchPart[]): string => {
  const fragment = parseFragment(html);
  patchIn(fragment, parts);
  return rootText(fragment);
};

/** The same in what was parsed before, as a browser does it. */
export const patchIn = (fragment: Node, parts: readonly PatchPart[]): void => {
  const places = placesOf(elementsIn(fragment)[0]);
  // Those of lists come after all else: an order names the places of before.
  for (const [place, text, what] of parts) {
    const node = places[place] as Writable;
    if (typeof text === 'object') continue;
    const attributes = what === 4 ? `class="${toggled(node, String(text))}"` : text;
    const isPart = what === 3 || what === 4;
    const made = parseFragment(isPart ? `<${node.tagName} ${attributes}>` : String(text));
    if (what === undefined) node.childNodes = made.childNodes;
    else {
      const [own] = elementsIn(made);
      const all = new Map([...(isPart ? node.attrs! : []), ...own.attrs!].map((one) => [one.name, one]));
      node.attrs = [...all.values()];
      if (what === 2) node.childNodes = own.childNodes;
    }
  }
  for (const [place, order, text = 0] of parts) {
    if (typeof order === 'object') arrange(places[place], places, { order, text });
  }
};
