import { resolveLimits, type StateStore } from 'nest-live/extend';

import { type InstanceQueue } from '../../../src/lifecycle/instance/instance.queue.js';
import type { Latencies } from './latencies.js';

const { maxConflictRetries } = resolveLimits();
/** As the refusal tells a client; see `CONTENTION`. */
const CONTENTION_PAUSE_MS = 200;

export interface Tally {
  acked: number;
  /** Handler runs that met a change of another node. */
  conflicts: number;
  /** Refusals after too many of them in a row. */
  contentions: number;
  readonly latencies: Latencies;
}

/** What the counter keeps, and its handler. */
const incremented = (snapshot: string): string => {
  const state = JSON.parse(snapshot) as { count: number; parity: string };
  const count = state.count + 1;
  return JSON.stringify({ ...state, count, parity: count % 2 === 0 ? 'even' : 'odd' });
};

/** One client session on one instance that sends its next event when the last one is acknowledged. */
export class CommitClient {
  private seq = 0;

  constructor(
    private readonly store: StateStore,
    private readonly queue: InstanceQueue,
    readonly id: string,
    readonly cs: string,
  ) {}

  async join(): Promise<void> {
    const { kind } = await this.store.join({ id: this.id, cs: this.cs });
    if (kind !== 'OK') throw new Error(`join of ${this.id}: ${kind}`);
  }

  /** One event, acknowledged: the client sends the same number again when it was refused for contention. */
  async event(tally: Tally): Promise<void> {
    const began = performance.now();
    this.seq += 1;
    while (!(await this.queue.run(this.id, Infinity, () => this.deliver(tally)))) {
      tally.contentions += 1;
      await new Promise((resolve) => setTimeout(resolve, CONTENTION_PAUSE_MS));
    }
    tally.acked += 1;
    tally.latencies.add(performance.now() - began);
  }

  /** As in `EventRunner`: run anew for each conflict, on the state that was first, a limited number of times. */
  private async deliver(tally: Tally): Promise<boolean> {
    const { store, id, cs, seq } = this;
    const opened = await store.open({ id, cs });
    if (opened.kind !== 'OK') throw new Error(`open of ${id}: ${opened.kind}`);
    let { version, shape, snapshot } = opened;
    for (let tries = 1; tries <= maxConflictRetries; tries += 1) {
      const change = { snapshot: incremented(snapshot), shape };
      const outcome = await store.commit({ id, epoch: opened.epoch, version, session: { cs, seq }, change, reply: '' });
      // A repeated number was applied by an earlier try whose answer was lost.
      if (outcome.kind === 'OK' || outcome.kind === 'DUP') return true;
      if (outcome.kind !== 'CONFLICT') throw new Error(`commit to ${id}: ${outcome.kind}`);
      ({ version, shape, snapshot } = outcome);
      tally.conflicts += 1;
    }
    return false;
  }
}
