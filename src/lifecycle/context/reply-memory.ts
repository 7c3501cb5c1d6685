import type { Effects, ErrorReply } from '../../protocol/envelope.js';
import type { StateChange } from '../../state/state-store.js';

/** The state after an answer, where its page keeps it. */
export interface HeldState extends StateChange {
  readonly version: number;
}

/** What is kept of an answer so that a repeated number gets it again: effects or the refusal, never HTML. */
export interface ReplyMemory {
  readonly effects: Effects;
  readonly refused?: ErrorReply;
  readonly held?: HeldState;
  /** Of an event that may have shown previews. */
  readonly done?: true;
  /** Whether what was entered held. */
  readonly valid?: boolean;
  /** What features noted, by feature. */
  readonly notes?: Notes;
}

export type Notes = Readonly<Record<string, unknown>>;

/** Shared, so that an event without notes allocates nothing. */
export const NO_NOTES: Notes = Object.freeze({});

export const remember = (
  effects: Effects,
  { notes = NO_NOTES, done, valid }: Pick<ReplyMemory, 'notes' | 'done' | 'valid'>,
): string => {
  if (Object.keys(notes).length > 0) {
    return JSON.stringify({ effects, notes, done, valid });
  }
  const isPlain = !done && valid === undefined && Object.keys(effects).length === 0;
  return isPlain ? '' : JSON.stringify({ effects, done, valid });
};

export const rememberRefusal = (refused: ErrorReply): string => JSON.stringify({ effects: {}, refused });

/** Adds the state to what `remember` or `rememberRefusal` has made. */
export const rememberHeld = (reply: string, held: HeldState): string => JSON.stringify({ ...recall(reply), held });

export const recall = (reply: string): ReplyMemory =>
  reply === '' ? { effects: {} } : (JSON.parse(reply) as ReplyMemory);
