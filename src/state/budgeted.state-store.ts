import type { Budget, Owner } from '../budgets/budget.js';
import type { Budgets } from '../budgets/budgets.js';
import { LiveError } from '../errors/live-error.js';
import { after, caught, type Soon } from '../protocol/soon.js';
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
} from './state-store.js';

/** What an instance, a client session and a tombstone cost besides their text, in the store that needs most. */
const INSTANCE_BYTES = 1_024;
const SESSION_BYTES = 512;
const TOMBSTONE_BYTES = 256;
/** A tombstone outlives its token by what clocks may differ. */
const TOMBSTONE_MS = 2 * 60_000;
/** Replies of a client session that are kept, where a commit does not say it. */
const WINDOW = 32;
const RETRY_MS = 5_000;

/** Text is one or two bytes a character, depending on what stands in it. */
const sizeOf = (text: string): number => 2 * text.length;

/** A client session on an instance, and how it is named. */
interface Session {
  readonly id: string;
  readonly cs: string;
  readonly name: string;
}

/**
 * The state store, with a budget for whoever asks: what is made for a caller is counted before it is made, and refused
 * where there is no room. What the server makes by itself is counted and never refused.
 */
export class BudgetedStateStore extends StateStore {
  private readonly instances: Budget;
  private readonly tombstones: Budget;
  /** Whose name was needed last: an event needs it from its first step to its last. */
  private session: Session = { id: '', cs: '', name: '' };

  constructor(
    private readonly store: StateStore,
    { instances, tombstones }: Budgets,
  ) {
    super();
    this.instances = instances;
    this.tombstones = tombstones;
    instances.onDrop((id) => this.drop(id));
    store.onForget({
      instance: (id, clientSessions) => {
        instances.give(id);
        for (const cs of clientSessions) instances.give(this.both(id, cs));
      },
      token: (id) => tombstones.give(id),
    });
  }

  get generation(): string {
    return this.store.generation;
  }

  override get maxInstances(): number {
    return this.store.maxInstances;
  }

  override get ttlMs(): number {
    return this.store.ttlMs;
  }

  adopt(request: AdoptRequest): Soon<AdoptOutcome> {
    const { id, page, owner } = request;
    return !owner || this.tombstones.has(id)
      ? after(this.store.adopt(request), (outcome) => this.known(id, page, outcome))
      : this.adoptFor(owner, request);
  }

  private async adoptFor(owner: Owner, request: AdoptRequest): Promise<AdoptOutcome> {
    const { id, page, exp, snapshot, until } = request;
    const lifeMs = exp - Date.now() + TOMBSTONE_MS;
    const isStored = this.instances.has(id);
    const bytes = INSTANCE_BYTES + sizeOf(snapshot);
    const hasRoom =
      this.tombstones.take(id, { owner, bytes: TOMBSTONE_BYTES + sizeOf(page), lifeMs }) &&
      (isStored || this.instances.take(id, { owner, bytes, lifeMs: this.lifeMs(until) })) &&
      this.instances.take(this.both(id, page), { owner, bytes: SESSION_BYTES, lifeMs: this.ttlMs });
    const outcome = hasRoom ? await this.store.adopt(request) : undefined;
    if (outcome?.kind !== 'OK') {
      this.instances.give(this.both(id, page));
      this.tombstones.give(id);
      if (!isStored) {
        this.instances.give(id);
      }
    }
    return outcome ?? full();
  }

  open(request: OpenRequest): Soon<OpenOutcome> {
    return after(this.store.open(request), this.opened, request);
  }

  private readonly opened = (outcome: OpenOutcome, { id, cs, owner }: OpenRequest): OpenOutcome => {
    if (outcome.kind === 'OK' && owner && !this.instances.has(this.both(id, cs))) {
      // It came over another node, and is there already.
      this.instances.note(this.both(id, cs), { owner, bytes: SESSION_BYTES, lifeMs: this.ttlMs });
    }
    return this.known(id, cs, outcome);
  };

