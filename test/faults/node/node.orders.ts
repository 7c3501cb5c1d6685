import type { UploadOptions } from 'nest-live';

import type { CrashPlan } from './crash.points.js';
import type { Release } from './releases.js';

/** Where a node keeps its state: a Redis server, the process that started it, or its own memory within these bounds. */
export type NodeStore =
  { readonly redis: string } | { readonly parent: string } | { readonly memory: Readonly<Record<string, number>> };

/** Safeguards of the product that a run can be without, to see that a checker notices. */
export type Safeguard = 'dedupe' | 'cas';

export interface NodeOptions {
  readonly name: string;
  readonly store: NodeStore;
  readonly without?: readonly Safeguard[];
  /** `limits` of `forRoot`, over those of the harness. */
  readonly limits?: Readonly<Record<string, number>>;
  readonly crash?: readonly CrashPlan[];
  /** Answers of the store's `commit` that come as a failure although nothing was saved: every n-th. */
  readonly failEveryCommit?: number;
  /** Callers are known by a login instead of by the address they ask. @default false */
  readonly logins?: boolean;
  /** How often open connections are asked about their login, in milliseconds. */
  readonly recheckMs?: number;
  /** Names of its signing keys, in order of preference. @default ['faults'] */
  readonly kids?: readonly string[];
  /** How long tokens of a page in use are good, in milliseconds. */
  readonly tokenMs?: number;
  /** `uploads` of `forRoot`. */
  readonly uploads?: UploadOptions;
  /** @default 'first' */
  readonly release?: Release;
  /** Its wall clock is off by so much, in milliseconds, and can be set by `NodeProcess.setClock`. */
  readonly clockMs?: number;
}

/** What a running node is asked to do; each has one answer with the same number. */
export type Order =
  | { readonly do: 'arm'; readonly plans: readonly CrashPlan[] }
  | { readonly do: 'peek'; readonly id: string }
  | { readonly do: 'publish'; readonly topic: string; readonly message: unknown }
  | { readonly do: 'vitals' }
  | { readonly do: 'census' }
  | { readonly do: 'revoke'; readonly userId: string }
  | { readonly do: 'fail-commits'; readonly every: number }
  /** What is published to this topic of the bus is lost on its way. */
  | { readonly do: 'lose-topic'; readonly topic: string }
  /** As an administrator does it in the database. */
  | { readonly do: 'set-roles'; readonly userId: string; readonly roles: readonly string[] }
  | { readonly do: 'close' };

export interface Vitals {
  readonly rssMiB: number;
  readonly heapMiB: number;
  /** Heap and buffers: what is held, whatever the allocator keeps. */
  readonly heldMiB: number;
  /** Longest stall of the event loop since the last question, in milliseconds. */
  readonly maxLagMs: number;
  readonly unhandled: readonly string[];
  readonly log: readonly string[];
  /** Names that were added to the prototype of every object. */
  readonly polluted: readonly string[];
  readonly passes: Readonly<Record<string, number>>;
}
