import type { Position } from '../../protocol/envelope.js';

/** Hints that an instance has a new version: lost ones are healed by the sweep. */
export const HINTS = 'nest-live.hint';
/** Instances to be rendered again, on whatever node. */
export const REDRAWS = 'nest-live.instance';
/** What is meant for one node alone. */
export const nodeTopic = (node: string): string => `nest-live.node.${node}`;
/** Messages to topics: data, so a feed. */
export const TOPICS = 'nest-live.topics';

/** A commit, told to the other nodes. */
export interface Hint extends Position {
  readonly id: string;
  /** Who committed: that node knows already. */
  readonly node: string;
}

export interface Redraw {
  readonly id: string;
  /** A node that has done so already. */
  readonly node?: string;
}

export interface TopicMessage {
  readonly topic: string;
  readonly message?: unknown;
}

const MAX_ID_CHARS = 256;
const MAX_TOPIC_CHARS = 1_024;

// Whoever can write to the bus may write anything: each reader takes the fields it knows, of the types it expects.

export const readHint = (message: unknown): Hint | undefined => {
  const { id, e, v, node } = fieldsOf(message);
  return isText(id) && isText(e) && isText(node) && Number.isSafeInteger(v) && (v as number) >= 0
    ? { id, e, v: v as number, node }
    : undefined;
};

export const readRedraw = (message: unknown): Redraw | undefined => {
  const { id, node } = fieldsOf(message);
  return isText(id) && (node === undefined || isText(node)) ? { id, node } : undefined;
};

export const readTopicMessage = (message: unknown): TopicMessage | undefined => {
  const { topic, message: said } = fieldsOf(message);
  return isText(topic, MAX_TOPIC_CHARS) ? { topic, message: said } : undefined;
};

const fieldsOf = (message: unknown): Readonly<Record<string, unknown>> =>
  typeof message === 'object' && message !== null ? (message as Record<string, unknown>) : {};

const isText = (value: unknown, most = MAX_ID_CHARS): value is string =>
  typeof value === 'string' && value !== '' && value.length <= most;
