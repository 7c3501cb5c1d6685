/** What went wrong, by the part of the oracle that saw it. */
export type FindingKind =
  | 'ended'
  | 'unhandled'
  | 'polluted'
  | 'canary'
  | 'canary-state'
  | 'no-ack'
  | 'excess-ack'
  | 'no-answer'
  | 'server-error'
  | 'tells'
  | 'logs'
  | 'leak'
  | 'lag';

export interface Complaint {
  readonly kind: FindingKind;
  readonly what: string;
}

const STACK = /\bat (?:async )?[\w.<>]* ?\(?[^()\s]*\.(?:js|ts|mjs):\d+/;
const INSIDE = [/node_modules/, /\/(?:home|work|root|tmp|usr)\/\w/, /redis:\/\//, /a key that signs nothing/];

/** Something of the inside in what was sent to a client. */
export const told = (text: string): string | undefined =>
  [STACK, ...INSIDE].map((pattern) => pattern.exec(text)?.[0]).find((found) => found !== undefined);
