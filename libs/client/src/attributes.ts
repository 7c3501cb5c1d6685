import { parseDirective } from './directive.js';
import { listen } from './listening.js';
import { parts } from './parts.js';
import { attributeOf, invoke, property } from './unshadowed.js';

type Attributes = Map<string, string>;

const owned = new WeakMap<Node, Attributes>();

const read = (element: Element): Attributes =>
  new Map(Array.from(property(element, 'attributes'), ({ name, value }) => [name, value]));

const tokens = (value = ''): string[] => value.match(/\S+/g) ?? [];

const own = (element: Element, attributes: Attributes): void => {
  owned.set(element, attributes);
  // An instruction may be the first of its kind.
  for (const name of attributes.keys()) if (name.startsWith('live-on:')) listen(parseDirective(name)!.type);
};

/** Remembers what the server rendered on this element; everything added later belongs to somebody else. */
export const ownAttributes = (element: Element): void => {
  if (owned.has(element)) return;
  const attributes = read(element);
  parts.asRendered?.(element, attributes);
  own(element, attributes);
};

/** Whether the server rendered it, and no other script. */
export const isOwned = (element: Element): boolean => owned.has(element);

/** What the server rendered, whatever another script has made of it. */
export const renderedAttribute = (element: Element, name: string): string | null => {
  const attributes = owned.get(element);
  return attributes ? (attributes.get(name) ?? null) : attributeOf(element, name);
};

/** Its classes as the server rendered them, but for those named: they go, or come where they were not. */
export const withToggled = (element: Element, names: string | number): string => {
  const all = tokens(`${renderedAttribute(element, 'class')} ${names}`);
  return all.filter((name) => all.indexOf(name) === all.lastIndexOf(name)).join(' ');
};

/** Whether another script put this child beside what the server rendered. */
export const isForeign = (child: Node, parent: Node): boolean => owned.has(parent) && !owned.has(child);

/** Sets or, with nothing, removes. */
export const putAttribute = (element: Element, name: string, value: string | undefined): void => {
  if (value === undefined) invoke(element, 'removeAttribute', name);
  else invoke(element, 'setAttribute', name, value);
};

/** Takes back what was put on the server's attribute. */
export const restoreAttribute = (element: Element, name: string): void =>
  putAttribute(element, name, owned.get(element)?.get(name));

/** As the parser made it: with its namespace, and with names that `setAttribute` takes in some browsers only. */
const copyAttribute = (from: Element, attribute: Attr): void => {
  invoke(from, 'setAttributeNode', attribute.cloneNode() as Attr);
};

/** Applies the template's change, from its last render to this one, and nothing else. `keeps`: what is not in `to` stays. */
export const morphAttributes = (from: Element, to: Element, keeps?: boolean): void => {
  const before = owned.get(from) ?? read(from);
  const after = new Map([...(keeps ? before : []), ...read(to)]);
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [old, value] = [before.get(name), after.get(name)];
    // Inline handlers would be code; a strict page refuses them anyway.
    if (old === value || name.startsWith('on')) continue;
    if (name === 'class') {
      const classes = property(from, 'classList');
      classes.remove(...tokens(old));
      classes.add(...tokens(value));
    } else if (value === undefined) putAttribute(from, name, value);
    else copyAttribute(from, invoke(to, 'getAttributeNode', name)!);
  }
  own(from, after);
};
