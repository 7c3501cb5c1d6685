import { Inject, Injectable } from '@nestjs/common';

import type { ComponentDefinition } from '../component/definition.js';
import { LiveError } from '../errors/live-error.js';
import { LiveLog } from '../observability/live.log.js';
import { LIMITS, type Limits } from '../protocol/limits.js';
import { EventStage } from './stages/event.stage.js';
import { CommitStage } from './stages/commit.stage.js';
import { HydrateStage } from './stages/hydrate.stage.js';
import { OpenStage } from './stages/open.stage.js';
import { RenderStage } from './stages/render.stage.js';
import { storeRefusal } from './stages/store-call.js';
import { Deadlines } from './deadlines.js';
import { refusal, toLiveError } from './failure.js';
import { FeatureHost } from './feature-host.js';
import { InstanceQueue } from './instance.queue.js';
import type { Arrival, Attempt, Opened } from './interaction.js';
import { Invoker } from './invoker.js';
import { LiveContext } from './live.context.js';
import type { Viewer } from './viewer.js';

/** A method of the component that the server itself calls. */
export interface ServerCall {
  readonly method: string;
  readonly argument: unknown;
}

/** The server speaks first: the same stages and the same queue as a request, but nobody waits for an answer. */
@Injectable()
export class PushRunner {
  constructor(
    private readonly openStage: OpenStage,
    private readonly hydrateStage: HydrateStage,
    private readonly eventStage: EventStage,
    private readonly renderStage: RenderStage,
    private readonly commitStage: CommitStage,
    private readonly invoker: Invoker,
    private readonly queue: InstanceQueue,
    private readonly deadlines: Deadlines,
    private readonly features: FeatureHost,
    private readonly log: LiveLog,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  /** Renders an instance anew for one viewer, under that viewer's rights. */
  async refresh(viewer: Viewer): Promise<void> {
    await this.guarded(viewer, async (definition) => {
      const attempt = this.attempt(viewer, await this.openStage.held(viewer.held, definition));
      await this.work(attempt.ctx, () => this.hydrateStage.run(attempt));
      await this.show(attempt, viewer, attempt.opened.version);
    });
  }

  /** Calls a method of the component once, saves what it changed, and renders for each viewer. */
  async change(viewers: readonly Viewer[], call: ServerCall): Promise<void> {
    const [first] = viewers;
    if (!first) {
      return;
    }
    await this.guarded(first, async (definition) => {
      const { attempt, version } = await this.apply(first, definition, call);
      for (const viewer of viewers) {
        await this.refusing(viewer, async () => {
          const shown = viewer === first ? attempt : await this.share(attempt, viewer);
          await this.show(shown, viewer, version);
        });
      }
    });
  }

  private async apply(
    viewer: Viewer,
    definition: ComponentDefinition,
    { method, argument }: ServerCall,
  ): Promise<{ attempt: Attempt; version: number }> {
    for (let tries = 1; ; tries += 1) {
      const opened = await this.openStage.server(viewer.held, definition);
      const attempt = this.attempt(viewer, opened);
      const snapshot = await this.work(attempt.ctx, async () => {
        await this.hydrateStage.run(attempt);
        await this.invoker.call(attempt.ctx, { method, argument, guarded: 'unguarded' }, attempt.contextId);
        return this.commitStage.dehydrate(attempt.ctx);
      });
      if (snapshot === opened.snapshot) {
        return { attempt, version: opened.version };
      }
      const outcome = await this.commitStage.change(opened, snapshot);
      if (outcome.kind === 'OK') {
        const { id, epoch } = opened;
        this.features.onCommit({ id, epoch, component: definition.name, version: outcome.version, by: 'server' });
        return { attempt, version: outcome.version };
      }
      if (outcome.kind !== 'CONFLICT' && outcome.kind !== 'EPOCH') {
        throw storeRefusal(outcome.kind === 'NOCS' ? 'NOCS' : 'GONE');
      }
      if (tries >= this.limits.maxConflictRetries) {
        throw new LiveError('CONTENTION', `${tries} tries met other changes`);
      }
    }
  }

  private async show(attempt: Attempt, viewer: Viewer, version: number): Promise<void> {
    const html = await this.work(attempt.ctx, async () => {
      await this.eventStage.view(attempt);
      return this.renderStage.run(attempt.ctx);
    });
    viewer.update({ html, epoch: attempt.opened.epoch, version, effects: attempt.ctx.effects });
  }

  private guarded(viewer: Viewer, push: (definition: ComponentDefinition) => Promise<void>): Promise<void> {
    return this.refusing(viewer, () =>
      this.queue.run(viewer.held.id, this.limits.maxQueue, () => push(this.openStage.definition(this.arrival(viewer)))),
    );
  }

  /** What fails for one viewer is told to that viewer and to nobody else. */
  private async refusing(viewer: Viewer, push: () => Promise<void>): Promise<void> {
    try {
      await push();
    } catch (error) {
      const failure = toLiveError(error, { anonymous: !viewer.caller.isAuthenticated, place: 'author' });
      const reply = refusal(failure, { id: viewer.held.id });
      this.log.refused(failure, reply, { kind: 'push', transport: 'socket', envelope: {}, held: viewer.held });
      viewer.refuse(reply);
    }
  }

  private work<T>(ctx: LiveContext, task: () => Promise<T>): Promise<T> {
    return this.deadlines.within(task(), { ms: this.limits.handlerTimeoutMs, ctx });
  }

  private arrival(viewer: Viewer): Arrival {
    const { caller, request, held } = viewer;
    return { kind: 'join', envelope: {}, transport: 'server', caller, request, held, viewer };
  }

  private attempt(viewer: Viewer, opened: Opened): Attempt {
    const { caller, request } = viewer;
    const { definition, id } = opened;
    const ctx = new LiveContext({ definition, id, entry: 'view', transport: 'server', caller, request });
    return { arrival: this.arrival(viewer), opened, ctx };
  }

  /** The same component for another viewer: what the method left in temporary fields is shown to all. */
  private async share(attempt: Attempt, viewer: Viewer): Promise<Attempt> {
    const shared = this.attempt(viewer, attempt.opened);
    await this.work(shared.ctx, () => this.hydrateStage.share(attempt, shared));
    shared.ctx.copyEffects(attempt.ctx.effects);
    return shared;
  }
}
