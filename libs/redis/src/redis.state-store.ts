import {
  StateStore,
  type AdoptOutcome,
  type AdoptRequest,
  type CommitOutcome,
  type CommitRequest,
  type CreateOutcome,
  type CreateRequest,
  type JoinOutcome,
  type JoinRequest,
  type LeaveOutcome,
  type Opened,
  type OpenOutcome,
  type OpenRequest,
  type Position,
  type StoredState,
} from 'nest-live/extend';

import type { LuaScript } from './lua.script.js';
import type { RedisLink } from './redis.link.js';
import type { RedisStateStoreOptions } from './redis.options.js';
import { stateScripts, type StateScripts } from './state.scripts.js';
import { unavailable } from './unavailable.js';

const POSITIONS_PER_CALL = 500;
const KEYS_PER_SCAN = 500;
const GRAINS = 60;

export const resolveRedisStateStore = (options: RedisStateStoreOptions = {}) => ({
  ttlMs: 24 * 60 * 60_000,
  clientSessionMs: 10 * 60_000,
  dedupeWindow: 32,
  skewMs: 60_000,
  maxClientSessions: 10_000,
  ...options,
});

/** What a script answers: text, except where there is nothing. */
type Row = readonly [kind: string, ...values: string[]];

/**
 * Instances in Redis, one hash each; every function is one script, so that each is one atomic step for all nodes. Redis
 * ends what is past its life by itself.
 */
export class RedisStateStore extends StateStore {
  private readonly options: ReturnType<typeof resolveRedisStateStore>;

  constructor(
    protected readonly link: RedisLink,
    options: RedisStateStoreOptions = {},
    private readonly scripts: StateScripts = stateScripts(),
  ) {
    super();
    this.options = resolveRedisStateStore(options);
  }

  get generation(): string {
    return this.link.generation;
  }

  override get ttlMs(): number {
    return this.options.ttlMs;
  }

  /** So much later is a contact written down that changes nothing. */
  private get grainMs(): number {
    return Math.floor(Math.min(this.options.ttlMs, this.options.clientSessionMs) / GRAINS);
  }

  async adopt(request: AdoptRequest): Promise<AdoptOutcome> {
    const { id, page, exp, snapshot, birth, tokenGeneration, shape, until = 0 } = request;
    const args = [page, exp, snapshot, birth, tokenGeneration, shape, this.options.skewMs, until];
    return outcome(await this.twice(this.scripts.adopt, id, args), page);
  }

  async open({ id, cs, at }: OpenRequest): Promise<OpenOutcome> {
    return outcome(await this.twice(this.scripts.open, id, [cs, ...positionOf(at), this.grainMs]), cs);
  }

  async join({ id, cs, at, drop = '', page = '' }: JoinRequest): Promise<JoinOutcome> {
    const { clientSessionMs, maxClientSessions } = this.options;
    const args = [cs, ...positionOf(at), drop, page, clientSessionMs, maxClientSessions];
    return outcome(await this.twice(this.scripts.join, id, args), cs);
  }

  async commit(request: CommitRequest): Promise<CommitOutcome> {
    const { id, epoch, version, session, change, reply, window = '', once = '', until = 0 } = request;
    const event = [version, epoch, session?.cs ?? '', session?.seq ?? '', reply];
    const effect = [change ? 1 : 0, change?.snapshot ?? '', change?.shape ?? '', once, until, window];
    // A number or a name lets the script see that it has run before; without one, a second try could apply it twice.
    const isNamed = typeof session?.seq === 'number' || once !== '';
    const [kind, first = '', second = '', third = '', fourth = null] = (await (isNamed
      ? this.twice(this.scripts.commit, id, [...event, ...effect])
      : this.run(this.scripts.commit, id, [...event, ...effect]))) as Row;
    switch (kind) {
      case 'OK':
        return { kind, version: Number(first), ...(second !== '' && { seq: Number(second) }) };
      case 'DUP':
        return { kind, version: Number(first), snapshot: second, last: Number(third), reply: fourth };
      case 'GAP':
        return { kind, expected: Number(first) + 1 };
      case 'DONE':
        return { kind, version: Number(first), snapshot: second };
      case 'CONFLICT':
        return { kind, version: Number(first), snapshot: second, shape: Number(third) };
      default:
        return { kind: kind as 'GONE' | 'EPOCH' | 'NOCS' };
    }
  }

