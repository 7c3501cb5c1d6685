import { createHash } from 'node:crypto';

import type { LiveCaller } from '../../lifecycle/caller.js';

/** Where the values of a caller are: in the login itself, or under a name that only this server can make. */
export interface SessionPlace {
  readonly id: string;
  /** It ends with the login, and is never begun again. */
  readonly isLogin: boolean;
}

const places = new WeakMap<LiveCaller, SessionPlace>();

/** A digest, so that no id of ours is one that a cookie could name. */
export const digestOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

/** One browser under one user: whoever signs in or out there has other values. */
export const placeOf = (caller: LiveCaller): SessionPlace => {
  const known = places.get(caller);
  if (known) {
    return known;
  }
  const { isLogin, sessionId, id, tenant = '' } = caller;
  const place = isLogin ? { id: sessionId, isLogin } : { id: `visit.${digestOf(sessionId, id, tenant)}`, isLogin };
  places.set(caller, place);
  return place;
};
