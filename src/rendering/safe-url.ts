import { Parser } from 'htmlparser2';

const BLOCKED = 'about:blank#blocked';
const DANGEROUS = /^(?:javascript:|vbscript:|data:(?:text\/(?:html|xml)|application\/(?:[\w.-]+\+)?xml))/i;
/** Whatever these load runs, or changes what every other address means. */
const ACTIVE_ELEMENTS: ReadonlySet<string> = new Set([
  'base',
  'embed',
  'frame',
  'iframe',
  'link',
  'object',
  'script',
  'use',
]);
const DANGEROUS_IN_ACTIVE = /^(?:javascript:|vbscript:|data:)/i;
const ICON = /^data:image\//i;
// Browsers skip control characters and white space in a scheme, so the check must not see them either.
// eslint-disable-next-line no-control-regex
const IGNORED_BY_BROWSERS = /[\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff]/g;
/** No scheme can begin so, or only a harmless one; decoding would not change that. */
const HARMLESS_START = /^(?:[\w.+-]*[/?#]|(?:https?|mailto|tel):)/i;
const ADDRESSES: ReadonlySet<string> = new Set([
  'action',
  'background',
  'cite',
  'formaction',
  'href',
  'longdesc',
  'manifest',
  'poster',
  'src',
  'xlink:href',
]);
const LISTS: ReadonlySet<string> = new Set(['srcset', 'imagesrcset', 'ping', 'attributionsrc']);
/** What a library in the page asks for HTML, which it puts into the page: this site alone. */
const OWN = /^(?:data-)?(?:hx-(?:get|post|put|patch|delete|push-url|replace-url)|(?:sse|ws)-connect)$/;
const OWN_START = /^(?:\/[\w.~-]|[\w.~-]+\/|[?#])/;
const FOREIGN = /^(?:[a-z][a-z\d+.-]*:|[/\\]{2})/i;
/** They can give another element an address. */
const ANIMATIONS: ReadonlySet<string> = new Set(['animate', 'set']);
const STEPS: ReadonlySet<string> = new Set(['to', 'from', 'by', 'values']);
/** What `<meta http-equiv="refresh" content>` has in front of its address. */
const REFRESH = /^[\s\d.]*[\d.][\s;,]*(?:url\s*=\s*)?["']?/i;

/** Whether an attribute holds an address that a browser may follow or load. */
export const isAddress = (attribute: string, tag: string) =>
  ADDRESSES.has(attribute) ||
  OWN.test(attribute) ||
  (attribute === 'data' && tag === 'object') ||
  listIn(attribute, tag) !== undefined;

/** Whether an attribute that begins so is harmless, whatever follows. */
export const isHarmlessStart = (start: string, attribute: string, tag: string) =>
  listIn(attribute, tag) === undefined && (OWN.test(attribute) ? OWN_START : HARMLESS_START).test(start);

/** The address, or `about:blank#blocked` when a browser could run it as a script. */
export function safeUrl(value: unknown): string {
  const url = value === null || value === undefined ? '' : `${value as string}`;
  return DANGEROUS.test(compact(url)) ? BLOCKED : url;
}

/** The same for an attribute value as it stands in HTML, character references and all. */
export function safeAddress(written: string, tag: string, attribute: string): string {
  if (isHarmlessStart(written, attribute, tag)) return written;
  const text = written.includes('&') ? decoded(written) : written;
  const addresses = listIn(attribute, tag)?.(text) ?? [text];
  const isRefused = (address: string) => (OWN.test(attribute) ? FOREIGN.test(address) : isDangerous(address, tag));
  return addresses.some((address) => isRefused(compact(address))) ? BLOCKED : written;
}

function isDangerous(address: string, tag: string): boolean {
  if (!ACTIVE_ELEMENTS.has(tag)) return DANGEROUS.test(address);
  return DANGEROUS_IN_ACTIVE.test(address) && !(tag === 'link' && ICON.test(address));
}

const compact = (address: string) => address.replace(IGNORED_BY_BROWSERS, '');

/** How an attribute that holds more than one address, or more than an address, is taken apart. */
function listIn(attribute: string, tag: string): ((text: string) => string[]) | undefined {
  if (LISTS.has(attribute)) return (text) => text.split(/[\s,]+/);
  if (ANIMATIONS.has(tag) && STEPS.has(attribute)) return (text) => text.split(';');
  if (tag === 'meta' && attribute === 'content')
    return (text) => (REFRESH.test(text) ? [text.replace(REFRESH, '')] : []);
  return undefined;
}

function decoded(written: string): string {
  let value = '';
  const parser = new Parser({ onattribute: (_name, found) => (value = found) });
  parser.end(`<a href="${written.replaceAll('"', '&quot;')}">`);
  return value;
}
