import type { Position } from '../../src/protocol/envelope.js';
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
  type OpenOutcome,
  type Opened,
  type OpenRequest,
  type StoredState,
} from '../../src/state/state-store.js';
import type { Safeguard, StoryOptions } from '../../src/state/state-store.stories.js';

interface Row {
  b: string;
  g: string;
  pg: string;
  pv: number;
  v: number;
  d: string;
  sh: number;
  own: boolean;
  shared: boolean;
  ttl: number;
  until: number;
  names: string[];
  seq: Record<string, number>;
  replies: Record<string, string>;
  active: Record<string, number>;
}

interface Stone {
  page: string;
  exp: number;
  until: number;
}

/** Everything the model holds. */
export interface Tables {
  rows: Map<string, Row>;
  stones: Map<string, Stone>;
  floor: number;
}

/**
 * The functions of the port in their plainest form: it looks at everything on every call, and each safeguard can be
 * switched off. Complete, it is the model that fast adapters are compared with; incomplete, it shows that a story can fail.
 */
export class NaiveStateStore extends StateStore {
  private tables: Tables = { rows: new Map(), stones: new Map(), floor: -Infinity };
  private lineage = 'g0';
  private restores = 0;
  private readonly options: Required<StoryOptions>;
  private readonly keeps = (safeguard: Safeguard): boolean => !this.without.has(safeguard);

  constructor(
    options: StoryOptions,
    private readonly without: ReadonlySet<Safeguard> = new Set(),
  ) {
    super();
    const defaults = { ttlMs: 900_000, clientSessionMs: 600_000, dedupeWindow: 32, skewMs: 60_000 };
    this.options = { ...defaults, tombstoneCap: 100_000, now: Date.now, ...options };
  }

  get generation(): string {
    return this.lineage;
  }

  /** Makes the model speak of the same lineage as the store beside it. */
  take(generation: string): void {
    this.lineage = generation;
  }

  save(): Tables {
    return structuredClone(this.tables);
  }

  restore(saved: unknown): void {
    this.tables = structuredClone(saved) as Tables;
    this.lineage = `g${++this.restores}`;
  }

  async adopt(request: AdoptRequest): Promise<AdoptOutcome> {
    const { id, page, exp, snapshot, birth, tokenGeneration, shape } = request;
    const { rows, stones } = this.purge();
    const { now, skewMs, clientSessionMs } = this.options;
    const [stone, row] = [stones.get(id), rows.get(id)];
    if (stone) {
      if (stone.page !== page && this.keeps('pageBinding')) return { kind: 'TAKEN' };
      if (!row) return { kind: 'GONE' };
      this.enter(row);
      const cs = this.keeps('pageBinding') ? page : stone.page;
      if (!this.knows(row, cs)) return { kind: 'NOCS' };
      return this.opened(row, cs);
    }
    if (tokenGeneration !== this.lineage && this.keeps('tokenGeneration')) return { kind: 'EXPIRED' };
    if (row && snapshot !== '') return { kind: 'EXPIRED' };
    if (!row && snapshot === '') return { kind: 'GONE' };
    if (now() > exp + skewMs || exp <= this.tables.floor) return { kind: 'EXPIRED' };
    const adopted = row ?? this.born(id, { id, birth, snapshot, shape });
    this.enter(adopted);
    adopted.own = !adopted.shared;
    adopted.until = Math.max(adopted.until, request.until ?? 0);
    const until = this.keeps('tombstoneLife') ? exp + 2 * skewMs : now() + clientSessionMs;
    if (this.keeps('tombstone')) stones.set(id, { page, exp, until });
    this.forget(adopted, page);
    adopted.seq[page] = 0;
    const opened = this.opened(adopted, page);
    this.purge();
    return opened;
  }

  async open({ id, cs, at }: OpenRequest): Promise<OpenOutcome> {
    const row = this.purge().rows.get(id);
    if (!row) return { kind: 'GONE' };
    this.enter(row);
    const lost = this.contradiction(row, at);
    if (lost) return { kind: lost };
    if (!this.knows(row, cs)) return { kind: 'NOCS' };
    return this.opened(row, cs);
  }

  async join({ id, cs, at, drop, page }: JoinRequest): Promise<JoinOutcome> {
    const { rows, stones } = this.purge();
    const row = rows.get(id);
    if (!row) return { kind: 'GONE' };
    if (page && stones.get(id)?.page !== page) return { kind: 'TAKEN' };
    this.enter(row);
    const lost = this.contradiction(row, at);
    if (lost) return { kind: lost };
    if (drop !== undefined) this.forget(row, drop);
    this.forgetIdle(row);
    row.seq[cs] ??= 0;
    return this.opened(row, cs);
  }

