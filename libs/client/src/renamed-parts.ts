import { attributeOf, invoke, property, withDescendants } from './unshadowed.js';

/**
 * Ids that hold the instance's own (`{{field}}` makes them, labels and messages point to them) become those of the new
 * instance before it is shown in the old one's place: each control stays itself, with what is in it.
 */
export const renameParts = (root: Element, html: string): void => {
  const before = attributeOf(root, 'live-id');
  const [, after] = / live-id="([^"]*)"/.exec(html) ?? [];
  if (!before || !after || before === after) return;
  for (const element of withDescendants(root)) {
    for (const { name, value } of [...property(element, 'attributes')]) {
      if (value.includes(before) && !name.startsWith('live-'))
        invoke(element, 'setAttribute', name, value.replaceAll(before, after));
    }
  }
};
