import { randomBytes } from 'node:crypto';

import {
  resolveSessionStore,
  sessionLifeOf,
  SessionStore,
  type CreateSession,
  type ResourceGrant,
  type SessionChange,
  type SessionRecord,
  type SessionStoreOptions,
} from './session-store.js';

type Kept = Omit<SessionRecord, 'generation'>;

/** Expired sessions are looked for when a new one comes, at most this often. */
const SWEEP_MS = 60_000;
const MAX_GENERATIONS = 100_000;

/** Logins in the memory of this process: a restart ends them all. */
export class MemorySessionStore extends SessionStore {
  private readonly sessions = new Map<string, Kept>();
  private readonly byUser = new Map<string, Set<string>>();
  /** Least recently raised first. */
  private readonly generations = new Map<string, number>();
  private readonly grants = new Map<string, readonly string[]>();
  private readonly ttlMs: number;
  private readonly maxPerUser: number;
  private readonly now: () => number;
  private raised = 0;
  private sweptAt = 0;

  constructor(options: SessionStoreOptions = {}) {
    super();
    const { ttlMs, maxPerUser, now = Date.now } = resolveSessionStore(options);
    this.ttlMs = ttlMs;
    this.maxPerUser = maxPerUser;
    this.now = now;
  }

  // Each method does its work in one synchronous step: nothing comes in between.
  async create({ userId, roles = [], data = {}, ttlMs = this.ttlMs, ...named }: CreateSession): Promise<SessionRecord> {
    const life = sessionLifeOf(ttlMs);
    this.sweep();
    const known = named.id === undefined ? null : this.find(named.id);
    if (known) {
      return this.shown(known);
    }
    const createdAt = this.now();
    const living = this.livingOf(userId);
    living.slice(0, Math.max(0, living.length + 1 - this.maxPerUser)).forEach((oldest) => {
      this.drop(oldest);
      this.raise(userId);
    });
    const id = named.id ?? randomBytes(16).toString('base64url');
    return this.keep({ id, userId, roles: [...roles], data: asJson(data), createdAt, expiresAt: createdAt + life });
  }

  async get(id: string): Promise<SessionRecord | null> {
    const found = this.find(id);
    return found && this.shown(found);
  }

  async validate(id: string): Promise<number | null> {
    const found = this.find(id);
    return found && this.generationOf(found.userId);
  }

  async refresh(id: string, ttlMs = this.ttlMs): Promise<SessionRecord | null> {
    const life = sessionLifeOf(ttlMs);
    const found = this.find(id);
    return found && this.keep({ ...found, expiresAt: this.now() + life });
  }

  async update(id: string, { roles, data = {} }: SessionChange): Promise<SessionRecord | null> {
    const found = this.find(id);
    if (!found) {
      return null;
    }
    if (roles) {
      this.raise(found.userId);
    }
    const merged = asJson({ ...found.data, ...data });
    return this.keep({ ...found, roles: [...(roles ?? found.roles)], data: merged });
  }

  async delete(id: string): Promise<boolean> {
    const found = this.find(id);
    if (!found) {
      return false;
    }
    this.drop(found);
    this.raise(found.userId);
    return true;
  }

  async list(userId: string): Promise<readonly SessionRecord[]> {
    return this.livingOf(userId).map((found) => this.shown(found));
  }

  async deleteAll(userId: string): Promise<number> {
    const living = this.livingOf(userId);
    living.forEach((found) => this.drop(found));
    this.raise(userId);
    return living.length;
  }

  async generation(userId: string): Promise<number> {
    return this.generationOf(userId);
  }

  async grant({ userId, resource, permissions }: ResourceGrant): Promise<void> {
    this.grants.set(grantKey(userId, resource), [...permissions]);
  }

  async revoke(userId: string, resource: string): Promise<void> {
    this.grants.delete(grantKey(userId, resource));
    this.raise(userId);
  }

  async grantsOn(userId: string, resource: string): Promise<readonly string[]> {
    return this.grants.get(grantKey(userId, resource)) ?? [];
  }

  async close(): Promise<void> {
    this.sessions.clear();
    this.byUser.clear();
  }

  private find(id: string): Kept | null {
    const found = this.sessions.get(id);
    if (found && found.expiresAt <= this.now()) {
      this.drop(found);
      return null;
    }
    return found ?? null;
  }

  private livingOf(userId: string): readonly Kept[] {
    return [...(this.byUser.get(userId) ?? [])].flatMap((id) => this.find(id) ?? []);
  }

  private keep(kept: Kept): SessionRecord {
    this.sessions.set(kept.id, kept);
    const own = this.byUser.get(kept.userId) ?? new Set();
    this.byUser.set(kept.userId, own.add(kept.id));
    return this.shown(kept);
  }

  private shown(kept: Kept): SessionRecord {
    return { ...kept, roles: [...kept.roles], data: asJson(kept.data), generation: this.generationOf(kept.userId) };
  }

  private drop({ id, userId }: Kept): void {
    this.sessions.delete(id);
    const own = this.byUser.get(userId);
    if (own?.delete(id) && own.size === 0) {
      this.byUser.delete(userId);
    }
  }

  private sweep(): void {
    const now = this.now();
    if (now - this.sweptAt >= SWEEP_MS) {
      this.sweptAt = now;
      [...this.sessions.keys()].forEach((id) => this.find(id));
    }
  }

  private generationOf(userId: string): number {
    return this.generations.get(userId) ?? 0;
  }

  /** One count for all users: a user that was forgotten never gets a number again that it had before. */
  private raise(userId: string): void {
    this.raised += 1;
    this.generations.delete(userId);
    this.generations.set(userId, this.raised);
    if (this.generations.size > MAX_GENERATIONS) {
      this.generations.delete(this.generations.keys().next().value!);
    }
  }
}

/** What another backend would give back: a copy, without what JSON does not keep. */
const asJson = (data: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  JSON.parse(JSON.stringify(data)) as Record<string, unknown>;

const grantKey = (userId: string, resource: string): string => JSON.stringify([userId, resource]);
