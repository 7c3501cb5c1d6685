import { renderedAttribute } from './attributes.js';
import { parts } from './parts.js';
import { attributeOf, property } from './unshadowed.js';

/** Old nodes by the new ones that they become. */
export type Partners = Map<Node, Node>;

export interface Scope {
  /** Ids of the instance, before and now: inside other names they say nothing. */
  readonly instances: readonly string[];
  /** Inside of a row that the author has keyed, where numbers in names only count the rows. */
  readonly inRow: boolean;
}

export type Sign = (element: Element) => string;

/** What is left to a script, and what is shown by the server, never become each other. */
const kindOf: Sign = (element) =>
  property(element, 'nodeName') + (renderedAttribute(element, 'live-ignore') === null ? '' : '!');

/** The id of a nested instance, the author's key, or what a control is called: '' for what has no name of its own. */
const nameOf: Sign = (element) => {
  const of = (name: string) => renderedAttribute(element, name);
  const nodeName = property(element, 'nodeName');
  const kind = kindOf(element);
  const { type, value } = element as HTMLInputElement;
  const key = of('live-id') || of('live-key') || of('id');
  const name = of('name');
  if (key) return `${kind}#${key}`;
  if (nodeName === 'OPTION') return `${kind}=${value}`;
  if (!name || !/^(INPUT|TEXTAREA|SELECT)$|-/.test(nodeName)) return '';
  // The type may change, but boxes and radio buttons of one name are several.
  return `${kind}.${name}` + (/^(checkbox|radio)$/.test(type) ? `=${value}` : '');
};

const withoutInstances = (key: string, { instances }: Scope): string =>
  instances.reduce((rest, id) => rest.replaceAll(id, ''), key);

/** A key of the author's makes a row, and so does an id that counts. */
export const isRow = (element: Element, scope: Scope): boolean =>
  attributeOf(element, 'live-key') !== null || /\d/.test(withoutInstances(attributeOf(element, 'id') ?? '', scope));

export const saying =
  (pattern: RegExp): Sign =>
  (element) =>
    Array.from(property(element, 'attributes'), ({ name, value }) => (pattern.test(name) ? ` ${value}` : '')).join('') +
    kindOf(element);

/** What an element does: one that sends another event is another element, or a second click would be that event. */
export const deedOf = saying(/^live-(click|submit)/);

/** Who becomes whom among siblings: from the surest sign to the weakest, each element once. */
export const pairSiblings = (olds: readonly Element[], news: readonly Element[], scope: Scope): Partners => {
  const partners: Partners = new Map();
  const free = new Set(olds);
  let open = news;

  /** Pairs those that have a sign in common; with limits, first where no more than so many have it. */
  const pairBy = (signsOf: (element: Element) => readonly string[], limits = [Infinity]) => {
    const signs = new Map([...free, ...open].map((element) => [element, new Set(signsOf(element))]));
    for (const most of limits) {
      const [waiting, coming] = [free, open].map((elements) => {
        const index = new Map<string, Element[]>();
        for (const element of elements) {
          for (const sign of signs.get(element)!)
            index
              .set(sign, index.get(sign) ?? [])
              .get(sign)!
              .push(element);
        }
        return index;
      });
      open = open.filter((element) => {
        for (const sign of signs.get(element)!) {
          const same = waiting.get(sign) ?? [];
          if (!sign || Math.max(same.length, coming.get(sign)!.length) > most) continue;
          while (same.length && !free.has(same[0])) same.shift();
          if (!same.length) continue;
          partners.set(element, same[0]);
          return !free.delete(same[0]);
        }
        return true;
      });
    }
  };

  const named: Sign = (element) => withoutInstances(nameOf(element), scope);
  pairBy((element) => [named(element)]);
  if (scope.inRow) pairBy((element) => [named(element).replace(/\d+/g, '')]);
  // What has a name is nobody else.
  for (const old of free) if (named(old)) free.delete(old);
  open = open.filter((element) => !named(element));

  pairBy((element) => [deedOf(element)], [1]);
  for (const signsOf of (open.length && parts.signs) || []) {
    pairBy((element) => signsOf(element, named), [1, Infinity]);
  }
  pairBy((element) => [deedOf(element)]);
  return partners;
};
