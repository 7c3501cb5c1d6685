import { changedAttribute } from './changed-attribute.js';

const ATTRIBUTE = /[\s/]([^\s/=>"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?/g;
/** The same, with a place of its own: `matchAll` begins at the place of its pattern. */
const NEXT_ATTRIBUTE = /[\s/]([^\s/=>"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?/g;
const SIGN = /^(?:live-(?:id|key|ignore|click.*|submit.*)|id|name|type|is)$/i;
const KEYED = /(?:live-id|live-key|id|data-key)\s*=/i;
const QUOTED = /^(["'])([^]*)\1$/;

/** The surest first. */
const KEYS = ['live-id', 'live-key', 'id', 'data-key'];
const LIVE = /live-/i;

/** Of several boxes or radio buttons with one name, the value says which it is. */
const CHOICE = /\stype\s*=\s*["']?(?:radio|checkbox)\b/i;

/**
 * What of a start tag says which element it is: its name in the page, what choosing it means, and what a click on it does. One
 * that says something else is another element, or a second click would be another event.
 */
export const identityOf = (tag: string): string => {
  const isChoice = CHOICE.test(tag);
  const says = (name: string): boolean => SIGN.test(name) || (isChoice && /^value$/i.test(name));
  return Array.from(tag.matchAll(ATTRIBUTE), ([, name, value = '']) => (says(name) ? `${name}=${value} ` : '')).join(
    '',
  );
};

/** Whether an attribute says which element it is, whatever the element. */
export const isSign = (name: string): boolean => SIGN.test(name);

/** Whether two start tags say the same of which element it is. */
export const isSameIdentity = (tag: string, nextTag: string): boolean => {
  if (tag === nextTag) return true;
  const changed = changedAttribute(tag, nextTag);
  // A value says something of a choice alone.
  if (changed?.end === nextTag.length && !/^value$/i.test(changed.name)) return !isSign(changed.name);
  return identityOf(tag) === identityOf(nextTag);
};

/** The name that the author, or the server, has given to an element: '' for one without. */
export const keyOf = (tag: string): string => {
  if (!KEYED.test(tag)) return '';
  const surest = LIVE.test(tag) ? 0 : KEYS.indexOf('id');
  const seen = new Set<number>();
  let [rank, key] = [KEYS.length, ''];
  NEXT_ATTRIBUTE.lastIndex = 0;
  for (let match = NEXT_ATTRIBUTE.exec(tag); match && rank > surest; match = NEXT_ATTRIBUTE.exec(tag)) {
    const [, name, value = ''] = match;
    const found = KEYS.indexOf(name.toLowerCase());
    // Of two attributes of one name, a browser takes the first.
    if (found < 0 || seen.has(found)) continue;
    seen.add(found);
    const given = found < rank ? value.replace(QUOTED, '$2') : '';
    if (given !== '') [rank, key] = [found, given];
  }
  return key;
};

const ROW = /[\s/](?:live-key\s*=|id\s*=[^>]*\d)/i;

/** A key makes a row, and so does an id that counts: in one, numbers in names only say which row it is. */
export const isRow = (tag: string): boolean => ROW.test(tag);

const IGNORED = /\slive-ignore[\s=/>]/i;

/** Left to a script, with all that is in it. */
export const isIgnored = (tag: string): boolean => IGNORED.test(tag);
