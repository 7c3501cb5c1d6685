export interface SessionRecord {
  /** 128 random bits, made by the store, unless the session was given a name. */
  readonly id: string;
  readonly userId: string;
  readonly roles: readonly string[];
  /** Values of the application and of `@Session()` fields, as JSON keeps them. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch; moved by `refresh` alone, counted from that moment. */
  readonly expiresAt: number;
  /** The user's generation, read in the same step. */
  readonly generation: number;
}

export interface CreateSession {
  /**
   * A name to find it by again, made by the server: for what belongs to no login. A living session of this name is
   * answered as it is. @default 128 random bits
   */
  readonly id?: string;
  readonly userId: string;
  readonly roles?: readonly string[];
  readonly data?: Readonly<Record<string, unknown>>;
  /** How long it lives, in milliseconds: finite and above 0. @default the store's `ttlMs` */
  readonly ttlMs?: number;
}

export interface SessionChange {
  readonly roles?: readonly string[];
  /** Merged key by key; `undefined` removes a key. */
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface SessionStoreOptions {
  /** How long a session lives after it was created or refreshed, in milliseconds. @default 86_400_000 (24 hours) */
  readonly ttlMs?: number;
  /** Living sessions of one user; beyond, a new one ends the oldest. @default 100 */
  readonly maxPerUser?: number;
  readonly now?: () => number;
}

/** Rights on one thing: `order:17`. */
export interface ResourceGrant {
  readonly userId: string;
  readonly resource: string;
  readonly permissions: readonly string[];
}

/** Logins. An ended session is never brought back: every change of one that is gone answers `null` or `false`. */
export abstract class SessionStore {
  /** @throws RangeError for a life that is not finite or not above 0: no session lives for ever */
  abstract create(session: CreateSession): Promise<SessionRecord>;

  abstract get(id: string): Promise<SessionRecord | null>;

  /** The user's generation while the session lives, else null: one cheap call, asked before every event of a socket. */
  abstract validate(id: string): Promise<number | null>;

  /** Prolongs a session from now on. @throws RangeError as `create` does */
  abstract refresh(id: string, ttlMs?: number): Promise<SessionRecord | null>;

  /** One atomic merge; a change of roles raises the user's generation. */
  abstract update(id: string, change: SessionChange): Promise<SessionRecord | null>;

  /** @returns whether there was one; raises the user's generation */
  abstract delete(id: string): Promise<boolean>;

  /** Living sessions of a user, oldest first. */
  abstract list(userId: string): Promise<readonly SessionRecord[]>;

  /** Ends every session of a user. @returns how many; raises the generation in any case */
  abstract deleteAll(userId: string): Promise<number>;

  /** Rises with every logout, role change and ban of this user; 0 for one never seen. */
  abstract generation(userId: string): Promise<number>;

  /** Replaces what was granted on this resource. */
  abstract grant(grant: ResourceGrant): Promise<void>;

  /** Takes back what was granted on a resource; raises the user's generation. */
  abstract revoke(userId: string, resource: string): Promise<void>;

  abstract grantsOn(userId: string, resource: string): Promise<readonly string[]>;

  abstract close(): Promise<void>;
}

/** The defaults of every session store. @throws RangeError for a life that is not finite or not above 0 */
export const resolveSessionStore = ({
  ttlMs = 24 * 60 * 60_000,
  maxPerUser = 100,
  now,
}: SessionStoreOptions = {}): SessionStoreOptions & { readonly ttlMs: number; readonly maxPerUser: number } => ({
  ttlMs: sessionLifeOf(ttlMs),
  maxPerUser,
  now,
});

/** @throws RangeError */
export const sessionLifeOf = (ttlMs: number): number => {
  if (!Number.isFinite(ttlMs) || ttlMs <= 0) {
    throw new RangeError(`A session cannot live for ${ttlMs} ms. Give ttlMs a finite number above 0.`);
  }
  return Math.ceil(ttlMs);
};
