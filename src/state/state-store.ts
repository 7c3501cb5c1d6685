import type { Owner } from '../budgets/budget.js';
import type { Position } from '../protocol/envelope.js';
import type { Soon } from '../protocol/soon.js';

/** A snapshot in a mount token, or one stored at mount, becomes a live instance. */
export interface AdoptRequest {
  readonly id: string;
  /** Identity of the page life that adopts; also its client session. */
  readonly page: string;
  /** End of the mount token, in milliseconds since the epoch. */
  readonly exp: number;
  /** The sealed snapshot; `''` when it was stored at mount. */
  readonly snapshot: string;
  /** Random name of the instance's history, without a dot. */
  readonly birth: string;
  /** Generation of the store when the token was made. */
  readonly tokenGeneration: string;
  readonly shape: number;
  /** Remember the instance at least until then, in milliseconds since the epoch, however long it is not touched. */
  readonly until?: number;
  /** For whom it counts; nobody's is the server's own. */
  readonly owner?: Owner;
}

export interface OpenRequest {
  readonly id: string;
  readonly cs: string;
  /** Newest position the client was shown. */
  readonly at?: Position;
  /** For whom it counts; nobody's is the server's own. */
  readonly owner?: Owner;
}

export interface JoinRequest extends OpenRequest {
  /** A client session to end in the same step. */
  readonly drop?: string;
  /** Set when the ticket is a mount token: only the page that adopted may join by it. */
  readonly page?: string;
}

export interface StateChange {
  readonly snapshot: string;
  readonly shape: number;
}

export interface CommitRequest {
  readonly id: string;
  readonly epoch: string;
  /** Version the change was computed from. */
  readonly version: number;
  /** Whose event this is; absent for a change the server makes by itself. */
  readonly session?: { readonly cs: string; readonly seq: number | 'next' };
  /** Absent: the number is used up and nothing else moves. */
  readonly change?: StateChange;
  /** Kept for duplicates of this number. */
  readonly reply: string;
  /** Replies of this client session that are kept, this one included; the same in every commit of an instance. @default the store's `dedupeWindow` */
  readonly window?: number;
  /** Name of what caused a change of the server: the last 32 names are kept, and one that is there is not applied again. */
  readonly once?: string;
  /** As in `AdoptRequest`. */
  readonly until?: number;
}

export interface CreateRequest {
  readonly id: string;
  readonly snapshot: string;
  readonly birth: string;
  readonly shape: number;
  /** `false`: shared by many pages; it never belongs to one, not even when a page adopts it. */
  readonly owned?: false;
  /** For whom it counts; nobody's is the server's own. */
  readonly owner?: Owner;
}

export interface StoredState {
  readonly epoch: string;
  readonly version: number;
  readonly snapshot: string;
  readonly shape: number;
}

export interface Opened extends StoredState {
  readonly kind: 'OK';
  readonly cs: string;
  /** Last number used up by this client session. */
  readonly last: number;
}

export type AdoptOutcome = Opened | { readonly kind: 'TAKEN' | 'GONE' | 'EXPIRED' | 'NOCS' };
export type OpenOutcome = Opened | { readonly kind: 'GONE' | 'BACK' | 'NOCS' };
export type JoinOutcome = Opened | { readonly kind: 'GONE' | 'TAKEN' | 'BACK' };

/** Another change was first. What it has left, which the next try may begin with: nobody has to look again. */
export interface Conflict {
  readonly kind: 'CONFLICT';
  readonly version: number;
  readonly snapshot: string;
  readonly shape: number;
}

export type CommitOutcome =
  | { readonly kind: 'OK'; readonly version: number; readonly seq?: number }
  /** The number was used up earlier; `reply` is `null` when it has left the window. */
  | {
      readonly kind: 'DUP';
      readonly reply: string | null;
      readonly last: number;
      readonly version: number;
      readonly snapshot: string;
    }
  /** What `once` names was applied before. */
  | { readonly kind: 'DONE'; readonly version: number; readonly snapshot: string }
  | { readonly kind: 'GAP'; readonly expected: number }
  | Conflict
  | { readonly kind: 'GONE' | 'EPOCH' | 'NOCS' };

