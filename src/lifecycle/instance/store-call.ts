import { LiveError } from '../../errors/live-error.js';
import { caught, type Soon } from '../../protocol/soon.js';

/** Asks the store; a store that cannot answer is a retryable refusal, never an unknown outcome. */
export const askStore = <T>(ask: () => Soon<T>): Soon<T> => caught(ask, unanswered);

const unanswered = (error: unknown): never => {
  if (error instanceof LiveError) {
    throw error;
  }
  throw new LiveError('STORE_UNAVAILABLE', 'the state store did not answer', { cause: error, retryAfterMs: 500 });
};

const REFUSALS = {
  TAKEN: 'MOUNT_TAKEN',
  GONE: 'INSTANCE_NOT_FOUND',
  EXPIRED: 'STATE_EXPIRED',
  NOCS: 'CLIENT_SESSION_EXPIRED',
  BACK: 'STATE_ROLLED_BACK',
  EPOCH: 'STATE_ROLLED_BACK',
} as const;

export const storeRefusal = (kind: keyof typeof REFUSALS): LiveError =>
  new LiveError(REFUSALS[kind], `the store answered ${kind}`);
