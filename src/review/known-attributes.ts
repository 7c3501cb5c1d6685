import { nearest } from './mistake.js';

/** What the browser client reads, by the part behind `live-`. */
const EVENTS = ['click', 'submit', 'change', 'input', 'keydown', 'keyup', 'focus', 'blur'] as const;

const OTHERS = [
  'model',
  'payload',
  'key',
  'ignore',
  'loading',
  'cancel',
  'optimistic',
  'queued',
  'retry',
  'upload',
  'drop',
  'progress',
  'upload-rows',
  'upload-error',
  'upload-name',
  'upload-cancel',
  'uploading',
  'dragging',
  'waiting',
  'resting',
  'notice',
  // Written by the server itself.
  'id',
  'component',
  'components',
  'url',
  'concurrency',
  'optimistic-events',
] as const;

/** Attributes whose names go on, with a name of the author's. */
const OPEN = ['live-on:', 'live-value-', 'live-shows:', 'live-shows'];

export const ATTRIBUTES: readonly string[] = [...EVENTS, ...OTHERS].map((name) => `live-${name}`);

/** An attribute's name without its modifiers. */
export const attributeOf = (name: string): string => name.split('.', 1)[0];

export const isKnownAttribute = (name: string): boolean =>
  ATTRIBUTES.includes(attributeOf(name)) || OPEN.some((open) => name.startsWith(open));

/** Attributes whose value names an event: of the browser, or of an application's own. */
export const callsEvent = (name: string): boolean =>
  name.startsWith('live-on:') || EVENTS.some((event) => attributeOf(name) === `live-${event}`);

/** How other libraries, and the browser, write what is listened to. */
const FOREIGN = /^(?:wire:|phx-|data-live-|v-on:|x-on:|ng-|@|\(|on)(?:on:)?(\w+)[).\w]*$/i;

/** The event that an attribute known from elsewhere may listen to. */
export const foreignEventOf = (name: string): string | undefined => FOREIGN.exec(name)?.[1];

const COMMON = ['prevent', 'stop', 'once', 'self', 'debounce', 'throttle'];
const OF_MODELS = ['live', 'lazy', 'blur', 'debounce', 'number', 'boolean'];
const DELAY = /^\d+m?s?$/;
/** Keys that have a word; the names of others are many, and what is near to none of these is left alone. */
const KEYS = [
  'enter',
  'escape',
  'tab',
  'space',
  'up',
  'down',
  'left',
  'right',
  'backspace',
  'delete',
  'home',
  'end',
  'insert',
];
/** What they are called elsewhere. */
const OTHER_KEYS: ReadonlyMap<string, string> = new Map([
  ['esc', 'escape'],
  ['return', 'enter'],
  ['del', 'delete'],
  ['arrowup', 'up'],
  ['arrowdown', 'down'],
  ['arrowleft', 'left'],
  ['arrowright', 'right'],
]);
const OF_KEYS = [...KEYS, 'pageup', 'pagedown', 'ctrl', 'alt', 'shift', 'meta'];

/** A modifier that is none; keys have names of their own. */
export const unknownModifier = (
  name: string,
): { readonly modifier: string; readonly known: readonly string[] } | undefined => {
  const attribute = attributeOf(name);
  const isKey = /^live-(?:on:)?key/.test(attribute);
  const known = attribute === 'live-model' ? OF_MODELS : callsEvent(name) && !isKey ? COMMON : undefined;
  if (isKey) {
    return wrongKey(name.split('.').slice(1));
  }
  const modifier = name
    .split('.')
    .slice(1)
    .find((one) => known && !known.includes(one) && !DELAY.test(one));
  return known && modifier !== undefined ? { modifier, known } : undefined;
};

const wrongKey = (written: readonly string[]): ReturnType<typeof unknownModifier> => {
  for (const modifier of written) {
    const other = OTHER_KEYS.get(modifier);
    if (other !== undefined) return { modifier, known: [other] };
    const isKnown = modifier.length < 4 || [...OF_KEYS, ...COMMON].includes(modifier);
    if (!isKnown && nearest(modifier, OF_KEYS, 2) !== undefined) return { modifier, known: OF_KEYS };
  }
  return undefined;
};
