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
} from 'nest-live/extend';

import { LuaScript } from './lua.script.js';
import type { RedisLink } from './redis.link.js';
import { SESSION_SCRIPT } from './redis.session-script.js';
import { ask } from './unavailable.js';

/** What the script shows of a session: id, generation, and the hash as names and values in turn. */
type Shown = readonly [id: string, generation: string, fields: readonly string[]];

const SCRIPT = new LuaScript(SESSION_SCRIPT);

/** Logins in Redis: every node sees the same, and each operation is one step there. */
export class RedisSessionStore extends SessionStore {
  private readonly base: string;
  private readonly ttlMs: number;
  private readonly maxPerUser: number;
  private readonly now?: () => number;

  constructor(
    private readonly link: RedisLink,
    options: SessionStoreOptions = {},
  ) {
    super();
    const { ttlMs, maxPerUser, now } = resolveSessionStore(options);
    this.ttlMs = ttlMs;
    this.maxPerUser = maxPerUser;
    this.now = now;
    this.base = link.key('{sessions}', '');
  }

  async create({ userId, roles = [], data = {}, ttlMs = this.ttlMs, ...named }: CreateSession): Promise<SessionRecord> {
    const life = String(sessionLifeOf(ttlMs));
    const id = named.id ?? randomBytes(16).toString('base64url');
    const most = String(this.maxPerUser);
    return recordOf((await this.run('create', id, userId, JSON.stringify(roles), life, most, ...pairs(data))) as Shown);
  }

  async get(id: string): Promise<SessionRecord | null> {
    return recordOrNull(await this.run('get', id));
  }

  async validate(id: string): Promise<number | null> {
    const generation = await this.run('validate', id);
    return generation === null ? null : Number(generation);
  }

  async refresh(id: string, ttlMs = this.ttlMs): Promise<SessionRecord | null> {
    return recordOrNull(await this.run('refresh', id, String(sessionLifeOf(ttlMs))));
  }

  async update(id: string, { roles, data = {} }: SessionChange): Promise<SessionRecord | null> {
    return recordOrNull(await this.run('update', id, roles ? JSON.stringify(roles) : '', ...pairs(data)));
  }

  async delete(id: string): Promise<boolean> {
    return (await this.run('delete', id)) === 1;
  }

  async list(userId: string): Promise<readonly SessionRecord[]> {
    return ((await this.run('list', userId)) as readonly Shown[]).map(recordOf);
  }

  async deleteAll(userId: string): Promise<number> {
    return (await this.run('deleteAll', userId)) as number;
  }

  async generation(userId: string): Promise<number> {
    return Number((await ask(() => this.link.commands.get(`${this.base}g:${userId}`))) ?? 0);
  }

  async grant({ userId, resource, permissions }: ResourceGrant): Promise<void> {
    await ask(() => this.link.commands.hset(this.grantsOf(userId), resource, JSON.stringify(permissions)));
  }

  async revoke(userId: string, resource: string): Promise<void> {
    await this.run('revoke', userId, resource);
  }

  async grantsOn(userId: string, resource: string): Promise<readonly string[]> {
    const granted = await ask(() => this.link.commands.hget(this.grantsOf(userId), resource));
    return granted === null ? [] : (JSON.parse(granted) as string[]);
  }

  /** The connection is the backend's to close. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  private grantsOf(userId: string): string {
    return `${this.base}p:${userId}`;
  }

  private run(operation: string, ...args: readonly string[]): Promise<unknown> {
    const clock = String(this.now?.() ?? '');
    return ask(() => SCRIPT.run(this.link.commands, [this.base], [operation, clock, ...args]));
  }
}

/** Keys and values in turn; an empty value removes its key, which no JSON text is. */
const pairs = (data: Readonly<Record<string, unknown>>): readonly string[] =>
  // What JSON does not keep is undefined here.
  Object.entries(data).flatMap(([key, value]) => [key, (JSON.stringify(value) as string | undefined) ?? '']);

const recordOrNull = (shown: unknown): SessionRecord | null => (shown === null ? null : recordOf(shown as Shown));

const recordOf = ([id, generation, fields]: Shown): SessionRecord => {
  const own = new Map<string, string>();
  for (let at = 0; at < fields.length; at += 2) {
    own.set(fields[at], fields[at + 1]);
  }
  const data = new Map<string, unknown>();
  for (const [name, value] of own) {
    if (name.startsWith('d:')) {
      data.set(name.slice(2), JSON.parse(value));
    }
  }
  return {
    id,
    userId: own.get('u') ?? '',
    roles: JSON.parse(own.get('r') ?? '[]') as string[],
    data: Object.fromEntries(data),
    createdAt: Number(own.get('c')),
    expiresAt: Number(own.get('x')),
    generation: Number(generation),
  };
};
