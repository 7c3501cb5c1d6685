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

const COMMON = ['prevent', 'stop', 'once', 'self', 'debounce', 'throttle'];
const OF_MODELS = ['live', 'lazy', 'blur', 'debounce', 'number', 'boolean'];
const DELAY = /^\d+m?s?$/;

/** A modifier that is none; keys have names of their own. */
export const unknownModifier = (
  name: string,
): { readonly modifier: string; readonly known: readonly string[] } | undefined => {
  const attribute = attributeOf(name);
  const isKey = /^live-(?:on:)?key/.test(attribute);
  const known = attribute === 'live-model' ? OF_MODELS : callsEvent(name) && !isKey ? COMMON : undefined;
  const modifier = name
    .split('.')
    .slice(1)
    .find((one) => known && !known.includes(one) && !DELAY.test(one));
  return known && modifier !== undefined ? { modifier, known } : undefined;
};
