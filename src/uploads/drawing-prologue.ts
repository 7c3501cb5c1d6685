const NAMESPACE = 'http://www.w3.org/2000/svg';

/** What may stand in front of the first element, and where each ends. XML 1.0 §2.8. */
const STEPS: readonly (readonly [begin: string, endOf: (text: string, at: number) => number])[] = [
  ['<?', (text, at) => after(text, '?>', at)],
  ['<!--', (text, at) => after(text, '-->', at)],
  ['<!doctype svg', endOfDoctype],
  ['<!doctype ', endOfDoctype],
];

/** Whether an XML text is a drawing: its first element is `svg`, by whatever prefix. Reads each sign once. */
export const isDrawing = (text: string): boolean => {
  let at = 0;
  for (;;) {
    while (/\s/.test(text.charAt(at))) at++;
    const step = STEPS.find(([begin]) => text.slice(at, at + begin.length).toLowerCase() === begin);
    if (!step) return isRoot(text.slice(at));
    at = step[1](text, at + step[0].length);
    if (at < 0) return false;
  }
};

const after = (text: string, end: string, at: number): number => {
  const found = text.indexOf(end, at);
  return found < 0 ? -1 : found + end.length;
};

/** Behind the declaration, with its own list of entities. An entity from elsewhere is no part of a drawing: none is taken. */
function endOfDoctype(text: string, from: number): number {
  const inside = /"[^"]*"|'[^']*'|<!--|<!entity\s+(?:%\s+)?[^\s"'<>]+\s+(?:system|public)\b|\[|\]|>/gi;
  inside.lastIndex = from;
  let isInList = false;
  for (let found = inside.exec(text); found; found = inside.exec(text)) {
    const [sign] = found;
    if (sign === '[') isInList = true;
    else if (sign === ']') isInList = false;
    else if (sign === '>' && !isInList) return inside.lastIndex;
    else if (sign === '<!--') inside.lastIndex = after(text, '-->', inside.lastIndex);
    else if (/^<!entity/i.test(sign)) return -1;
    if (inside.lastIndex < 0) return -1;
  }
  return -1;
}

const isRoot = (text: string): boolean => {
  const root = /^<(?:([a-z_][\w.-]*):)?svg(?=[\s/>])([^>]*)/i.exec(text);
  if (!root) return false;
  const [, prefix, attributes] = root;
  if (prefix === undefined) return true;
  const given = new Map(
    Array.from(attributes.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g), ([, name, one, two]) => [
      name,
      one ?? two,
    ]),
  );
  return given.get(`xmlns:${prefix}`) === NAMESPACE || /^&[\w.-]+;$/.test(given.get(`xmlns:${prefix}`) ?? '');
};
