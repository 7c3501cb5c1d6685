import { RenderCache, type CachedRender } from './render-cache.js';

interface Kept extends CachedRender {
  readonly end: number;
}

export class MemoryRenderCache extends RenderCache {
  /** Least recently used first. */
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly maxEntries = 10_000,
    private readonly now: () => number = Date.now,
  ) {
    super();
  }

  get(key: string): Promise<string | null> {
    const found = this.kept.get(key);
    if (!found) {
      return Promise.resolve(null);
    }
    this.kept.delete(key);
    if (found.end <= this.now()) {
      return Promise.resolve(null);
    }
    this.kept.set(key, found);
    return Promise.resolve(found.html);
  }

  set(key: string, { html, tags }: CachedRender, ttlMs: number): Promise<void> {
    this.kept.delete(key);
    this.kept.set(key, { html, tags, end: this.now() + ttlMs });
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= this.maxEntries) {
        break;
      }
      this.kept.delete(oldest);
    }
    return Promise.resolve();
  }

  delete(key: string): Promise<void> {
    this.kept.delete(key);
    return Promise.resolve();
  }

  invalidate(tag: string): Promise<void> {
    for (const [key, { tags }] of this.kept) {
      if (tags.includes(tag)) {
        this.kept.delete(key);
      }
    }
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.kept.clear();
    return Promise.resolve();
  }
}
