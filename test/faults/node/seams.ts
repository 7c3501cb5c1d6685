import { Inject } from '@nestjs/common';
import {
  EventBus,
  Feature,
  LifecycleRunner,
  StateStore,
  type CommitRequest,
  type LiveFeature,
  type Next,
  type Rendered,
} from 'nest-live/extend';
import type { LiveContext } from 'nest-live';

import { CrashPoints } from './crash.points.js';
import type { Safeguard } from './node.orders.js';

/** Crash points the product has a seam for. */
@Feature()
export class FaultFeature implements LiveFeature {
  constructor(@Inject(CrashPoints) private readonly points: CrashPoints) {}

  async aroundEvent(_ctx: LiveContext, next: Next<unknown>): Promise<unknown> {
    const result = await next();
    await this.points.pass('afterHandler');
    return result;
  }

  async aroundRender({ entry }: LiveContext, next: Next<Rendered>): Promise<Rendered> {
    const rendered = await next();
    if (entry === 'event') await this.points.pass('afterRender');
    return rendered;
  }
}

type Parts = {
  readonly store: StateStore;
  readonly bus: EventBus;
  readonly runner: LifecycleRunner;
  readonly points: CrashPoints;
};

/** What can be set from outside while the node runs. */
export interface Weakness {
  readonly without: ReadonlySet<Safeguard>;
  failEveryCommit: number;
  /** Topic of the bus that reaches nobody. */
  lostTopic?: string;
}

/** The other crash points, around the parts themselves: the product knows nothing of them. */
export const surround = ({ store, bus, runner, points }: Parts, weakness: Weakness): void => {
  const commit = store.commit.bind(store);
  const publish = bus.publish.bind(bus);
  const run = runner.run.bind(runner);
  let commits = 0;

  store.commit = async (request) => {
    if (!request.session) return commit(request);
    await points.pass('beforeCommit');
    commits += 1;
    if (weakness.failEveryCommit > 0 && commits % weakness.failEveryCommit === 0) {
      throw new Error('the disk is full');
    }
    const outcome = await (weakness.without.has('cas') ? overwrite(store, commit, request) : commit(request));
    if (outcome.kind === 'OK') await points.pass('afterCommit');
    return outcome;
  };

  bus.publish = async (topic, message) => {
    await points.pass('beforePublish');
    if (topic === weakness.lostTopic) return;
    return publish(topic, message);
  };

  runner.run = async (arrival) => {
    const isEvent = arrival.kind === 'event';
    // Without its number an event is what it is in a system that has none.
    const naive = isEvent && weakness.without.has('dedupe');
    const answer = await run(naive ? { ...arrival, envelope: { ...arrival.envelope, seq: undefined } } : arrival);
    if (!isEvent || !answer.reply.ok) return naive ? numbered(answer, arrival.envelope.seq) : answer;
    await points.pass('beforeAck');
    setImmediate(() => void points.pass('afterAck').catch(() => undefined));
    return naive ? numbered(answer, arrival.envelope.seq) : answer;
  };
};

const numbered = <T extends { readonly reply: object }>(answer: T, seq: number | undefined): T => ({
  ...answer,
  reply: { ...answer.reply, seq },
});

/** Compare-and-set that compares with whatever is there. */
const overwrite = async (store: StateStore, commit: StateStore['commit'], request: CommitRequest) => {
  for (;;) {
    const now = await store.peek(request.id);
    const outcome = await commit({ ...request, version: now?.version ?? request.version });
    if (outcome.kind !== 'CONFLICT') return outcome;
  }
};
