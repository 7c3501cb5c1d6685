/** The one attribute in which two start tags differ. */
export interface ChangedAttribute {
  readonly name: string;
  /** As it stands in the first one, without its quotes. */
  readonly before: string;
  /** As it stands in the second one, without its quotes. */
  readonly value: string;
  /** Where the second start tag ends. */
  readonly end: number;
}

/** Values without quotes, and quotes of the other kind, are left to whoever reads all of a tag. */
const OTHERWISE = /=[^"]|'/;
const BREAK = /[\s/]/;
const START: Begin = { at: 0, same: 0 };

/** Where a start tag begins in a text, and how much of it is known to be the same. */
interface Begin {
  readonly at: number;
  readonly same: number;
}

/**
 * The attribute by which a start tag in a text differs from another one: nothing where it is more than one value, or where nobody
 * can say so without reading all of it.
 */
export const changedAttribute = (
  tag: string,
  html: string,
  { at, same: from } = START,
): ChangedAttribute | undefined => {
  if (OTHERWISE.test(tag)) return undefined;
  let same = from;
  while (same < tag.length && tag.charCodeAt(same) === html.charCodeAt(at + same)) same += 1;
  const quote = openQuoteBefore(tag, same);
  const close = tag.indexOf('"', same);
  const closeNew = html.indexOf('"', at + same);
  if (quote < 0 || close < 0 || closeNew < 0) return undefined;
  const end = closeNew + tag.length - close;
  if (html.slice(closeNew, end) !== tag.slice(close)) return undefined;
  let start = quote - 1;
  while (start > 0 && !BREAK.test(tag.charAt(start - 1))) start -= 1;
  const name = tag.slice(start, quote - 1);
  // Of two attributes of one name, a browser takes the first.
  if (tag.toLowerCase().indexOf(name.toLowerCase()) !== start) return undefined;
  const before = tag.slice(quote + 1, close);
  return { name, before, value: html.slice(at + quote + 1, closeNew), end };
};

/** Where the value begins in which a place of a start tag is; negative for a place in none. */
const openQuoteBefore = (tag: string, place: number): number => {
  for (let open = tag.indexOf('"'); open >= 0 && open < place;) {
    if (tag.charAt(open - 1) !== '=') return -1;
    const close = tag.indexOf('"', open + 1);
    if (close < 0 || close >= place) return open;
    open = tag.indexOf('"', close + 1);
  }
  return -1;
};
