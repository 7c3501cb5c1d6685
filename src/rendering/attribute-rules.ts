import { UNKNOWN } from './markup-state.js';

/**
 * What data may be in an attribute.
 * - `text`: anything; addresses among them are judged when they are rendered.
 * - `word`: letters, digits, `-` and `_`, judged when it is rendered.
 * - `json`: what `{{json}}` prints.
 * - `code`: nothing that has not been declared safe.
 */
export type AttributeRule = 'text' | 'word' | 'json' | 'code';

export interface AttributePlace {
  readonly tag: string;
  readonly attribute: string;
  /** What is written in front. */
  readonly written: string;
  /** Inside SVG or MathML. */
  readonly foreign: boolean;
  /** The element is a `<meta>` that gives the browser an order. */
  readonly orders: boolean;
}

/** Attributes that a browser or a library takes for a script: Alpine, Vue, Angular, Knockout, Datastar, hyperscript. */
const SCRIPT = /^(?:on|@|:|#|\(|\[|\*|x-|v-|ng-|data-ng-|wire:|up-on-|data-on[-:]|_$|script$|data-(?:script|bind)$)/;

/** htmx and its extensions know their attributes by either name, and so do we. */
const PREFIXED = /^data-(?=(?:hx|sse|ws|live)-)/;

const HTMX: Readonly<Record<string, AttributeRule>> = {
  ...all('code', 'vars', 'trigger', 'ws', 'sse', 'ext'),
  ...all('json', 'vals', 'headers', 'request'),
  ...all('text', 'confirm', 'prompt', 'get', 'post', 'put', 'patch', 'delete', 'push-url', 'replace-url'),
};

const LIVE: Readonly<Record<string, AttributeRule>> = {
  ...all('json', 'payload', 'optimistic'),
  ...all('text', 'key', 'progress', 'upload-cancel'),
};

/** Whatever stands there is run, chooses what is run, or changes what other addresses and elements mean. */
const OF_ELEMENT: Readonly<Record<string, ReadonlySet<string>>> = {
  script: new Set(['src', 'href', 'type', 'language', 'for', 'event']),
  base: new Set(['href', 'target']),
  link: new Set(['href', 'imagesrcset', 'rel', 'as', 'type']),
  meta: new Set(['http-equiv']),
  iframe: new Set(['sandbox', 'allow', 'csp']),
};
const OF_ANY: ReadonlySet<string> = new Set(['srcdoc', 'is']);
const OF_ANIMATIONS: ReadonlySet<string> = new Set(['attributename', 'to', 'from', 'by', 'values']);
const ANIMATION = /^(?:animate.*|set)$/;
/** They stand in SVG, wherever their template does. */
const OF_SVG = /^(?:math|use|feimage|mpath|textpath|pattern|filter|lineargradient|radialgradient|animate.*|set)$/;

export function ruleOf({ tag, attribute: name, written, foreign, orders }: AttributePlace): AttributeRule {
  const attribute = name.replace(PREFIXED, '');
  if (SCRIPT.test(attribute) || attribute.startsWith('hx-on')) return 'code';
  if (attribute.startsWith('hx-')) return HTMX[attribute.slice(3)] ?? 'word';
  if (attribute.startsWith('sse-') || attribute.startsWith('ws-'))
    return attribute.endsWith('-connect') ? 'text' : 'word';
  if (attribute.startsWith('live-value-')) return 'text';
  if (attribute.startsWith('live-')) return LIVE[attribute.slice(5)] ?? 'code';
  if (OF_ANY.has(attribute) || OF_ELEMENT[tag]?.has(attribute)) return 'code';
  if (tag === 'meta' && attribute === 'content' && orders) return 'code';
  if (ANIMATION.test(tag) && OF_ANIMATIONS.has(attribute)) return 'code';
  const isLink = attribute === 'xlink:href' || (attribute === 'href' && (foreign || OF_SVG.test(tag)));
  return isLink && !isChosen(tag, written) ? 'code' : 'text';
}

/** What an address in SVG leads to is written out: a part of the page itself, or of a file, or a path of this site. */
function isChosen(tag: string, written: string): boolean {
  const [start] = written.split(UNKNOWN);
  if (start.includes('#')) return true;
  return (tag === 'a' || tag === 'image') && /^\/[\w.~-]/.test(start);
}

function all(rule: AttributeRule, ...names: readonly string[]): Record<string, AttributeRule> {
  return Object.fromEntries(names.map((name) => [name, rule]));
}
