import type { StateStoreOptions } from './state-store.js';

export interface MemoryStateStoreOptions extends StateStoreOptions {
  /** Instances held of users, and as many of callers without a login; beyond, their least recently used one goes. @default 10_000 */
  readonly maxInstances?: number;
  /** Estimated memory of users' instances, and as much of callers without a login, in bytes; beyond, as with `maxInstances`. @default 134_217_728 (128 MiB) */
  readonly maxBytes?: number;
  /** Client sessions on one instance; beyond, the least recently active one goes. @default 10_000 */
  readonly maxClientSessions?: number;
  /** Adopted mount tokens remembered; beyond, tokens that end first are refused. @default 100_000 */
  readonly tombstoneCap?: number;
  /** Time between sweeps once started, in milliseconds. @default 5_000 */
  readonly sweepIntervalMs?: number;
}

export const resolveMemoryStateStore = (options: MemoryStateStoreOptions = {}) => ({
  ttlMs: 15 * 60_000,
  clientSessionMs: 10 * 60_000,
  dedupeWindow: 32,
  skewMs: 60_000,
  now: Date.now,
  maxInstances: 10_000,
  maxBytes: 128 * 1024 * 1024,
  maxClientSessions: 10_000,
  tombstoneCap: 100_000,
  sweepIntervalMs: 5_000,
  ...options,
});
