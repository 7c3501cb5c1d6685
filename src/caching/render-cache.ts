import type { Owner } from '../budgets/budget.js';

export interface CachedRender {
  readonly html: string;
  /** Names it is thrown away by. */
  readonly tags: readonly string[];
  /** Whose mount has made it: what strangers make takes no room from what users do. */
  readonly owner?: Owner;
}

/** Renders that may be shown again. What is in it is nobody's secret but its key's: the key names the caller where it must. */
export abstract class RenderCache {
  abstract get(key: string): Promise<string | null>;

  abstract set(key: string, render: CachedRender, ttlMs: number): Promise<void>;

  abstract delete(key: string): Promise<void>;

  /** Throws away every render with this tag, on all nodes. */
  abstract invalidate(tag: string): Promise<void>;

  abstract close(): Promise<void>;
}
