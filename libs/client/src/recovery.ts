import type { Need } from './frame.js';
import type { WireError } from './wire.js';

/**
 * What a refusal asks of the session, besides a need: `settle`: the event is over. `wait`: the same number again later.
 * `gap`: again from the number the server waits for. `end`: nothing helps but a person or a new page.
 */
export type Recovery = Need | 'settle' | 'wait' | 'gap' | 'end';

// Prefixes of the codes; the first that fits.
const RECOVERIES: readonly (readonly [Recovery, RegExp])[] = [
  ['mount', /^(BAD|TOO_L|UNKNOWN_C|STATE_[IEO]|INST|MOUNT)/],
  ['fresh', /^(UNKNOWN|CLIENT|STATE_R|INTERNAL)/],
  ['join', /^(STATE_STALE|SEQ_T)/],
  ['gap', /^SEQ/],
  ['end', /^(ORIGIN|SESSION|UNSUPP)/],
];

export const recoveryOf = ({ code, retryable }: WireError): Recovery =>
  RECOVERIES.find(([, codes]) => codes.test(code))?.[0] ?? (retryable ? 'wait' : 'settle');
