import { randomBytes } from 'node:crypto';

import {
  SessionStore,
  type CreateSession,
  type ResourceGrant,
  type SessionChange,
  type SessionRecord,
  type SessionStoreOptions,
} from './session-store.js';

/** Logins in the memory of this process: a restart ends them all. */
export class MemorySessionStore extends SessionStore {
  private readonly sessions = new Map<string, SessionRecord>();
  private readonly generations = new Map<string, number>();
  private readonly grants = new Map<string, readonly string[]>();
  private readonly ttlMs: number;
  private readonly now: () => number;

  constructor({ ttlMs = 24 * 60 * 60_000, now = Date.now }: SessionStoreOptions = {}) {
    super();
    this.ttlMs = ttlMs;
    this.now = now;
  }

  create({ userId, roles = [], data = {}, ttlMs = this.ttlMs }: CreateSession): Promise<SessionRecord> {
    const createdAt = this.now();
    const id = randomBytes(16).toString('base64url');
    return Promise.resolve(this.keep({ id, userId, roles, data, createdAt, expiresAt: createdAt + ttlMs }));
  }

  get(id: string): Promise<SessionRecord | null> {
    return Promise.resolve(this.find(id));
  }

  refresh(id: string, ttlMs = this.ttlMs): Promise<SessionRecord | null> {
    const found = this.find(id);
    return Promise.resolve(found && this.keep({ ...found, expiresAt: this.now() + ttlMs }));
  }

  update(id: string, { roles, data }: SessionChange): Promise<SessionRecord | null> {
    const found = this.find(id);
    if (!found) {
      return Promise.resolve(null);
    }
    if (roles) {
      this.raise(found.userId);
    }
    const merged = Object.entries({ ...found.data, ...data }).filter(([, value]) => value !== undefined);
    return Promise.resolve(this.keep({ ...found, roles: roles ?? found.roles, data: Object.fromEntries(merged) }));
  }

  delete(id: string): Promise<boolean> {
    const found = this.find(id);
    if (found) {
      this.raise(found.userId);
    }
    return Promise.resolve(this.sessions.delete(id));
  }

  list(userId: string): Promise<readonly SessionRecord[]> {
    return Promise.resolve([...this.sessions.keys()].flatMap((id) => this.find(id) ?? []).filter(of(userId)));
  }

  async deleteAll(userId: string): Promise<number> {
    const living = await this.list(userId);
    living.forEach(({ id }) => this.sessions.delete(id));
    this.raise(userId);
    return living.length;
  }

  generation(userId: string): Promise<number> {
    return Promise.resolve(this.generations.get(userId) ?? 0);
  }

  grant({ userId, resource, permissions }: ResourceGrant): Promise<void> {
    this.grants.set(grantKey(userId, resource), [...permissions]);
    return Promise.resolve();
  }

  revoke(userId: string, resource: string): Promise<void> {
    this.grants.delete(grantKey(userId, resource));
    this.raise(userId);
    return Promise.resolve();
  }

  grantsOn(userId: string, resource: string): Promise<readonly string[]> {
    return Promise.resolve(this.grants.get(grantKey(userId, resource)) ?? []);
  }

  close(): Promise<void> {
    this.sessions.clear();
    return Promise.resolve();
  }

  private find(id: string): SessionRecord | null {
    const found = this.sessions.get(id);
    if (found && found.expiresAt <= this.now()) {
      this.sessions.delete(id);
      return null;
    }
    return found ?? null;
  }

  private keep(record: SessionRecord): SessionRecord {
    this.sessions.set(record.id, record);
    return record;
  }

  private raise(userId: string): void {
    this.generations.set(userId, (this.generations.get(userId) ?? 0) + 1);
  }
}

const of =
  (userId: string) =>
  (record: SessionRecord): boolean =>
    record.userId === userId;

const grantKey = (userId: string, resource: string): string => JSON.stringify([userId, resource]);
