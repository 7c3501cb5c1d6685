import { morphAttributes } from './attributes.js';
import { isControl, settleControl, type Cause, type Control } from './control.js';
import { isNotice } from './notice.js';
import { attributeOf, invoke, property, withDescendants } from './unshadowed.js';

declare global {
  interface Element {
    moveBefore?: (node: Node, before: Node | null) => void;
  }
}

export interface MorphOptions {
  /** The event this render answers; none for a push. */
  readonly cause?: Cause;
  /** Called for each element that enters the page. */
  readonly added: (element: Element) => void;
}

const isElement = (node: Node): node is Element => node instanceof Element;

/** Identity among siblings. Fields keep theirs by name, so that text never moves to another field. */
const keyOf = (node: Node): string => {
  if (!isElement(node)) return '';
  const of = (name: string) => attributeOf(node, name);
  const key = of('live-key') || of('id') || of('live-id') || (isControl(node) && node.name && node.type + node.name);
  return key ? property(node, 'nodeName') + key : '';
};

/** Makes `from` look like `to`, keeping what a person or another script has done to it. */
export const morph = (from: Element, to: Element, options: MorphOptions): void => {
  const focused = property(document, 'activeElement') as HTMLElement | null;
  morphElement(from, to, options);
  // Moved by a browser that cannot keep the focus while moving; the caret stays with the element.
  if (focused && focused !== property(document, 'activeElement') && invoke(from, 'contains', focused))
    invoke(focused, 'focus', { preventScroll: true });
};

const morphElement = (from: Element, to: Element, options: MorphOptions): void => {
  if (attributeOf(from, 'live-ignore') !== null) return;
  const settle = isControl(from) && settleControl(from, to as Control, options.cause);
  morphAttributes(from, to);
  morphChildren(from, to, options);
  if (settle) settle();
};

const morphNode = (from: Node, to: Node, options: MorphOptions): void => {
  if (!isElement(from)) {
    const text = property(to, 'nodeValue');
    if (property(from, 'nodeValue') !== text) (from as CharacterData).data = text!;
    return;
  }
  const nested = attributeOf(from, 'live-id');
  if (!nested) return morphElement(from, to as Element, options);
  // A nested component renders itself; another instance in its place is another element.
  if (nested === attributeOf(to as Element, 'live-id')) return;
  invoke(from, 'replaceWith', to);
  enter(to, options);
};

const enter = (node: Node, { added }: MorphOptions): void => {
  if (isElement(node)) for (const element of withDescendants(node)) added(element);
};

/** Our own notices are left where they are. */
const visible = (node: Node | null): ChildNode | null => {
  while (node && isNotice(node)) node = property(node, 'nextSibling');
  return node as ChildNode | null;
};

const morphChildren = (from: Element, to: Element, options: MorphOptions): void => {
  const keyed = new Map<string, Element[]>();
  for (const child of property(from, 'children')) {
    const same = keyed.get(keyOf(child)) ?? [];
    same.push(child);
    keyed.set(keyOf(child), same);
  }
  const wanted = new Set(Array.from(property(to, 'children'), keyOf));
  let cursor = visible(property(from, 'firstChild'));
  const drop = (node: ChildNode) => {
    cursor = visible(property(node, 'nextSibling'));
    invoke(node, 'remove');
  };
  for (const next of [...property(to, 'childNodes')]) {
    const key = keyOf(next);
    const match = key ? keyed.get(key)?.shift() : alike(cursor, next);
    if (!match) {
      invoke(from, 'insertBefore', next, cursor);
      enter(next, options);
      continue;
    }
    while (cursor && cursor !== match && !(keyOf(cursor) && wanted.has(keyOf(cursor)))) drop(cursor);
    if (cursor === match) cursor = visible(property(match, 'nextSibling'));
    // Moving keeps media and frames alive; only newer browsers can.
    else (property(from, 'moveBefore') ?? property(from, 'insertBefore')).call(from, match, cursor);
    morphNode(match, next, options);
  }
  while (cursor) drop(cursor);
};

/** The nearest sibling without a key that can become `next`; text only at the very place. */
const alike = (cursor: Node | null, next: Node): Node | undefined => {
  for (let node = cursor; node; node = visible(property(node, 'nextSibling'))) {
    if (property(node, 'nodeName') === property(next, 'nodeName') && !keyOf(node)) return node;
    if (!isElement(next)) return;
  }
  return;
};
