import { Injectable, Logger } from '@nestjs/common';

import { RouteClaims } from '../../connections/route-claims.js';
import { InstanceQueue } from '../../lifecycle/instance/instance.queue.js';
import { PushRunner } from '../../lifecycle/run/push.runner.js';
import { ViewerRegistry, type Viewer } from '../../lifecycle/instance/viewer.js';
import { Metrics } from '../../observability/metrics.js';
import type { Position } from '../../protocol/envelope.js';
import { BudgetedStateStore } from '../../state/budgeted.state-store.js';

const SWEEP_MS = 5_000;
/** Every how many sweeps what is looked at is touched: once a minute. */
const TOUCH_EVERY = 12;
/** Instances asked for at once. */
const BATCH = 1_000;
/** Viewers brought up to date at once. */
const SLICE = 50;

/**
 * Keeps what open pages look at: every five seconds it compares what they show with where the store stands, so that a
 * lost hint, a loss of data or an end is seen; once a minute it touches them, so that none is forgotten.
 */
@Injectable()
export class JoinedKeeper {
  private readonly logger = new Logger('Live');
  private timer?: NodeJS.Timeout;
  private sweeping?: Promise<void>;
  private sweeps = 0;
  private isFailing = false;
  /** What a viewer showed, and what the store held, when it was refused: once is enough. */
  private readonly refused = new WeakMap<Viewer, string>();

  constructor(
    private readonly viewers: ViewerRegistry,
    private readonly store: BudgetedStateStore,
    private readonly pushes: PushRunner,
    private readonly queue: InstanceQueue,
    private readonly routes: RouteClaims,
    private readonly metrics: Metrics,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.sweep(), SWEEP_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** One at a time: a store that answers slowly is not asked twice. */
  sweep(): Promise<void> {
    this.sweeping ??= this.look().finally(() => (this.sweeping = undefined));
    return this.sweeping;
  }

  async touchAll(): Promise<void> {
    const viewers = this.viewers.all();
    for (let from = 0; from < viewers.length; from += BATCH) {
      await Promise.all(viewers.slice(from, from + BATCH).map((viewer) => this.touch(viewer)));
    }
  }

  private async look(): Promise<void> {
    this.sweeps += 1;
    try {
      await this.routes.repair();
      await this.compareAll();
      if (this.sweeps % TOUCH_EVERY === 0) {
        await this.touchAll();
      }
      this.isFailing = false;
    } catch (error) {
      // The store does not answer: nothing ends by that, and the next event says so to whoever needs to know.
      if (!this.isFailing) {
        this.logger.warn(`what open pages show could not be compared with the store: ${(error as Error).message}`);
      }
      this.isFailing = true;
    }
  }

  private async compareAll(): Promise<void> {
    const ids = this.viewers.instances();
    for (let from = 0; from < ids.length; from += BATCH) {
      const batch = ids.slice(from, from + BATCH);
      const positions = await this.store.positions(batch);
      const different = batch.flatMap((id, index) => this.differing(id, positions[index]));
      for (let first = 0; first < different.length; first += SLICE) {
        await Promise.all(different.slice(first, first + SLICE).map((one) => this.repair(one)));
      }
    }
  }

  /** What an event works on is left to the next round: an event may take its time, and this one has others to look after. */
  private differing(id: string, position: Position | null): readonly Difference[] {
    if (this.queue.isBusy(id)) {
      return [];
    }
    return this.viewers.of(id).flatMap((viewer) => {
      const { epoch, version } = viewer.held;
      return position && position.e === epoch && position.v === version ? [] : [{ viewer, position }];
    });
  }

  /** Shows what is new; whoever was shown more than there is, or something that is gone, is told by the refusal. */
  private async repair({ viewer, position }: Difference): Promise<void> {
    const { epoch, version } = viewer.held;
    const difference = `${epoch} ${version} ${position?.e} ${position?.v}`;
    if (this.refused.get(viewer) === difference) {
      return;
    }
    const outcome = await this.pushes.refresh(viewer, 'newer');
    if (outcome === 'refused') {
      this.refused.set(viewer, difference);
    } else if (outcome === 'shown') {
      this.metrics.sweepRepairs.add();
    }
  }

  private async touch(viewer: Viewer): Promise<void> {
    const { id, cs, epoch, version } = viewer.held;
    const { kind } = await this.store.open({ id, cs, at: { e: epoch, v: version } });
    if (kind !== 'OK') {
      await this.repair({ viewer, position: null });
    }
  }
}

interface Difference {
  readonly viewer: Viewer;
  /** Null: the store has no such instance. */
  readonly position: Position | null;
}
