import { sessionLifeOf } from '../../sessions/session-store.js';

export interface SessionOptions {
  /** How long a login lives without a page being loaded, in milliseconds. @default 86_400_000 (24 hours) */
  readonly ttlMs?: number;
  /** How often each open connection asks whether its caller still is one, in milliseconds. @default 30_000 */
  readonly recheckMs?: number;
}

export interface ResolvedSessions {
  readonly ttlMs: number;
  readonly recheckMs: number;
}

/** What the sessions need to know of the application. */
export interface SessionSettings extends ResolvedSessions {
  /** Believe `X-Forwarded-Proto`. */
  readonly trustProxy: boolean;
}

export const SESSION_SETTINGS = Symbol('nest-live:sessions');

/** @throws RangeError */
export const resolveSessions = ({
  ttlMs = 24 * 60 * 60_000,
  recheckMs = 30_000,
}: SessionOptions = {}): ResolvedSessions => ({ ttlMs: sessionLifeOf(ttlMs), recheckMs });