  async create({ id, snapshot, birth, shape, owned }: CreateRequest): Promise<CreateOutcome> {
    const args = [birth, snapshot, shape, owned === false ? 1 : 0];
    const [kind, epoch, version] = (await this.run(this.scripts.create, id, args)) as Row;
    return { kind: kind as 'OK' | 'EXISTS', epoch: epoch, version: Number(version) };
  }

  async peek(id: string): Promise<StoredState | null> {
    const row = (await this.twice(this.scripts.peek, id, [])) as readonly string[] | null;
    if (!row) return null;
    const [epoch, version, snapshot, shape] = row;
    return { epoch: epoch, version: Number(version), snapshot: snapshot, shape: Number(shape) };
  }

  async positions(ids: readonly string[]): Promise<readonly (Position | null)[]> {
    const found: (Position | null)[] = [];
    for (let start = 0; start < ids.length; start += POSITIONS_PER_CALL) {
      const keys = ids.slice(start, start + POSITIONS_PER_CALL).map((id) => this.keysOf(id)[0]);
      const rows = (await this.send(this.scripts.positions, keys, [])) as readonly (readonly string[] | null)[];
      found.push(...rows.map((row) => row && { e: row[0], v: Number(row[1]) }));
    }
    return found;
  }

  async leave({ id, cs }: { readonly id: string; readonly cs: string }): Promise<LeaveOutcome> {
    const [kind, snapshot] = (await this.run(this.scripts.leave, id, [cs])) as Row;
    return kind === 'GONE' ? { gone: true, snapshot } : { gone: false };
  }

  async end(id: string): Promise<boolean> {
    return (await this.run(this.scripts.end, id, [])) === 1;
  }

  /** Looks at every instance: for maintenance. Joins forget enough by themselves. */
  async sweep(): Promise<void> {
    const pattern = `${this.link.key('lc:').replace(/[*?[\]\\]/g, '\\$&')}{*}:c`;
    const base = this.link.key('lc:{').length;
    let cursor = '0';
    do {
      const [next, keys] = await this.scan(cursor, pattern);
      cursor = next;
      const ids = keys.map((key) => key.slice(base, -'}:c'.length));
      await Promise.all(ids.map((id) => this.twice(this.scripts.rest, id, [this.options.clientSessionMs])));
    } while (cursor !== '0');
  }

  /** Nothing is held here; the connection belongs to the backend. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  /** One script of one instance. */
  protected async run(script: LuaScript, id: string, args: readonly (string | number)[]): Promise<unknown> {
    const { ttlMs, dedupeWindow } = this.options;
    return this.ask(async () => {
      const { generation } = await this.link.identified();
      return script.run(this.link.commands, this.keysOf(id), [generation!, ttlMs, dedupeWindow, ...args].map(String));
    });
  }

  protected async ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      throw unavailable(error);
    }
  }

  // Whether a command that was not answered in time was carried out is not known; these may be sent again.
  private async twice(script: LuaScript, id: string, args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await this.run(script, id, args);
    } catch (error) {
      if (!isTimeout(error)) throw error;
      this.link.doubt();
      return this.run(script, id, args);
    }
  }

  private send(script: LuaScript, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    return this.ask(() => script.run(this.link.commands, keys, args));
  }

  private scan(cursor: string, pattern: string): Promise<[cursor: string, keys: string[]]> {
    return this.ask(() => this.link.commands.scan(cursor, 'MATCH', pattern, 'COUNT', KEYS_PER_SCAN));
  }

  /** All in one hash slot. */
  private keysOf(id: string): readonly [hash: string, tombstone: string, sessions: string] {
    const hash = this.link.key(`lc:{${id}}`);
    return [hash, `${hash}:t`, `${hash}:c`];
  }
}

const positionOf = (at: Position | undefined): readonly [string, string] => (at ? [at.e, String(at.v)] : ['', '']);

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof Error && error.cause.message === 'Command timed out';

const outcome = <T extends string>(row: unknown, cs: string): Opened | { readonly kind: T } => {
  const [kind, epoch, version, snapshot, shape, last] = row as Row;
  if (kind !== 'OK') return { kind: kind as T };
  return {
    kind,
    epoch: epoch,
    version: Number(version),
    snapshot: snapshot,
    shape: Number(shape),
    cs,
    last: Number(last),
  };
};
