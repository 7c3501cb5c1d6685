import { randomBytes } from 'node:crypto';

import { Injectable, Logger } from '@nestjs/common';

import type { Owner } from '../../budgets/budget.js';
import { Budgets } from '../../budgets/budgets.js';
import { RenderCache, type CachedRender } from '../../caching/render-cache.js';
import { nameOf } from './cache.key.js';

/** How long a mount waits for the cache, in milliseconds: longer, and rendering would have been quicker. */
const PATIENCE_MS = 250;
/** How long a tag keeps its name, in milliseconds; a name that is lost costs a render. */
const NAME_MS = 24 * 60 * 60 * 1_000;

/** What a render and each of its tags cost besides their text, in the store that needs most. */
const RENDER_BYTES = 512;
const TAG_BYTES = 256;

type OwnRender = CachedRender & { readonly owner: Owner };

/** The render cache as mounts use it: one that does not answer is done without, and the log says so once. */
@Injectable()
export class PatientCache {
  private readonly logger = new Logger('Live');
  private isFailing = false;

  constructor(
    private readonly cache: RenderCache,
    private readonly budgets: Budgets,
  ) {
    budgets.renders.onDrop((key) => void this.ask(() => this.cache.delete(key), undefined));
  }

  get(key: string): Promise<string | null> {
    this.budgets.renders.touch(key, 0);
    return this.ask(() => this.cache.get(key), null);
  }

  /** Where there is no room for it, it is not kept. */
  async set(key: string, render: OwnRender, ttlMs: number): Promise<void> {
    await this.ask(() => this.keep(key, render, ttlMs), undefined);
  }

  async invalidate(tags: readonly string[]): Promise<void> {
    await this.ask(() => Promise.all(tags.map((tag) => this.cache.invalidate(tag))), undefined);
  }

  /**
   * The present names of tags, read before a render begins and part of its key: an invalidation takes the name away, so
   * that a render which was on its way meanwhile is put where nobody looks. Null when the cache does not answer.
   */
  names(tags: readonly string[], owner: Owner): Promise<readonly string[] | null> {
    return this.ask<readonly string[] | null>(() => Promise.all(tags.map((tag) => this.name(tag, owner))), null);
  }

  private async name(tag: string, owner: Owner): Promise<string> {
    const key = nameOf('name', tag);
    const known = await this.cache.get(key);
    if (known !== null) {
      this.budgets.renders.touch(key, NAME_MS);
      return known;
    }
    const name = randomBytes(12).toString('base64url');
    await this.keep(key, { html: name, tags: [tag], owner }, NAME_MS);
    return name;
  }

  private async keep(key: string, render: OwnRender, ttlMs: number): Promise<void> {
    const { html, tags, owner } = render;
    const bytes = RENDER_BYTES + 2 * html.length + tags.reduce((sum, tag) => sum + TAG_BYTES + 2 * tag.length, 0);
    if (this.budgets.renders.take(key, { owner, bytes, lifeMs: ttlMs })) {
      await this.cache.set(key, render, ttlMs);
    }
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