  async commit(request: CommitRequest): Promise<CommitOutcome> {
    const { id, epoch, version, session, change, reply, once, until, window = this.options.dedupeWindow } = request;
    const row = this.purge().rows.get(id);
    if (!row) return { kind: 'GONE' };
    if (this.epochOf(row) !== epoch && this.keeps('commitEpoch')) return { kind: 'EPOCH' };
    if (row.g !== this.lineage && this.keeps('commitGeneration') && this.keeps('generation')) return { kind: 'EPOCH' };
    const last = session && (this.knows(row, session.cs) ? row.seq[session.cs] : null);
    if (last === null) return { kind: 'NOCS' };
    const seq = session?.seq === 'next' ? last! + 1 : (session?.seq as number);
    if (session && seq <= last! && this.keeps('dedupe')) {
      const kept = row.replies[`${session.cs}:${seq}`] ?? null;
      return { kind: 'DUP', reply: kept, last: last!, version: row.v, snapshot: row.d };
    }
    if (session && seq > last! + 1 && this.keeps('gap')) return { kind: 'GAP', expected: last! + 1 };
    if (once && row.names.includes(once) && this.keeps('once'))
      return { kind: 'DONE', version: row.v, snapshot: row.d };
    if (change) {
      if (version !== row.v && this.keeps('cas'))
        return { kind: 'CONFLICT', version: row.v, snapshot: row.d, shape: row.sh };
      Object.assign(row, { v: row.v + 1, d: change.snapshot, sh: change.shape });
    }
    if (once) row.names = [...row.names, once].slice(-32);
    row.until = Math.max(row.until, until ?? 0);
    row.ttl = this.options.now() + this.options.ttlMs;
    if (!session) return { kind: 'OK', version: row.v };
    row.seq[session.cs] = Math.max(last!, seq);
    row.replies[`${session.cs}:${seq}`] = reply;
    delete row.replies[`${session.cs}:${seq - window}`];
    row.active[session.cs] = this.options.now();
    return { kind: 'OK', version: row.v, seq };
  }

  async create(request: CreateRequest): Promise<CreateOutcome> {
    const present = this.purge().rows.get(request.id);
    if (present) this.enter(present);
    const row = present ?? this.born(request.id, request);
    return { kind: present ? 'EXISTS' : 'OK', epoch: this.epochOf(row), version: row.v };
  }

  async peek(id: string): Promise<StoredState | null> {
    const row = this.purge().rows.get(id);
    if (!row) return null;
    this.enter(row);
    return { epoch: this.epochOf(row), version: row.v, snapshot: row.d, shape: row.sh };
  }

  async positions(ids: readonly string[]): Promise<readonly (Position | null)[]> {
    const rows = ids.map((id) => this.purge().rows.get(id) ?? null);
    return rows.map((row) => row && { e: this.epochOf(row), v: row.v });
  }

  async leave({ id, cs }: { readonly id: string; readonly cs: string }): Promise<LeaveOutcome> {
    const { rows, stones } = this.purge();
    const row = rows.get(id);
    if (!row) return { gone: false };
    this.forget(row, cs);
    if (!row.own || Object.keys(row.seq).length > 0) return { gone: false };
    rows.delete(id);
    if (!this.keeps('tombstoneKept')) stones.delete(id);
    return { gone: true, snapshot: row.d };
  }

  async end(id: string): Promise<boolean> {
    return this.purge().rows.delete(id);
  }

  async sweep(): Promise<void> {
    for (const row of this.purge().rows.values()) this.forgetIdle(row);
  }

  async close(): Promise<void> {
    this.tables.rows.clear();
  }

  private purge(): Tables {
    const { rows, stones } = this.tables;
    const now = this.options.now();
    for (const [id, row] of rows) if (Math.max(row.ttl, row.until) < now) rows.delete(id);
    for (const [id, stone] of stones) if (stone.until < now) this.dropStone(id, stone);
    while (stones.size > this.options.tombstoneCap) {
      const [first] = [...stones].sort(([, a], [, b]) => a.exp - b.exp);
      this.dropStone(...first);
    }
    return this.tables;
  }

  private dropStone(id: string, { exp }: Stone): void {
    this.tables.stones.delete(id);
    if (this.keeps('floor')) this.tables.floor = Math.max(this.tables.floor, exp);
  }

  private born(id: string, { birth, snapshot, shape, owned }: CreateRequest): Row {
    const lineage = { b: this.keeps('birth') ? birth : 'same', g: this.lineage, pg: '', pv: -1 };
    const kept = {
      ttl: this.options.now() + this.options.ttlMs,
      until: 0,
      names: [],
      seq: {},
      replies: {},
      active: {},
    };
    const row: Row = { ...lineage, v: 0, d: snapshot, sh: shape, own: false, shared: owned === false, ...kept };
    this.tables.rows.set(id, row);
    return row;
  }

  private enter(row: Row): void {
    if (row.g === this.lineage || !this.keeps('generation')) return;
    Object.assign(row, { pg: row.g, pv: row.v, g: this.lineage });
  }

  private epochOf(row: Row): string {
    return `${row.b}.${row.g}`;
  }

  private contradiction(row: Row, at: OpenRequest['at']): 'GONE' | 'BACK' | null {
    if (!at || !this.keeps('evidence')) return null;
    const [b, g] = at.e.split('.');
    if (b !== row.b) return 'GONE';
    if (g === row.g) return at.v > row.v ? 'BACK' : null;
    return g === row.pg && at.v <= row.pv ? null : 'BACK';
  }

  private knows(row: Row, cs: string): boolean {
    if (!this.keeps('nocs')) row.seq[cs] ??= 0;
    return row.seq[cs] !== undefined;
  }

  private opened(row: Row, cs: string): Opened {
    const now = (row.active[cs] = this.options.now());
    row.ttl = now + this.options.ttlMs;
    const state = { epoch: this.epochOf(row), version: row.v, snapshot: row.d, shape: row.sh };
    return { kind: 'OK', ...state, cs, last: row.seq[cs] };
  }

  private forget(row: Row, cs: string): void {
    delete row.seq[cs];
    delete row.active[cs];
    for (const key of Object.keys(row.replies)) if (key.startsWith(`${cs}:`)) delete row.replies[key];
  }

  private forgetIdle(row: Row): void {
    const { now, clientSessionMs } = this.options;
    for (const [cs, active] of Object.entries(row.active)) if (active < now() - clientSessionMs) this.forget(row, cs);
  }
}
