import type { Reply } from './wire.js';

/** An event from the moment it is asked for until its outcome is known. It has a number once it was sent. */
export interface PendingEvent {
  readonly event: string;
  readonly payload?: unknown;
  fields?: Readonly<Record<string, unknown>>;
  /** What the page keeps beside it: trigger, values at send. The session does not look inside. */
  readonly source?: unknown;
  seq?: number;
  settle: (reply: Reply) => void;
}

/** Reserved event that only carries fields. */
export const SET = '$set';
