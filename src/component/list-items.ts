import { temporalKindOf } from './temporal.js';

type Messages = Record<string, readonly string[]>;

type Kind = 'a string' | 'a number' | 'true or false' | 'a list' | 'an object' | 'nothing';

/** What a list may hold of which nothing else is known: values that every template can print. */
const PLAIN: readonly Kind[] = ['a string', 'a number', 'true or false'];

/**
 * What is wrong with the items that a page sends for a list, by path. TypeScript leaves no type of the items behind: what
 * the list holds now says what it may hold, and an empty one takes plain values.
 */
export const wrongItems = (name: string, list: readonly unknown[], present: unknown): Messages => {
  const wrong: Messages = {};
  collect({ at: name, list, present: Array.isArray(present) ? present : [] }, wrong);
  return wrong;
};

/** Of a list whose items a class describes: which of them are no objects. */
export const noObjects = (name: string, list: readonly unknown[]): Messages =>
  Object.fromEntries(
    list.flatMap((item, index) => (isObject(item) ? [] : [[`${name}.${index}`, ['must be an object']] as const])),
  );

interface Lists {
  readonly at: string;
  readonly list: readonly unknown[];
  readonly present: readonly unknown[];
}

const collect = ({ at, list, present }: Lists, wrong: Messages): void => {
  const known = present.length === 0 ? PLAIN : [...new Set(present.map(kindOf))];
  const lists = present.filter((item): item is unknown[] => Array.isArray(item)).flat();
  const objects = present.filter(isObject);
  list.forEach((item, index) => {
    const path = `${at}.${index}`;
    if (!known.includes(kindOf(item))) wrong[path] = [`must be ${known.join(' or ')}`];
    else if (Array.isArray(item)) collect({ at: path, list: item, present: lists }, wrong);
    else if (isObject(item)) collectMembers({ at: path, item, objects }, wrong);
  });
};

/** A member that no present item has is not one that the list can hold. */
const collectMembers = (
  { at, item, objects }: { at: string; item: Record<string, unknown>; objects: readonly Record<string, unknown>[] },
  wrong: Messages,
): void => {
  for (const [key, value] of Object.entries(item)) {
    const like = objects.filter((one) => Object.hasOwn(one, key)).map((one) => one[key]);
    const path = `${at}.${key}`;
    const known = [...new Set(like.map(kindOf))];
    if (known.length === 0) wrong[path] = ['is not known'];
    else if (!known.includes(kindOf(value))) wrong[path] = [`must be ${known.join(' or ')}`];
    else if (Array.isArray(value)) {
      collect({ at: path, list: value, present: like.filter((one) => Array.isArray(one)).flat() }, wrong);
    } else if (isObject(value)) collectMembers({ at: path, item: value, objects: like.filter(isObject) }, wrong);
  }
};

const isObject = (value: unknown): value is Record<string, unknown> => kindOf(value) === 'an object';

const kindOf = (value: unknown): Kind => {
  switch (typeof value) {
    case 'string':
      return 'a string';
    case 'number':
    case 'bigint':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'object':
      if (value === null) return 'nothing';
      // A date comes as text, and so does what is of `Temporal`.
      if (value instanceof Date || temporalKindOf(value)) return 'a string';
      return Array.isArray(value) ? 'a list' : 'an object';
    default:
      return 'nothing';
  }
};
