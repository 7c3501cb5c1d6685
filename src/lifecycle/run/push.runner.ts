import { Inject, Injectable } from '@nestjs/common';

import type { ComponentDefinition } from '../../component/definition.js';
import { LiveError } from '../../errors/live-error.js';
import { LiveLog } from '../../observability/live.log.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import { after, caught, isLater, type Soon } from '../../protocol/soon.js';
import { AnswerStage } from './stages/answer.stage.js';
import { EventStage } from './stages/event.stage.js';
import { CommitStage } from './stages/commit.stage.js';
import { HydrateStage } from './stages/hydrate.stage.js';
import { OpenStage } from './stages/open.stage.js';
import { RenderStage } from './stages/render.stage.js';
import { Deadlines } from './deadlines.js';
import { Entrance } from './entrance.js';
import { refusal, toLiveError } from './failure.js';
import { FeatureHost } from '../plan/feature-host.js';
import { InstanceQueue } from '../instance/instance.queue.js';
import type { Arrival, Attempt } from './interaction.js';
import type { Opened } from '../instance/state-holder.js';
import { Invoker } from '../plan/invoker.js';
import { LiveContext } from '../context/live.context.js';
import type { Entry } from '../context/live.context.init.js';
import { ViewerRegistry, type Viewer } from '../instance/viewer.js';
import { patiently } from './patiently.js';
import { Round, type View } from './round.js';
import { Turns } from './turns.js';

/** A method of the component that the server itself calls. */
export interface ServerCall {
  readonly method: string;
  readonly argument: unknown;
  /** Asked of the instance as it is: a call that is not for it is not made. */
  readonly wants?: (ctx: LiveContext) => boolean;
  /** Name of the cause, where several nodes answer to it: the change is saved once, and shown by each. */
  readonly once?: string;
}

/** `later`: nothing was shown and nothing is over, the next one who asks may be luckier. */
export type Refreshed = 'shown' | 'refused' | 'later';

/** Clients are refused when a queue is long; whoever pushes paces itself, and no message may be refused. */
const UNBOUNDED = Infinity;

interface Applied {
  readonly attempt: Attempt;
  readonly version: number;
  /** Nothing was changed: whoever is shown the same as before is sent nothing. */
  readonly isSame?: true;
}

