import { createHash } from 'node:crypto';

import type { Owner } from '../../budgets/budget.js';
import type { LiveCaller } from '../../lifecycle/caller/caller.js';

/** Where the values of a caller are: in the login itself, or under a name that only this server can make. */
export interface SessionPlace {
  readonly id: string;
  /** It ends with the login, and is never begun again. */
  readonly isLogin: boolean;
  /** For whom it counts. */
  readonly owner: Owner;
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
  const { isLogin, sessionId, id, tenant = '', owner } = caller;
  const place = { id: isLogin ? sessionId : `visit.${digestOf(sessionId, id, tenant)}`, isLogin, owner };
  places.set(caller, place);
  return place;
};
