import { Inject, Injectable, Logger } from '@nestjs/common';

import type { ComponentDefinition } from '../../component/definition.js';
import type { AuthorHooks } from '../../component/hooks.js';
import { LiveError } from '../../errors/live-error.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import { StateCodec } from '../../state/codec.js';
import { StateStore, type CommitOutcome } from '../../state/state-store.js';
import { FeatureHost } from '../feature-host.js';
import type { Attempt, Opened } from '../interaction.js';
import type { LiveContext } from '../live.context.js';
import { askStore } from './store-call.js';

/** The number an event carries: the client's own, or the next one for a client that keeps none. */
export type Sequence = number | 'next';

/** Takes the state from the fields and saves it in one atomic step. */
@Injectable()
export class CommitStage {
  private readonly logger = new Logger('Live');

  constructor(
    private readonly store: StateStore,
    private readonly codec: StateCodec,
    private readonly features: FeatureHost,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  /** The component's state as text. @throws LiveError `STATE_TOO_LARGE` naming the biggest field */
  async dehydrate(ctx: LiveContext): Promise<string> {
    await (ctx.component as AuthorHooks).onDehydrate?.();
    await this.features.onDehydrate(ctx);
    const component = ctx.component as Record<string, unknown>;
    const state: Record<string, unknown> = {};
    for (const name of ctx.definition.state.keys()) {
      state[name] = component[name];
    }
    const snapshot = this.codec.encode(state);
    this.checkSize(ctx.definition, state, snapshot);
    return snapshot;
  }

  /** An accepted event: state, number and small reply move together or not at all. */
  accept(
    { opened, arrival }: Attempt,
    { snapshot, reply }: { snapshot: string; reply: string },
  ): Promise<CommitOutcome> {
    return this.commit(opened, {
      change: { snapshot, shape: opened.definition.shape },
      seq: arrival.envelope.seq ?? 'next',
      reply,
    });
  }

  /** A final refusal: the number is used up, nothing else moves. For a number used earlier: its first reply. */
  consume({ opened, arrival }: Attempt, reply: string): Promise<CommitOutcome> {
    return this.commit(opened, { seq: arrival.envelope.seq ?? 'next', reply });
  }

  /** A change the server made itself: no client session, no number. */
  change(opened: Opened, snapshot: string): Promise<CommitOutcome> {
    return this.commit(opened, { change: { snapshot, shape: opened.definition.shape }, reply: '' });
  }

  private commit(
    { id, epoch, version, cs }: Opened,
    { change, seq, reply }: { change?: { snapshot: string; shape: number }; seq?: Sequence; reply: string },
  ): Promise<CommitOutcome> {
    const session = seq === undefined ? undefined : { cs, seq };
    return askStore(() => this.store.commit({ id, epoch, version, session, change, reply }));
  }

  private checkSize({ name, type }: ComponentDefinition, state: Record<string, unknown>, snapshot: string): void {
    const { warnStateBytes, maxStateBytes } = this.limits;
    // Characters bound bytes from below, so small states are never measured twice.
    if (snapshot.length * 3 <= Math.min(warnStateBytes || Infinity, maxStateBytes || Infinity)) {
      return;
    }
    const bytes = Buffer.byteLength(snapshot);
    if (maxStateBytes > 0 && bytes > maxStateBytes) {
      throw new LiveError('STATE_TOO_LARGE', this.sizeMessage(type.name, state, bytes));
    }
    if (warnStateBytes > 0 && bytes > warnStateBytes) {
      this.logger.warn(`${this.sizeMessage(type.name, state, bytes)} (component "${name}")`);
    }
  }

  private sizeMessage(className: string, state: Record<string, unknown>, bytes: number): string {
    const sizes = Object.keys(state).map((name) => [name, this.codec.encode({ [name]: state[name] }).length] as const);
    const [biggest, chars] = sizes.reduce((a, b) => (b[1] > a[1] ? b : a));
    return `the state of ${className} has ${bytes} bytes; its biggest field is "${biggest}" (${chars} characters): make it @Temporary() and load it in beforeRender()`;
  }
}
