import { Injectable, Logger } from '@nestjs/common';

import { applicationRuns } from '../../../component/application-code.js';
import type { AuthorHooks } from '../../../component/hooks.js';
import { LiveError } from '../../../errors/live-error.js';
import { after, type Soon } from '../../../protocol/soon.js';
import { StateCodec } from '../../../state/codec.js';
import type { CommitOutcome } from '../../../state/state-store.js';
import { FeatureHost } from '../../plan/feature-host.js';
import type { Attempt } from '../interaction.js';
import type { Opened } from '../../instance/state-holder.js';

/** Whose state is taken. */
type Subject = Pick<Attempt, 'ctx' | 'opened' | 'arrival'>;

/** Takes the state from the fields and saves it in one atomic step. */
@Injectable()
export class CommitStage {
  private readonly logger = new Logger('Live');

  constructor(
    private readonly codec: StateCodec,
    private readonly features: FeatureHost,
  ) {}

  /** The component's state as text. @throws LiveError `STATE_TOO_LARGE` naming the biggest field */
  dehydrate(subject: Subject): Soon<string> {
    const { component, definition } = subject.ctx;
    const author = component as AuthorHooks;
    if (author.onDehydrate || !this.features.of(definition).leavesFields) applicationRuns();
    return after(author.onDehydrate?.(), this.prepared, subject);
  }

  private readonly prepared = (_: unknown, subject: Subject): Soon<string> =>
    after(this.features.of(subject.ctx.definition).onDehydrate(subject.ctx), this.encode, subject);

  private readonly encode = (_: unknown, { ctx, opened, arrival: { held } }: Subject): string => {
    const component = ctx.component as Record<string, unknown>;
    const state: Record<string, unknown> = {};
    for (const name of ctx.definition.state.keys()) {
      state[name] = component[name];
    }
    const snapshot = this.codec.encodeState(state, ctx.kept, held?.memory?.state);
    this.checkSize(opened, state, snapshot);
    return snapshot;
  };

  /** An accepted event: state, number and small reply move together or not at all. */
  accept({ opened, arrival, snapshot = '' }: Attempt, reply: string): Soon<CommitOutcome> {
    const change = { snapshot, shape: opened.definition.shape };
    return opened.holder.save(opened, { change, seq: arrival.envelope.seq ?? 'next', reply });
  }

  /** A final refusal: the number is used up, nothing else moves. For a number used earlier: its first reply. */
  consume({ opened, arrival }: Attempt, reply: string): Soon<CommitOutcome> {
    return opened.holder.save(opened, { seq: arrival.envelope.seq ?? 'next', reply });
  }

  /** A change the server made itself: no client session, no number. */
  change(opened: Opened, snapshot: string, once?: string): Soon<CommitOutcome> {
    return opened.holder.save(opened, { change: { snapshot, shape: opened.definition.shape }, reply: '', once });
  }

  private checkSize(opened: Opened, state: Record<string, unknown>, snapshot: string): void {
    const { holder, definition } = opened;
    const { warnBytes, maxBytes } = holder.bounds;
    const { name, type } = definition;
    // Before it is saved: a state that no token can carry would be one that nobody can use.
    if (!holder.canHold(opened, snapshot)) {
      throw new LiveError('STATE_TOO_LARGE', this.sizeMessage(type.name, state, Buffer.byteLength(snapshot)));
    }
    // Characters bound bytes from below, so small states are never measured twice.
    if (snapshot.length * 3 <= Math.min(warnBytes || Infinity, maxBytes || Infinity)) {
      return;
    }
    const bytes = Buffer.byteLength(snapshot);
    if (maxBytes > 0 && bytes > maxBytes) {
      throw new LiveError('STATE_TOO_LARGE', this.sizeMessage(type.name, state, bytes));
    }
    if (warnBytes > 0 && bytes > warnBytes) {
      this.logger.warn(`${this.sizeMessage(type.name, state, bytes)} (component "${name}")`);
    }
  }

  private sizeMessage(className: string, state: Record<string, unknown>, bytes: number): string {
    const sizes = Object.keys(state).map((name) => [name, this.codec.encode({ [name]: state[name] }).length] as const);
    const [biggest, chars] = sizes.reduce((a, b) => (b[1] > a[1] ? b : a));
    return `the state of ${className} has ${bytes} bytes; its biggest field is "${biggest}" (${chars} characters): make it @Temporary() and load it in beforeRender()`;
  }
}
