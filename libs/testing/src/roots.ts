/** A live root as a page has it. */
export interface Root {
  readonly component: string;
  readonly id: string;
  readonly state: string;
  readonly html: string;
}

const TAG = /<(\/?)([a-zA-Z][\w-]*)((?:\s[^<>]*)?)>/g;
const VOID = /^(area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i;

const rootOf = (attributes: string): Partial<Record<string, string>> =>
  Object.fromEntries(
    [...attributes.matchAll(/ live-(id|component|state)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );

/** The live roots in the HTML, in its order; each with everything in it. */
export const rootsIn = (html: string): readonly Root[] => {
  const roots: (Root & { readonly at: number })[] = [];
  const open: { readonly at: number; readonly tag: string; readonly attributes: string }[] = [];
  for (const { 0: text, 1: slash, 2: tag, 3: attributes, index } of html.matchAll(TAG)) {
    if (slash === '') {
      if (!VOID.test(tag)) open.push({ at: index, tag, attributes });
      continue;
    }
    const start = open.pop();
    const { id, component, state = '' } = rootOf(start?.attributes ?? '');
    if (start && id !== undefined && component !== undefined) {
      roots.push({ at: start.at, component, id, state, html: html.slice(start.at, index + text.length) });
    }
  }
  return roots.sort((a, b) => a.at - b.at);
};
