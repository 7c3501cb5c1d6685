import { randomBytes } from 'node:crypto';
import type { Owner } from '../budgets/budget.js';
import type { Position } from '../protocol/envelope.js';
import type { Soon } from '../protocol/soon.js';
import { resolveMemoryStateStore, type MemoryStateStoreOptions } from './memory.state-store.options.js';
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
  type OpenRequest,
  type StoredState,
} from './state-store.js';
import { StoredInstance } from './stored-instance.js';
import { Tombstones } from './tombstones.js';

const IDLE_SESSIONS_PER_JOIN = 16;
const MOMENT_MS = 1_000;

/** Instances in the memory of this process: for one node, and for tests. A restart ends every instance. */
export class MemoryStateStore extends StateStore {
  protected lineage = randomBytes(8).toString('hex');
  /** Least recently touched first, which is also the order in which they end. */
  protected instances = new Map<string, StoredInstance>();
  protected tombstones: Tombstones;
  protected bytes = 0;
  /** What of all that is of callers without a login: it takes no room from anybody else. */
  private strangers = { instances: 0, bytes: 0 };
  private readonly options: ReturnType<typeof resolveMemoryStateStore>;
  private interval?: NodeJS.Timeout;

  constructor(options: MemoryStateStoreOptions = {}) {
    super();
    this.options = resolveMemoryStateStore(options);
    const { tombstoneCap: cap, skewMs } = this.options;
    this.tombstones = new Tombstones({ cap, keepMs: 2 * skewMs }, (id) => this.forgotten.token(id));
  }

  get generation(): string {
    return this.lineage;
  }

  override get maxInstances(): number {
    return this.options.maxInstances;
  }

  override get ttlMs(): number {
    return this.options.ttlMs;
  }

  adopt(request: AdoptRequest): Soon<AdoptOutcome> {
    const { id, page, exp, snapshot, birth, tokenGeneration, shape, until, owner } = request;
    const { now: clock, skewMs } = this.options;
    const now = clock();
    this.tombstones.expire(now);
    const tombstone = this.tombstones.get(id);
    const present = this.find(id, now);
    if (tombstone) {
      if (tombstone.page !== page) return { kind: 'TAKEN' };
      if (!present) return { kind: 'GONE' };
      present.enter(this.lineage);
      if (!present.has(page)) return { kind: 'NOCS' };
      return this.opened(id, present, page, now);
    }
    // The store was restarted since the mount: the tombstone may be what was lost.
    if (tokenGeneration !== this.lineage) return { kind: 'EXPIRED' };
    if (present && snapshot !== '') return { kind: 'EXPIRED' };
    if (!present && snapshot === '') return { kind: 'GONE' };
    if (now > exp + skewMs || exp <= this.tombstones.floor) return { kind: 'EXPIRED' };
    const instance =
      present ?? this.insert(id, new StoredInstance({ ...this.born(birth, owner), snapshot, shape, shared: false }));
    instance.enter(this.lineage);
    instance.owned = !instance.shared;
    instance.keepUntil(until);
    this.tombstones.add(id, page, exp);
    this.grow(instance, () => instance.register(page, now));
    return this.opened(id, instance, page, now);
  }

  open({ id, cs, at }: OpenRequest): Soon<OpenOutcome> {
    const now = this.options.now();
    const instance = this.find(id, now);
    if (!instance) return { kind: 'GONE' };
    instance.enter(this.lineage);
    const contradiction = instance.contradiction(at);
    if (contradiction) return { kind: contradiction };
    if (!instance.has(cs)) return { kind: 'NOCS' };
    return this.opened(id, instance, cs, now);
  }

  join({ id, cs, at, drop, page }: JoinRequest): Soon<JoinOutcome> {
    const { now: clock, clientSessionMs, maxClientSessions } = this.options;
    const now = clock();
    this.tombstones.expire(now);
    const instance = this.find(id, now);
    if (!instance) return { kind: 'GONE' };
    if (page && this.tombstones.get(id)?.page !== page) return { kind: 'TAKEN' };
    instance.enter(this.lineage);
    const contradiction = instance.contradiction(at);
    if (contradiction) return { kind: contradiction };
    this.grow(instance, () => {
      if (drop !== undefined) instance.forget(drop);
      instance.forgetIdle(now - clientSessionMs, IDLE_SESSIONS_PER_JOIN);
      if (!instance.has(cs)) instance.register(cs, now);
    });
    const opened = this.opened(id, instance, cs, now);
    this.grow(instance, () => instance.forgetOldest(maxClientSessions));
    return opened;
  }

  commit(request: CommitRequest): Soon<CommitOutcome> {
    const { id, epoch, version, session, change, reply, once, until } = request;
    const { now: clock, dedupeWindow: defaultWindow } = this.options;
    const { window: dedupeWindow = defaultWindow } = request;
    const now = clock();
    const instance = this.find(id, now);
    if (!instance) return { kind: 'GONE' };
    // The second half: nobody has looked at this instance since the store's lineage changed.
    if (instance.epoch !== epoch || instance.generation !== this.lineage) return { kind: 'EPOCH' };
    if (session) {
      const last = instance.lastOf(session.cs);
      if (last === undefined) return { kind: 'NOCS' };
      const seq = session.seq === 'next' ? last + 1 : session.seq;
      if (seq <= last) {
        const kept = instance.replyOf(session.cs, seq, dedupeWindow);
        return { kind: 'DUP', reply: kept, last, version: instance.version, snapshot: instance.snapshot };
      }
      if (seq !== last + 1) return { kind: 'GAP', expected: last + 1 };
    }
    // Before the comparison of versions: another node that applied it has raised the version.
    if (once !== undefined && instance.hasApplied(once)) {
      return { kind: 'DONE', version: instance.version, snapshot: instance.snapshot };
    }
    if (change && version !== instance.version) {
      return instance.conflict;
    }
    let seq: number | undefined;
    this.grow(instance, () => {
      if (change) instance.apply(change);
      if (once !== undefined) instance.remember(once);
      if (session) seq = instance.consume(session.cs, reply, dedupeWindow);
    });
    instance.keepUntil(until);
    if (session) instance.activate(session.cs, now);
    this.touch(id, instance, now);
    return seq === undefined
      ? { kind: 'OK', version: instance.version }
      : { kind: 'OK', version: instance.version, seq };
  }

