import { Injectable } from '@nestjs/common';

import type { Owner } from '../../budgets/budget.js';
import { Budgets } from '../../budgets/budgets.js';
import { LiveError } from '../../errors/live-error.js';
import { askStore } from '../../lifecycle/instance/store-call.js';
import { SessionStore, type SessionRecord } from '../../sessions/session-store.js';
import type { SessionPlace } from './session-place.js';

type Data = Readonly<Record<string, unknown>>;

/** What is in use does not end in the middle of it: with less than this left, its life begins anew. */
const PROLONG_BELOW_MS = 12 * 60 * 60_000;
/** What the store keeps of it without a login, from its last beginning. */
const LIFE_MS = 24 * 60 * 60_000;
/** What a session costs besides its text, in the store that needs most. */
const RECORD_BYTES = 1_024;
const RETRY_MS = 5_000;

/** Reads and merges what a session keeps; a session that never was is empty, a login that has ended is refused. */
@Injectable()
export class SessionRecords {
  constructor(
    private readonly store: SessionStore,
    private readonly budgets: Budgets,
  ) {
    budgets.sessions.onDrop((id) => {
      // What cannot be thrown away now ends by its time.
      this.store.delete(id).catch(() => undefined);
    });
  }

  /** Before anything is saved. A login is the application's to give. @throws LiveError `OVERLOADED` where there is no room for it */
  reserve({ id, isLogin, owner }: SessionPlace, bytes: number): void {
    if (!isLogin && !this.budgets.sessions.take(id, { owner, bytes: RECORD_BYTES + 2 * bytes, lifeMs: LIFE_MS })) {
      throw new LiveError(
        'OVERLOADED',
        'no more sessions are kept for this caller, or for all who have no login: see live_kept_sessions_refused',
        { retryAfterMs: RETRY_MS },
      );
    }
  }

  /** @throws LiveError `SESSION_REVOKED`, `STORE_UNAVAILABLE` */
  async read({ id, isLogin, owner }: SessionPlace): Promise<Data> {
    const found = await askStore(() => this.store.get(id));
    if (isLogin && !found) {
      throw over();
    }
    await this.prolong(found, isLogin);
    if (!isLogin) {
      this.count(id, owner, found);
    }
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

  /** What has come over another node is there already; what has ended is given back. */
  private count(id: string, owner: Owner, found: SessionRecord | null): void {
    const { sessions } = this.budgets;
    if (!found) {
      sessions.give(id);
    } else if (sessions.has(id)) {
      sessions.touch(id, LIFE_MS);
    } else {
      const bytes = RECORD_BYTES + 2 * JSON.stringify(found.data).length;
      sessions.note(id, { owner, bytes, lifeMs: LIFE_MS });
    }
  }

  /** Logins are prolonged by whoever looks after them. */
  private async prolong(record: SessionRecord | null, isLogin: boolean): Promise<void> {
    if (record && !isLogin && record.expiresAt - Date.now() < PROLONG_BELOW_MS) {
      await askStore(() => this.store.refresh(record.id));
    }
  }
}

const over = (): LiveError => new LiveError('SESSION_REVOKED', 'the login whose session was asked for has ended');
