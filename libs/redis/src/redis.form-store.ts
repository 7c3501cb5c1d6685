import { FormStore } from 'nest-live/extend';

import type { RedisLink } from './redis.link.js';
import { ask } from './unavailable.js';

/** Texts with a time to live. */
export class RedisFormStore extends FormStore {
  constructor(private readonly link: RedisLink) {
    super();
  }

  async put(id: string, text: string, lifeMs: number): Promise<void> {
    await ask(() => this.link.commands.set(this.keyOf(id), text, 'PX', Math.max(1, Math.ceil(lifeMs)), 'NX'));
  }

  get(id: string): Promise<string | null> {
    return ask(() => this.link.commands.get(this.keyOf(id)));
  }

  take(id: string): Promise<string | null> {
    return ask(() => this.link.commands.getdel(this.keyOf(id)));
  }

  async delete(id: string): Promise<void> {
    await ask(() => this.link.commands.del(this.keyOf(id)));
  }

  /** Nothing of its own to close: it asks over the connection of its link. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  private keyOf(id: string): string {
    return this.link.key('form', id);
  }
}
