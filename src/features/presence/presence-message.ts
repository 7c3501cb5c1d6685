import type { Guest } from './person.js';

/** Who is where, from node to node: hints, in the order of each node's numbers. */
export const PRESENCE = 'nest-live.presence';

interface Numbered {
  readonly node: string;
  /** How much this node has said so far. */
  readonly v: number;
}

/** Everybody on one topic of this node. */
export interface Said extends Numbered {
  readonly topic: string;
  readonly people: readonly Guest[];
}

/** All topics of a node; each is said anew behind it. */
export interface Beginning extends Numbered {
  readonly topics: readonly string[];
}

export type PresenceMessage =
  | ({ readonly kind: 'said' } & Said)
  | ({ readonly kind: 'begin' } & Beginning)
  | ({ readonly kind: 'beat' } & Numbered)
  | { readonly kind: 'ask'; readonly node: string; readonly of: string };

const MAX_CHARS = 1_024;

// Whoever can write to the bus may write anything: a message is taken field by field, of the types it should have.
export const readPresenceMessage = (message: unknown): PresenceMessage | undefined => {
  const { kind, node, v, topic, people, topics, of } = fieldsOf(message);
  if (!isText(node)) {
    return undefined;
  }
  if (kind === 'ask') {
    return isText(of) ? { kind, node, of } : undefined;
  }
  if (!Number.isSafeInteger(v)) {
    return undefined;
  }
  const numbered = { node, v: v as number };
  if (kind === 'said' && isText(topic) && Array.isArray(people) && people.every(isGuest)) {
    return { kind, ...numbered, topic, people };
  }
  if (kind === 'begin' && Array.isArray(topics) && topics.every(isText)) {
    return { kind, ...numbered, topics };
  }
  return kind === 'beat' ? { kind, ...numbered } : undefined;
};

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= MAX_CHARS;

const isGuest = (value: unknown): value is Guest => {
  const { who, id, tenant, since } = fieldsOf(value);
  return (
    isText(who) &&
    typeof since === 'number' &&
    [id, tenant].every((one) => one === undefined || typeof one === 'string')
  );
};
