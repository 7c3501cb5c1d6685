import { isForeign, morphAttributes, ownAttributes } from './attributes.js';
import type { Change } from './change.js';
import { isControl, type Control } from './control.js';
import { holdEntries, type Cause, type Entries } from './entries.js';
import { isRow, pairSiblings, type Scope } from './identity.js';
import { parts } from './parts.js';
import { patching } from './patching.js';
import { attributeOf, invoke, property, withDescendants } from './unshadowed.js';

declare global {
  interface Element {
    moveBefore?: (node: Node, before: Node | null) => void;
  }
}

interface Patch extends Scope {
  readonly held: Entries;
}

const isElement = (node: Node): node is Element => node instanceof Element;

/**
 * Makes `from` look like `to`, keeping what a person or another script has done to it. `cause` is the event this render
 * answers; none for a push.
 * @public by tests of a patch alone
 */
export const morph = (from: Element, to: Element, cause?: Cause): void =>
  morphParts(from, [{ from, wanted: to, what: 2 }], cause);

/** The same for some elements of a component; `shown` are all that it has. */
export const morphParts = (
  root: Element,
  changes: readonly Change[],
  cause?: Cause,
  shown: readonly Element[] = [],
): void =>
  patching(() => {
    const held = holdEntries(root, cause);
    const instances = [root, ...changes.map(({ wanted }) => wanted)].flatMap(
      (node) => (isElement(node) && attributeOf(node, 'live-id')) || [],
    );
    for (const { from, wanted, what, list } of changes) {
      const ignored = invoke(from, 'closest', '[live-ignore]');
      if (ignored && invoke(root, 'contains', ignored)) continue;
      if (list) {
        list.show(enter);
        continue;
      }
      const patch = { held, instances, inRow: false };
      for (let around = from; around !== root && !patch.inRow; around = property(around, 'parentElement')!)
        patch.inRow = isRow(around, patch);
      if (what === 2) morphElement(from, wanted as Element, patch);
      else if (what) morphAttributes(from, wanted as Element, what > 2);
      else morphChildren(from, wanted, patch);
    }
    held.settle(shown);
  });

const morphElement = (from: Element, to: Element, patch: Patch): void => {
  if (attributeOf(from, 'live-ignore') !== null) return;
  if (isControl(from)) patch.held.meet(from, to as Control);
  morphAttributes(from, to);
  const inside = { ...patch, inRow: patch.inRow || isRow(to, patch) };
  for (const [fragment, wanted] of parts.fragments?.(from, to) ?? []) morphChildren(fragment, wanted, inside);
  morphChildren(from, to, inside);
};

const morphNode = (from: Node, to: Node, patch: Patch): void => {
  if (!isElement(from)) {
    const text = property(to, 'nodeValue');
    if (property(from, 'nodeValue') !== text) (from as CharacterData).data = text!;
    // A nested component renders itself.
  } else if (!attributeOf(from, 'live-id')) morphElement(from, to as Element, patch);
};

const enter = (parent: Element, node: Node, before: Node | null): void => {
  // As the server rendered it: a custom element changes itself as soon as it is in the page.
  if (isElement(node)) withDescendants(node).forEach(ownAttributes);
  invoke(parent, 'insertBefore', node, before);
};

/** Our own notices are left where they are. */
const visible = (node: Node | null): ChildNode | null => {
  while (node && parts.isNotice?.(node)) node = property(node, 'nextSibling');
  return node as ChildNode | null;
};

const after = (node: Node): ChildNode | null => visible(property(node, 'nextSibling'));

const morphChildren = (from: Node, to: Node, patch: Patch): void => {
  const parent = from as Element;
  const olds = [...property(parent, 'childNodes')].filter((node) => !parts.isNotice?.(node));
  const news = [...property(to as Element, 'childNodes')];
  const ours = olds.filter((node) => isElement(node) && !isForeign(node, from));
  const partners = pairSiblings(ours as Node[] as Element[], news.filter(isElement), patch);
  const taken = new Set<Node>(partners.values());
  let next: Node | null | undefined = visible(property(parent, 'firstChild'));
  for (const node of news) {
    // Text is what stands behind the same neighbour.
    if (next && !isElement(node) && !taken.has(next) && property(next, 'nodeName') === property(node, 'nodeName')) {
      partners.set(node, next);
      taken.add(next);
    }
    const partner = partners.get(node);
    next = partner && after(partner);
  }
  for (const old of olds) if (!taken.has(old)) invoke(old, 'remove');

  const stays = parts.staying?.(
    news.flatMap((node) => partners.get(node) ?? []),
    olds,
  );
  let cursor = visible(property(parent, 'firstChild'));
  for (const node of news) {
    const old = partners.get(node);
    if (!old) {
      enter(parent, node, cursor);
      continue;
    }
    if (old === cursor || stays?.has(old)) cursor = after(old);
    // Moving keeps media and frames alive; only newer browsers can.
    else (property(parent, 'moveBefore') ?? property(parent, 'insertBefore')).call(parent, old, cursor);
    morphNode(old, node, patch);
  }
};