/** `EXISTS`: an instance of this id was there already and was left as it is. */
export interface CreateOutcome {
  readonly kind: 'OK' | 'EXISTS';
  readonly epoch: string;
  readonly version: number;
}

export interface LeaveOutcome {
  /** Whether this very call ended the instance. */
  readonly gone: boolean;
  /** Its last state, when it ended. */
  readonly snapshot?: string;
}

/** Times and bounds every adapter keeps. */
export interface StateStoreOptions {
  /** How long an instance is remembered after its last contact. @default 900_000 (15 minutes) */
  readonly ttlMs?: number;
  /** How long a silent client session is sure to be remembered. @default 600_000 (10 minutes) */
  readonly clientSessionMs?: number;
  /** Replies kept per client session for duplicates. @default 32 */
  readonly dedupeWindow?: number;
  /** Clock difference between nodes that is forgiven, in milliseconds. @default 60_000 */
  readonly skewMs?: number;
  readonly now?: () => number;
}

/** What is held no longer. Must not throw. */
export interface Forgotten {
  /** An instance, and its client sessions with it. */
  instance(id: string, clientSessions: Iterable<string>): void;
  /** That the mount token of this instance was used. */
  token(id: string): void;
}

/**
 * Where instances live. Every function is one atomic step; what happened is a value, never an exception (an adapter
 * throws `STORE_UNAVAILABLE` when it cannot answer). An adapter that has the answer at hand gives it, and no promise of it.
 */
export abstract class StateStore {
  /** To be called by a store that lets go of something by itself. */
  protected forgotten: Forgotten = { instance: () => undefined, token: () => undefined };

  /** Names the store's lineage: another one begins whenever the store was started anew or failed over. Without a dot. */
  abstract readonly generation: string;

  /** How long an instance is remembered after its last contact, in milliseconds. */
  get ttlMs(): number {
    return 24 * 60 * 60_000;
  }

  /** Most instances held of callers without a login, where there is a bound. */
  get maxInstances(): number {
    return Infinity;
  }

  /** @param forgotten hears what a store lets go by itself, where it does that: whoever counts what is held counts it no more */
  onForget(forgotten: Forgotten): void {
    this.forgotten = forgotten;
  }

  /** Makes an instance from a mount token, once; the page that did it gets the same answer again. */
  abstract adopt(request: AdoptRequest): Soon<AdoptOutcome>;

  /** Reads an instance for an event of a known client session. */
  abstract open(request: OpenRequest): Soon<OpenOutcome>;

  /** Registers a new client session: the only way, besides adoption, to get numbers of one's own. */
  abstract join(request: JoinRequest): Soon<JoinOutcome>;

  /** Dedupe by number, compare-and-set by version. */
  abstract commit(request: CommitRequest): Soon<CommitOutcome>;

  /** Stores an instance that no token carries: too large for its page, or made by the server for many pages. */
  abstract create(request: CreateRequest): Soon<CreateOutcome>;

  /** Reads without being a client session and without prolonging the instance's life. */
  abstract peek(id: string): Soon<StoredState | null>;

  /** Where many instances stand, in the order asked for; `null` for one that is gone. Prolongs nothing. */
  abstract positions(ids: readonly string[]): Soon<readonly (Position | null)[]>;

  /** Ends a client session; an instance that belongs to its page ends with the last one. */
  abstract leave(request: { readonly id: string; readonly cs: string }): Soon<LeaveOutcome>;

  /**
   * Ends an instance whoever looks at it; its tombstone stays, so that no mount token makes it again.
   * @returns whether this very call ended it
   */
  abstract end(id: string): Soon<boolean>;

  /** Forgets idle client sessions and instances past their life. */
  abstract sweep(): Promise<void>;

  /** Begins background work, where an adapter has any. */
  start(): void | Promise<void> {}

  abstract close(): Promise<void>;
}