/** The server speaks first: the same stages and the same queue as a request, but nobody waits for an answer. */
@Injectable()
export class PushRunner {
  constructor(
    private readonly entrance: Entrance,
    private readonly openStage: OpenStage,
    private readonly hydrateStage: HydrateStage,
    private readonly eventStage: EventStage,
    private readonly renderStage: RenderStage,
    private readonly commitStage: CommitStage,
    private readonly answerStage: AnswerStage,
    private readonly invoker: Invoker,
    private readonly queue: InstanceQueue,
    private readonly viewers: ViewerRegistry,
    private readonly deadlines: Deadlines,
    private readonly features: FeatureHost,
    private readonly log: LiveLog,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  /**
   * Shows a viewer the present state, under that viewer's rights.
   * @param when `newer`: not when it shows this very state already
   * @param round what those who are shown it together have in common
   */
  async refresh(viewer: Viewer, when: 'always' | 'newer' = 'always', round = new Round()): Promise<Refreshed> {
    if (viewer.postpone?.()) {
      return 'later';
    }
    return this.guarded(viewer, async (definition) => {
      const { epoch, version } = viewer.held;
      const opened = await this.openStage.held(viewer.held, definition);
      if (when === 'newer' && opened.epoch === epoch && opened.version === version) {
        return;
      }
      const view = round.of(opened);
      if (view) {
        return this.showAgain(view, viewer);
      }
      const attempt = await this.attempt(viewer, opened);
      await this.work(attempt.ctx, () => this.hydrateStage.run(attempt));
      await this.show({ attempt, version: opened.version }, viewer, round);
    });
  }

  /** Calls a method of the component once, saves what it changed, and renders for each viewer. */
  async change(viewers: readonly Viewer[], call: ServerCall): Promise<void> {
    const [first] = viewers;
    if (!first) {
      return;
    }
    await this.guarded(first, async (definition) => {
      // Within the instance's turn, so that a later message does not overtake this one.
      const applied = await patiently(() => this.apply(first, definition, call));
      if (!applied) {
        return;
      }
      const round = new Round();
      const turns = new Turns();
      for (const viewer of viewers) {
        const pause = turns.next();
        if (isLater(pause)) await pause;
        // Whoever has left meanwhile is asked nothing and told nothing.
        if (!this.viewers.has(viewer)) continue;
        const shown = this.refusing(viewer, () => this.showChange(applied, viewer, round));
        if (isLater(shown)) await shown;
      }
    });
  }

  private showChange(applied: Applied, viewer: Viewer, round: Round): Soon<void> {
    const { attempt, version } = applied;
    if (viewer.postpone?.()) {
      return this.tell(attempt, viewer, version);
    }
    const view = round.of(attempt.opened);
    if (view) {
      return this.showAgain(view, viewer);
    }
    const isMade = viewer === attempt.arrival.viewer && attempt.ctx.entry === 'view';
    const own = isMade ? attempt : this.share(attempt, viewer);
    // What the method has made of the one it was called for is shown to all.
    attempt.ctx.isPersonal = false;
    return after(own, (shown) => this.show({ ...applied, attempt: shown }, viewer, round));
  }

  private async apply(
    viewer: Viewer,
    definition: ComponentDefinition,
    { method, argument, once, wants }: ServerCall,
  ): Promise<Applied | undefined> {
    const look = (): Promise<Opened> => this.openStage.server(viewer.held, definition);
    for (let tries = 1, opened = await look(); ; tries += 1) {
      // The server's own change is nobody's: what belongs to one caller is filled for each who looks at it afterwards.
      const attempt = await this.attempt(
        viewer,
        opened,
        this.features.of(definition).personalFields.size > 0 ? 'server' : 'view',
      );
      const snapshot = await this.work(attempt.ctx, async () => {
        await this.hydrateStage.run(attempt);
        if (wants?.(attempt.ctx) === false) {
          return undefined;
        }
        await this.invoker.call(attempt.ctx, { method, argument, guarded: 'unguarded' }, attempt.contextId);
        return this.commitStage.dehydrate(attempt);
      });
      if (snapshot === undefined) {
        return undefined;
      }
      if (snapshot === opened.snapshot) {
        return { attempt, version: opened.version, isSame: true };
      }
      const outcome = await this.commitStage.change(opened, snapshot, once);
      if (outcome.kind === 'OK') {
        const { id, epoch } = opened;
        this.features.onCommit({ id, epoch, component: definition.name, version: outcome.version, by: 'server' });
        return { attempt, version: outcome.version };
      }
      if (outcome.kind === 'DONE') {
        return this.applied(attempt, outcome);
      }
      opened = await this.openStage.anew(opened, outcome, look);
      if (tries >= this.limits.maxConflictRetries) {
        throw new LiveError('CONTENTION', `${tries} tries met other changes`);
      }
    }
  }

  /** Another node was first: its state is shown, with what this run told the browser. */
  private async applied(
    { arrival, opened, ctx }: Attempt,
    { version, snapshot }: { readonly version: number; readonly snapshot: string },
  ): Promise<Applied> {
    const now = await this.attempt(arrival.viewer!, { ...opened, version, snapshot }, ctx.entry);
    await this.work(now.ctx, () => this.hydrateStage.run(now));
    now.ctx.copyEffects(ctx.effects);
    return { attempt: now, version };
  }

  private async show({ attempt, version, isSame }: Applied, viewer: Viewer, round: Round): Promise<void> {
    const { ctx, opened, arrival } = attempt;
    ctx.isForMany = this.mayBeForMany(attempt);
    const html = await this.work(ctx, async () => {
      await this.eventStage.view(attempt);
      return this.renderStage.run(ctx, viewer.held.memory);
    });
    const { isForMany, isPersonal, effects } = ctx;
    const view = { opened, version, html, effects, isSame };
    if (isForMany && !isPersonal && !html.needsToken) {
      round.keep(view);
    }
    this.present(view, viewer, arrival);
  }

  /** Nothing of the author's runs for one viewer alone, and no guard can have left anything for what is rendered. */
  private mayBeForMany({ ctx, contextId, opened: { definition } }: Attempt): boolean {
    const isOwn = contextId !== undefined || this.features.of(definition).personalFields.size > 0;
    return !isOwn && !('beforeRender' in ctx.component) && this.invoker.isOpen(definition);
  }

  /** What another viewer was shown, under the rights of this one. */
  private showAgain(view: View, viewer: Viewer): Soon<void> {
    return after(this.entrance.again(view.opened.definition, viewer), ({ caller, verdict }) => {
      if (verdict?.refused) {
        throw verdict.refused.error;
      }
      this.present(view, viewer, { held: viewer.held, caller });
    });
  }

  private present(view: View, viewer: Viewer, to: Pick<Arrival, 'held' | 'caller'>): void {
    const { opened, version, html, effects, isSame } = view;
    // While this was rendered, the viewer may have been answered from a newer state: what is shown never goes back.
    const { epoch, version: shown } = viewer.held;
    if (epoch === opened.epoch && shown > version) {
      return;
    }
    if (isSame && Object.keys(effects).length === 0 && this.answerStage.isOn(viewer, html)) {
      return;
    }
    viewer.update({ html: this.answerStage.pushed(view, to), epoch: opened.epoch, version, effects });
  }

  /** Effects without a render: they are not a state, so the next one does not stand for them. */
  private tell({ opened, ctx }: Attempt, viewer: Viewer, version: number): void {
    if (Object.keys(ctx.effects).length > 0) {
      viewer.update({ html: '', epoch: opened.epoch, version, effects: ctx.effects });
    }
  }

  private async guarded(viewer: Viewer, push: (definition: ComponentDefinition) => Promise<void>): Promise<Refreshed> {
    return this.refusing(viewer, () =>
      this.queue.run(viewer.held.id, UNBOUNDED, () => push(this.openStage.definition(this.arrival(viewer)))),
    );
  }

  /** What fails for one viewer is told to that viewer and to nobody else. */
  private refusing(viewer: Viewer, push: () => Soon<void>): Soon<Refreshed> {
    return caught<Refreshed, Refreshed>(
      () => after(push(), () => 'shown'),
      (error) => this.refuse(error, viewer),
    );
  }

  private refuse(error: unknown, viewer: Viewer): Refreshed {
    const failure = toLiveError(error, { anonymous: !viewer.caller.isAuthenticated, place: 'author' });
    const { held } = viewer;
    const subject = { kind: 'push', transport: 'socket', envelope: {}, held };
    const reply = this.log.refused(failure, refusal(failure, { id: held.id }), subject);
    // A store that does not answer ends nothing: the state is there, and the sweep will ask for it again.
    if (failure.retryable) {
      return 'later';
    }
    viewer.refuse(reply);
    return 'refused';
  }

  private work<T>(ctx: LiveContext, task: () => Soon<T>): Soon<T> {
    return this.deadlines.within(task(), ctx, this.limits.handlerTimeoutMs);
  }

  private arrival(viewer: Viewer): Arrival {
    const { caller, request, held } = viewer;
    return { kind: 'join', envelope: {}, transport: 'server', caller, request, held, viewer };
  }

  private async attempt(viewer: Viewer, opened: Opened, entry: Entry = 'view'): Promise<Attempt> {
    const { definition, id, epoch: e, version: v } = opened;
    const { caller, request } = viewer;
    // What the server itself does is done whoever looks.
    const who = entry === 'server' ? { caller, request } : await this.entrance.again(definition, viewer);
    const about = { definition, id, position: { e, v }, ...who };
    const ctx = new LiveContext({ ...about, entry, transport: 'server' });
    return { arrival: { ...this.arrival(viewer), ...who }, opened, ctx };
  }

  /** The same component for another viewer: what the method left in temporary fields is shown to all. */
  private async share(attempt: Attempt, viewer: Viewer): Promise<Attempt> {
    const shared = await this.attempt(viewer, attempt.opened);
    await this.work(shared.ctx, () => this.hydrateStage.share(attempt, shared));
    shared.ctx.copyEffects(attempt.ctx.effects);
    return shared;
  }
}
