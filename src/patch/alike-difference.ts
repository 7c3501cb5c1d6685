import type { PatchPart } from '../protocol/envelope.js';
import { attributePart } from './attribute-part.js';
import { isIgnored, isSign } from './element-identity.js';
import type { Alike } from './read-alike.js';
import { costOf } from './patch-cost.js';
import type { Taken } from './taken.js';

/**
 * What there is to do to a render to make it one that has the same elements. Nothing where it takes more than values of attributes,
 * and texts that stand alone in their element.
 */
export const alikeDifference = ({ tree, changes }: Alike, taken: Taken): readonly PatchPart[] | undefined => {
  if (isIgnored(tree.tag(0))) return undefined;
  const parts: PatchPart[] = [];
  for (const [place, attribute] of changes) {
    // Another component, or a script, shows it.
    if (tree.closed[place] !== 0) continue;
    const { isControl, isLeaf, isReadWhole } = tree.rules[place];
    if (isControl || isLeaf || isReadWhole) return undefined;
    if (attribute === undefined) {
      if (tree.sizes[place] > 0) return undefined;
      parts.push([place, tree.inner(place)]);
    } else {
      if (isSign(attribute.name)) return undefined;
      parts.push(attributePart(place, attribute, taken));
    }
  }
  return costOf(parts) < tree.html.length ? parts : undefined;
};
