import { invoke, property } from './unshadowed.js';

type Attributes = ReadonlyMap<string, string>;

const owned = new WeakMap<Element, Attributes>();

const read = (element: Element): Attributes =>
  new Map(Array.from(property(element, 'attributes'), ({ name, value }) => [name, value]));

const tokens = (value = ''): string[] => value.match(/\S+/g) ?? [];

/** Remembers what the server rendered on this element; everything added later belongs to somebody else. */
export const ownAttributes = (element: Element): void => {
  if (!owned.has(element)) owned.set(element, read(element));
};

/** Sets or, with nothing, removes. */
export const putAttribute = (element: Element, name: string, value: string | undefined): void => {
  if (value === undefined) invoke(element, 'removeAttribute', name);
  else invoke(element, 'setAttribute', name, value);
};

/** Takes back what was put on the server's attribute. */
export const restoreAttribute = (element: Element, name: string): void =>
  putAttribute(element, name, owned.get(element)?.get(name));

/** Applies the template's change, from its last render to this one, and nothing else. */
export const morphAttributes = (from: Element, to: Element): void => {
  const before = owned.get(from) ?? read(from);
  const after = read(to);
  for (const name of [...before.keys(), ...after.keys()]) {
    const [old, value] = [before.get(name), after.get(name)];
    // Inline handlers would be code; a strict page refuses them anyway.
    if (old === value || name.startsWith('on')) continue;
    if (name === 'class') {
      const classes = property(from, 'classList');
      classes.remove(...tokens(old));
      classes.add(...tokens(value));
    } else putAttribute(from, name, value);
  }
  owned.set(from, after);
};
