import { setTimeout as pause } from 'node:timers/promises';

import {
  MemoryStateStore,
  StateStore,
  type Soon,
  type AdoptOutcome,
  type AdoptRequest,
  type CommitOutcome,
  type CommitRequest,
  type CreateOutcome,
  type CreateRequest,
  type Forgotten,
  type JoinOutcome,
  type JoinRequest,
  type LeaveOutcome,
  type OpenOutcome,
  type OpenRequest,
  type Position,
  type StoredState,
} from 'nest-live/extend';

/** What goes wrong with one commit. */
type CommitFault = 'fail' | 'lose' | 'conflict' | 'forget';

/**
 * A state store that goes wrong when a test says so. Without a switch it is the store inside: memory, or the one you use.
 * @example const store = new FaultyStateStore(); const live = await LiveTest.create({ providers, store });
 */
export class FaultyStateStore extends StateStore {
  /** How long every answer takes, in milliseconds. @default 0 */
  latencyMs = 0;
  private readonly faults: CommitFault[] = [];
  private outage = false;

  constructor(private readonly inner: StateStore = new MemoryStateStore()) {
    super();
  }

  get generation(): string {
    return this.inner.generation;
  }

  override onForget(forgotten: Forgotten): void {
    this.inner.onForget(forgotten);
  }

  /** The next commit fails and saves nothing: `STORE_UNAVAILABLE`. */
  failNextCommit(times = 1): void {
    this.plan('fail', times);
  }

  /** The next commit is saved and its answer is lost: `STORE_UNAVAILABLE`, although the event was applied. */
  loseNextAnswer(times = 1): void {
    this.plan('lose', times);
  }

  /** The next commit meets another one that was faster: the event is run again, after some times it is `CONTENTION`. */
  conflictNextCommit(times = 1): void {
    this.plan('conflict', times);
  }

  /** The next commit is answered and not kept, as by a store that loses its last second: then `STATE_ROLLED_BACK`. */
  forgetNextCommit(times = 1): void {
    this.plan('forget', times);
  }

  /** From now on nothing answers, until `recover()`. */
  goDown(): void {
    this.outage = true;
  }

  /** Everything works again; faults that have not happened are forgotten. */
  recover(): void {
    this.outage = false;
    this.faults.length = 0;
    this.latencyMs = 0;
  }

  adopt(request: AdoptRequest): Promise<AdoptOutcome> {
    return this.ask(() => this.inner.adopt(request));
  }

  open(request: OpenRequest): Promise<OpenOutcome> {
    return this.ask(() => this.inner.open(request));
  }

  join(request: JoinRequest): Promise<JoinOutcome> {
    return this.ask(() => this.inner.join(request));
  }

  commit(request: CommitRequest): Promise<CommitOutcome> {
    return this.ask(() => this.faulty(request));
  }

  create(request: CreateRequest): Promise<CreateOutcome> {
    return this.ask(() => this.inner.create(request));
  }

  /** Without faults: what a test looks at is what there is. */
  peek(id: string): Soon<StoredState | null> {
    return this.inner.peek(id);
  }

  positions(ids: readonly string[]): Promise<readonly (Position | null)[]> {
    return this.ask(() => this.inner.positions(ids));
  }

  leave(request: { readonly id: string; readonly cs: string }): Promise<LeaveOutcome> {
    return this.ask(() => this.inner.leave(request));
  }

  end(id: string): Promise<boolean> {
    return this.ask(() => this.inner.end(id));
  }

  sweep(): Promise<void> {
    return this.inner.sweep();
  }

  override start(): void | Promise<void> {
    return this.inner.start();
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  private plan(fault: CommitFault, times: number): void {
    this.faults.push(...Array.from({ length: times }, () => fault));
  }

  private async ask<T>(question: () => Soon<T>): Promise<T> {
    if (this.latencyMs > 0) {
      await pause(this.latencyMs);
    }
    if (this.outage) {
      throw new Error('the store is down, as the test wants it');
    }
    return question();
  }

  private async faulty(request: CommitRequest): Promise<CommitOutcome> {
    const fault = this.faults.shift();
    if (fault === 'fail') {
      throw new Error('the commit failed, as the test wants it');
    }
    const present = fault === 'conflict' ? await this.inner.peek(request.id) : null;
    if (present) {
      return { kind: 'CONFLICT', version: present.version, snapshot: present.snapshot, shape: present.shape };
    }
    if (fault === 'forget') {
      const { version = 0 } = (await this.inner.peek(request.id)) ?? {};
      const { seq } = request.session ?? {};
      return { kind: 'OK', version: version + 1, seq: typeof seq === 'number' ? seq : undefined };
    }
    const outcome = await this.inner.commit(request);
    if (fault === 'lose') {
      throw new Error('the answer was lost, as the test wants it');
    }
    return outcome;
  }
}
