import type { Need } from './frame.js';
import type { WireError } from './wire.js';

/**
 * What a refusal asks of the session, besides a need: `settle`: the event is over. `wait`: the same number again later.
 * `gap`: again from the number the server waits for. `end`: nothing helps but a person or a new page.
 */
export type Recovery = Need | 'settle' | 'wait' | 'gap' | 'end';

/** What was sent is more than the server takes, or cannot be read: it is refused alone, and all else is as it was. */
export const TOO_MUCH: readonly string[] = ['BAD_FRAME', 'TOO_LARGE'];

const RECOVERIES: readonly (readonly [Recovery, readonly string[]])[] = [
  [
    'mount',
    [
      ...TOO_MUCH,
      'UNKNOWN_COMPONENT',
      'STATE_INVALID',
      'STATE_EXPIRED',
      'STATE_OUTDATED',
      'INSTANCE_NOT_FOUND',
      'MOUNT_TAKEN',
    ],
  ],
  ['fresh', ['UNKNOWN_EVENT', 'CLIENT_SESSION_EXPIRED', 'STATE_ROLLED_BACK', 'INTERNAL']],
  ['join', ['STATE_STALE', 'SEQ_TOO_OLD']],
  ['gap', ['SEQ_GAP']],
  ['end', ['ORIGIN_REJECTED', 'SESSION_REVOKED', 'UNSUPPORTED_PROTOCOL']],
];

export const recoveryOf = ({ code, retryable }: WireError): Recovery =>
  RECOVERIES.find(([, codes]) => codes.includes(code))?.[0] ?? (retryable ? 'wait' : 'settle');
