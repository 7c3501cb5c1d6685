import { createHash } from 'node:crypto';

import type { LiveCaller } from '../../lifecycle/caller/caller.js';

/** Somebody who is there: a signed-in user, in however many tabs. */
export interface Person {
  /** Id of the user. */
  readonly id: string;
  /** Since when, in milliseconds since the epoch. */
  readonly since: number;
  /** What `@Present(topic, { about })` says. */
  readonly about?: unknown;
}

/** As the nodes know it; guests have no id. */
export interface Guest extends Omit<Person, 'id'> {
  /** Equal for all tabs of one user, or of one anonymous browser. */
  readonly who: string;
  readonly id?: string;
  readonly tenant?: string;
}

const MAX_ABOUT_CHARS = 1_000;

/** @throws RangeError for too much about one person */
export const guestOf = (caller: LiveCaller, about: unknown): Guest => {
  if (about !== undefined && JSON.stringify(about).length > MAX_ABOUT_CHARS) {
    throw new RangeError(
      `@Present({ about }) says more than ${MAX_ABOUT_CHARS} characters: say a name, not a profile.`,
    );
  }
  const { id, tenant, isAuthenticated, sessionId } = caller;
  // A session is nobody else's business: other nodes compare digests.
  const name = isAuthenticated ? ['user', tenant, id] : ['visit', tenant, sessionId];
  const who = createHash('sha256').update(JSON.stringify(name)).digest('base64url').slice(0, 22);
  return { who, since: Date.now(), tenant, about, ...(isAuthenticated ? { id } : {}) };
};
