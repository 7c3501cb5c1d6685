/** What is known of an element by its name, as far as it says how a browser reads what follows. */
export interface TagRule {
  readonly name: string;
  readonly isVoid: boolean;
  /** Its content is text to a browser, up to its end tag. */
  readonly isRaw: boolean;
  /** Read by rules of their own, and shown as a whole where anything in it has changed. */
  readonly isLeaf: boolean;
  /** SVG and MathML. */
  readonly isForeign: boolean;
  readonly isControl: boolean;
  /** A browser reads it, or what is in it, otherwise than it is written. */
  readonly isRefused: boolean;
  /** It ends an open paragraph. */
  readonly endsParagraph: boolean;
  /** Elements that cannot hold another one of its kind: the inner one would end the outer one. */
  readonly alone?: string;
  /** Where alone it stays where it is written. */
  readonly parents?: ReadonlySet<string>;
  /** What alone stays in it. */
  readonly children?: ReadonlySet<string>;
  /** What is in it means something else without its start tag: a line break behind it, rows without a body. */
  readonly isReadWhole: boolean;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const VOID = words('area base basefont bgsound br col embed hr img input link meta param source track wbr');
const RAW = words('script style textarea title iframe xmp noembed noframes');
const REFUSED = words(
  'html head body frameset frame template noscript plaintext image isindex selectedcontent listing marquee object applet keygen',
);
const FOREIGN = words('svg math');
const ENDS_PARAGRAPH = words(
  'address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3 h4 ' +
    'h5 h6 header hgroup hr li dd dt main menu nav ol p pre search section summary table ul xmp',
);
const HEADINGS = words('h1 h2 h3 h4 h5 h6');
const ALONE = words('a button form nobr');
const SECTIONS = words('thead tbody tfoot');

const PARENTS: Readonly<Record<string, ReadonlySet<string>>> = {
  li: words('ul ol menu'),
  dt: words('dl'),
  dd: words('dl'),
  option: words('select optgroup datalist'),
  optgroup: words('select'),
  caption: words('table'),
  colgroup: words('table'),
  col: words('colgroup'),
  thead: words('table'),
  tbody: words('table'),
  tfoot: words('table'),
  tr: SECTIONS,
  td: words('tr'),
  th: words('tr'),
  rt: words('ruby'),
  rp: words('ruby'),
};

const CHILDREN: Readonly<Record<string, ReadonlySet<string>>> = {
  table: words('caption colgroup thead tbody tfoot'),
  colgroup: words('col'),
  thead: words('tr'),
  tbody: words('tr'),
  tfoot: words('tr'),
  tr: words('td th'),
  select: words('option optgroup hr'),
  optgroup: words('option'),
  option: words(''),
};

const rules = new Map<string, TagRule>();

/** Names come from templates and data: those beyond so many are looked up anew. */
const MAX_RULES = 1_000;

export function ruleOf(written: string): TagRule {
  const known = rules.get(written);
  if (known) return known;
  const rule = make(written.toLowerCase());
  if (rules.size < MAX_RULES) rules.set(written, rule);
  return rule;
}

const make = (name: string): TagRule => ({
  name,
  isVoid: VOID.has(name),
  isRaw: RAW.has(name),
  isLeaf: RAW.has(name) || FOREIGN.has(name) || name === 'select',
  isForeign: FOREIGN.has(name),
  isControl: name === 'input' || name === 'select' || name === 'textarea',
  isRefused: REFUSED.has(name),
  endsParagraph: ENDS_PARAGRAPH.has(name),
  alone: ALONE.has(name) ? name : HEADINGS.has(name) ? 'heading' : undefined,
  parents: PARENTS[name],
  children: Object.hasOwn(CHILDREN, name) ? CHILDREN[name] : undefined,
  isReadWhole: name === 'pre' || name === 'table',
});

/** A row that stands in a table itself gets a body around it. */
export const BODY = ruleOf('tbody');
