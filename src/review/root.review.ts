import type { CompiledTemplate } from '../rendering/compiled-template.js';
import { secondRoot } from '../rendering/single-root.js';
import { offsetOf, withoutData } from './written-attributes.js';

/** Where a template opens a second root element, whatever the data is. */
export const secondRootOf = ({ ast, source }: CompiledTemplate): { tag: string; offset: number } | undefined => {
  let text = withoutData(source).replaceAll('\ue000', ' ');
  for (const node of ast.body) {
    if (node.type !== 'BlockStatement') continue;
    const [from, to] = [offsetOf(source, node.loc.start), offsetOf(source, node.loc.end)];
    const inside = text.slice(from, to);
    // A block that opens an element for another one to close: only a render can tell.
    if (count(inside, /<[a-z]/gi) !== count(inside, /<\//g)) return undefined;
    text = text.slice(0, from) + inside.replace(/[^\n]/g, ' ') + text.slice(to);
  }
  return secondRoot(text);
};

const count = (text: string, sign: RegExp): number => text.match(sign)?.length ?? 0;
