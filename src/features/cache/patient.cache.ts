import { randomBytes } from 'node:crypto';

import { Injectable, Logger } from '@nestjs/common';

import { RenderCache, type CachedRender } from '../../caching/render-cache.js';
import { nameOf } from './cache.key.js';

/** How long a mount waits for the cache, in milliseconds: longer, and rendering would have been quicker. */
const PATIENCE_MS = 250;
/** How long a tag keeps its name, in milliseconds; a name that is lost costs a render. */
const NAME_MS = 24 * 60 * 60 * 1_000;

/** The render cache as mounts use it: one that does not answer is done without, and the log says so once. */
@Injectable()
export class PatientCache {
  private readonly logger = new Logger('Live');
  private isFailing = false;

  constructor(private readonly cache: RenderCache) {}

  get(key: string): Promise<string | null> {
    return this.ask(() => this.cache.get(key), null);
  }

  async set(key: string, render: CachedRender, ttlMs: number): Promise<void> {
    await this.ask(() => this.cache.set(key, render, ttlMs), undefined);
  }

  async invalidate(tags: readonly string[]): Promise<void> {
    await this.ask(() => Promise.all(tags.map((tag) => this.cache.invalidate(tag))), undefined);
  }

  /**
   * The present names of tags, read before a render begins and part of its key: an invalidation takes the name away, so
   * that a render which was on its way meanwhile is put where nobody looks. Null when the cache does not answer.
   */
  names(tags: readonly string[]): Promise<readonly string[] | null> {
    return this.ask<readonly string[] | null>(() => Promise.all(tags.map((tag) => this.name(tag))), null);
  }

  private async name(tag: string): Promise<string> {
    const key = nameOf('name', tag);
    const known = await this.cache.get(key);
    if (known !== null) {
      return known;
    }
    const name = randomBytes(12).toString('base64url');
    await this.cache.set(key, { html: name, tags: [tag] }, NAME_MS);
    return name;
  }

  private async ask<T>(question: () => Promise<T>, otherwise: T): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    try {
      const late = new Promise<never>((_, reject) => {
        const giveUp = (): void => reject(new Error(`no answer within ${PATIENCE_MS} ms`));
        // Whoever was late may be we: an answer that has arrived meanwhile is read first.
        timer = setTimeout(() => setImmediate(giveUp), PATIENCE_MS);
      });
      const answer = await Promise.race([question(), late]);
      this.isFailing = false;
      return answer;
    } catch (error) {
      // Once for a whole outage: every mount would say it.
      if (!this.isFailing) {
        this.logger.warn(`the render cache does not answer, mounts do without it: ${(error as Error).message}`);
      }
      this.isFailing = true;
      return otherwise;
    } finally {
      clearTimeout(timer);
    }
  }
}
