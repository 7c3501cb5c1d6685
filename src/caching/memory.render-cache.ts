import { RenderCache, type CachedRender } from './render-cache.js';

interface Kept extends CachedRender {
  readonly end: number;
  readonly bytes: number;
}

interface Pool {
  /** Least recently used first. */
  readonly kept: Map<string, Kept>;
  bytes: number;
}

const ENTRY_BYTES = 256;

/** Renders in this process; beyond the bounds, the one used longest ago goes. */
export class MemoryRenderCache extends RenderCache {
  private readonly users: Pool = { kept: new Map(), bytes: 0 };
  private readonly strangers: Pool = { kept: new Map(), bytes: 0 };

  /**
   * @param maxEntries renders of users, and as many of callers without a login
   * @param maxBytes estimated memory of the renders of users, and as much of callers without a login
   */
  constructor(
    private readonly maxEntries = 10_000,
    private readonly now: () => number = Date.now,
    private readonly maxBytes = 32 * 1024 * 1024,
  ) {
    super();
  }

  get(key: string): Promise<string | null> {
    for (const pool of [this.users, this.strangers]) {
      const found = pool.kept.get(key);
      if (found) {
        drop(pool, key);
        if (found.end > this.now()) {
          keep(pool, key, found);
          return Promise.resolve(found.html);
        }
      }
    }
    return Promise.resolve(null);
  }

  set(key: string, { html, tags, owner }: CachedRender, ttlMs: number): Promise<void> {
    this.forget(key);
    const bytes = ENTRY_BYTES + 2 * [key, html, ...tags].reduce((sum, { length }) => sum + length, 0);
    const pool = owner?.isStranger ? this.strangers : this.users;
    keep(pool, key, { html, tags, end: this.now() + ttlMs, bytes });
    for (const oldest of pool.kept.keys()) {
      if (pool.kept.size <= this.maxEntries && pool.bytes <= this.maxBytes) {
        break;
      }
      drop(pool, oldest);
    }
    return Promise.resolve();
  }

  delete(key: string): Promise<void> {
    this.forget(key);
    return Promise.resolve();
  }

  invalidate(tag: string): Promise<void> {
    for (const pool of [this.users, this.strangers]) {
      for (const [key, { tags }] of pool.kept) {
        if (tags.includes(tag)) {
          drop(pool, key);
        }
      }
    }
    return Promise.resolve();
  }

  close(): Promise<void> {
    for (const pool of [this.users, this.strangers]) {
      pool.kept.clear();
      pool.bytes = 0;
    }
    return Promise.resolve();
  }

  private forget(key: string): void {
    drop(this.users, key);
    drop(this.strangers, key);
  }
}

const keep = (pool: Pool, key: string, kept: Kept): void => {
  pool.kept.set(key, kept);
  pool.bytes += kept.bytes;
};

const drop = (pool: Pool, key: string): void => {
  pool.bytes -= pool.kept.get(key)?.bytes ?? 0;
  pool.kept.delete(key);
};
