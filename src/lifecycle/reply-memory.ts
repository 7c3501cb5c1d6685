import type { Effects, ErrorReply } from '../protocol/envelope.js';

/** What is kept of an answer so that a repeated number gets it again: effects or the refusal, never HTML. */
export interface ReplyMemory {
  readonly effects: Effects;
  readonly refused?: ErrorReply;
}

export const remember = (effects: Effects): string =>
  Object.keys(effects).length > 0 ? JSON.stringify({ effects }) : '';

export const rememberRefusal = (refused: ErrorReply): string => JSON.stringify({ effects: {}, refused });

export const recall = (reply: string): ReplyMemory =>
  reply === '' ? { effects: {} } : (JSON.parse(reply) as ReplyMemory);
