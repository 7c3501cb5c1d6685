import { Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import { askStore } from '../../lifecycle/stages/store-call.js';
import { SessionStore, type SessionRecord } from '../../sessions/session-store.js';
import type { SessionPlace } from './session-place.js';

type Data = Readonly<Record<string, unknown>>;

/** What is in use does not end in the middle of it: with less than this left, its life begins anew. */
const PROLONG_BELOW_MS = 12 * 60 * 60_000;

/** Reads and merges what a session keeps; a session that never was is empty, a login that has ended is refused. */
@Injectable()
export class SessionRecords {
  constructor(private readonly store: SessionStore) {}

  /** @throws LiveError `SESSION_REVOKED`, `STORE_UNAVAILABLE` */
  async read({ id, isLogin }: SessionPlace): Promise<Data> {
    const found = await askStore(() => this.store.get(id));
    if (isLogin && !found) {
      throw over();
    }
    await this.prolong(found, isLogin);
    return found?.data ?? {};
  }

  /** One atomic merge by key. @throws LiveError `SESSION_REVOKED`, `STORE_UNAVAILABLE` */
  async merge({ id, isLogin }: SessionPlace, data: Data): Promise<void> {
    const merged = await askStore(() => this.store.update(id, { data }));
    if (merged) {
      return this.prolong(merged, isLogin);
    }
    if (isLogin) {
      throw over();
    }
    // Two pages of a new visitor may begin at once: the second one finds what the first has made, and merges into it.
    await askStore(() => this.store.create({ id, userId: id }));
    await askStore(() => this.store.update(id, { data }));
  }

  /** Whether a login is still one; what belongs to no login never ends. */
  async isLiving({ id, isLogin }: SessionPlace): Promise<boolean> {
    return !isLogin || (await askStore(() => this.store.validate(id))) !== null;
  }

  /** Logins are prolonged by whoever looks after them. */
  private async prolong(record: SessionRecord | null, isLogin: boolean): Promise<void> {
    if (record && !isLogin && record.expiresAt - Date.now() < PROLONG_BELOW_MS) {
      await askStore(() => this.store.refresh(record.id));
    }
  }
}

const over = (): LiveError => new LiveError('SESSION_REVOKED', 'the login whose session was asked for has ended');