  async join(request: JoinRequest): Promise<JoinOutcome> {
    const { id, cs, drop, owner } = request;
    const session = this.both(id, cs);
    const kept = owner && { owner, bytes: SESSION_BYTES, lifeMs: this.ttlMs };
    if (kept && !this.instances.take(session, kept)) {
      return full();
    }
    const outcome = await this.store.join(request);
    if (outcome.kind !== 'OK') {
      this.instances.give(session);
    } else if (drop !== undefined) {
      this.instances.give(this.both(id, drop));
    }
    return this.known(id, cs, outcome);
  }

  commit(request: CommitRequest): Soon<CommitOutcome> {
    const { id, session, change, reply, window = WINDOW, until } = request;
    const bytes = change ? sizeOf(change.snapshot) : 0;
    const isKnown = this.instances.has(id);
    if (change && isKnown) {
      this.count(id, INSTANCE_BYTES + bytes, { lifeMs: this.lifeMs(until), isAsked: session !== undefined });
    }
    if (session) {
      const kept = typeof session.seq === 'number' ? Math.min(session.seq, window) : window;
      // What has come over another node is counted there; what it grows by here is counted here.
      const sum = SESSION_BYTES + kept * sizeOf(reply) + (isKnown ? 0 : bytes);
      this.count(this.both(id, session.cs), sum, { lifeMs: this.lifeMs(until), isAsked: true });
    }
    return this.store.commit(request);
  }

  create(request: CreateRequest): Soon<CreateOutcome> {
    const { id, snapshot, owner } = request;
    if (!owner) {
      return this.store.create(request);
    }
    const bytes = INSTANCE_BYTES + sizeOf(snapshot);
    if (!this.instances.take(id, { owner, bytes, lifeMs: this.ttlMs })) {
      return full();
    }
    return this.store.create(request);
  }

  peek(id: string): ReturnType<StateStore['peek']> {
    return this.store.peek(id);
  }

  positions(ids: readonly string[]): ReturnType<StateStore['positions']> {
    return this.store.positions(ids);
  }

  async leave(request: { readonly id: string; readonly cs: string }): Promise<LeaveOutcome> {
    const outcome = await this.store.leave(request);
    this.instances.give(this.both(request.id, request.cs));
    if (outcome.gone) {
      this.instances.give(request.id);
    }
    return outcome;
  }

  end(id: string): Soon<boolean> {
    this.instances.give(id);
    return this.store.end(id);
  }

  sweep(): Promise<void> {
    return this.store.sweep();
  }

  override start(): void | Promise<void> {
    return this.store.start();
  }

  close(): Promise<void> {
    return this.store.close();
  }

  /** @throws LiveError `OVERLOADED` where a caller asks for more than there is room for */
  private count(id: string, bytes: number, { lifeMs, isAsked }: { lifeMs: number; isAsked: boolean }): void {
    if (!this.instances.resize(id, bytes, lifeMs) && isAsked) {
      full();
    }
  }

  /** What is used lives on; what is gone is given back. */
  private known<T extends { readonly kind: string }>(id: string, cs: string, outcome: T): T {
    if (outcome.kind === 'OK') {
      this.instances.touch(id, this.ttlMs, this.both(id, cs));
    } else if (outcome.kind === 'GONE') {
      this.instances.give(id);
      this.instances.give(this.both(id, cs));
    }
    return outcome;
  }

  /** Names a client session on an instance. */
  private both(id: string, cs: string): string {
    if (this.session.id !== id || this.session.cs !== cs) {
      this.session = { id, cs, name: `${id}\n${cs}` };
    }
    return this.session.name;
  }

  private lifeMs(until: number | undefined): number {
    return until === undefined ? this.ttlMs : Math.max(this.ttlMs, until - Date.now());
  }

  /** Unused for long, and its room is needed: as if its page had left. */
  private drop(id: string): void {
    const [instance, cs] = id.split('\n');
    // What cannot be thrown away now ends by its time.
    void caught<unknown, void>(
      () => (cs === undefined ? this.store.end(instance) : this.store.leave({ id: instance, cs })),
      () => undefined,
    );
  }
}

const full = (): never => {
  throw new LiveError('OVERLOADED', 'no more is kept for this caller, or for all who have no login: see live_kept_*', {
    retryAfterMs: RETRY_MS,
  });
};