  create({ id, snapshot, birth, shape, owned, owner }: CreateRequest): Soon<CreateOutcome> {
    const now = this.options.now();
    const present = this.find(id, now);
    if (present) {
      present.enter(this.lineage);
      return { kind: 'EXISTS', epoch: present.epoch, version: present.version };
    }
    const shared = owned === false;
    const instance = this.insert(id, new StoredInstance({ ...this.born(birth, owner), snapshot, shape, shared }));
    this.touch(id, instance, now);
    return { kind: 'OK', epoch: instance.epoch, version: instance.version };
  }

  peek(id: string): Soon<StoredState | null> {
    const instance = this.find(id, this.options.now());
    if (!instance) return null;
    instance.enter(this.lineage);
    return instance.state;
  }

  positions(ids: readonly string[]): Soon<readonly (Position | null)[]> {
    const now = this.options.now();
    return ids.map((id) => {
      const instance = this.find(id, now);
      return instance ? { e: instance.epoch, v: instance.version } : null;
    });
  }

  leave({ id, cs }: { readonly id: string; readonly cs: string }): Soon<LeaveOutcome> {
    const instance = this.find(id, this.options.now());
    if (!instance) return { gone: false };
    this.grow(instance, () => instance.forget(cs));
    if (!instance.owned || instance.sessions > 0) return { gone: false };
    this.remove(id, instance);
    return { gone: true, snapshot: instance.snapshot };
  }

  end(id: string): Soon<boolean> {
    const instance = this.find(id, this.options.now());
    if (instance) this.remove(id, instance);
    return instance !== undefined;
  }

  async sweep(): Promise<void> {
    const { now: clock, clientSessionMs } = this.options;
    const now = clock();
    this.tombstones.expire(now);
    this.expire(now);
    for (const instance of this.instances.values()) {
      this.grow(instance, () => instance.forgetIdle(now - clientSessionMs, Infinity));
    }
  }

  override start(): void {
    this.interval ??= setInterval(() => void this.sweep(), this.options.sweepIntervalMs).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.interval);
    this.interval = undefined;
    this.instances.clear();
    this.bytes = 0;
    this.strangers = { instances: 0, bytes: 0 };
  }

  private born(birth: string, owner: Owner | undefined) {
    return { birth, generation: this.lineage, isStranger: owner?.isStranger ?? false };
  }

  private find(id: string, now: number): StoredInstance | undefined {
    const instance = this.instances.get(id);
    if (!instance || this.lives(instance, now)) return instance;
    this.remove(id, instance);
    return undefined;
  }

  private opened(id: string, instance: StoredInstance, cs: string, now: number) {
    const opened = instance.opened(cs, now);
    this.touch(id, instance, now);
    return opened;
  }

  // Moves the instance to the young end; while there is room for as much again, not twice in a moment. What is too much is
  // paid for at the old end, so that no call scans the map.
  private touch(id: string, instance: StoredInstance, now: number): void {
    instance.touched = now;
    const isRoomy = 2 * this.instances.size <= this.options.maxInstances && 2 * this.bytes <= this.options.maxBytes;
    if (isRoomy && now - instance.placed < MOMENT_MS) return;
    instance.placed = now;
    this.instances.delete(id);
    this.instances.set(id, instance);
    if (!this.isTooMuch(instance)) return;
    for (const [oldest, old] of this.instances) {
      if (old.isStranger !== instance.isStranger) continue;
      this.remove(oldest, old);
      if (!this.isTooMuch(instance)) return;
    }
  }

  /** Of those who have a login, or of those who have none; never for the bytes of the very instance. */
  private isTooMuch({ isStranger, bytes: own }: StoredInstance): boolean {
    const { maxInstances, maxBytes } = this.options;
    const { strangers } = this;
    const instances = isStranger ? strangers.instances : this.instances.size - strangers.instances;
    const bytes = isStranger ? strangers.bytes : this.bytes - strangers.bytes;
    return instances > maxInstances || (bytes > maxBytes && bytes > own);
  }

  private expire(now: number): void {
    for (const [id, instance] of this.instances) {
      if (!this.lives(instance, now)) this.remove(id, instance);
    }
  }

  private lives({ touched, until }: StoredInstance, now: number): boolean {
    return Math.max(touched + this.options.ttlMs, until) >= now;
  }

  private insert(id: string, instance: StoredInstance): StoredInstance {
    this.instances.set(id, instance);
    this.count(instance, 1, instance.bytes);
    return instance;
  }

  private grow(instance: StoredInstance, change: () => void): void {
    const before = instance.bytes;
    change();
    this.count(instance, 0, instance.bytes - before);
  }

  private remove(id: string, instance: StoredInstance): void {
    if (!this.instances.delete(id)) return;
    this.count(instance, -1, -instance.bytes);
    this.forgotten.instance(id, instance.clientSessions);
  }

  private count({ isStranger }: StoredInstance, instances: number, bytes: number): void {
    this.bytes += bytes;
    if (!isStranger) return;
    this.strangers.instances += instances;
    this.strangers.bytes += bytes;
  }
}
