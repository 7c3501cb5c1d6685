import { Inject, Injectable } from '@nestjs/common';

import { ComponentRegistry } from '../../component/component.registry.js';
import type { ComponentDefinition } from '../../component/definition.js';
import { LiveError } from '../../errors/live-error.js';
import { Attempts } from '../../lifecycle/run/attempts.js';
import { Entrance } from '../../lifecycle/run/entrance.js';
import { refusal } from '../../lifecycle/run/failure.js';
import { FeatureHost } from '../../lifecycle/plan/feature-host.js';
import { InstanceQueue } from '../../lifecycle/instance/instance.queue.js';
import type { Arrival } from '../../lifecycle/run/interaction.js';
import { Invoker } from '../../lifecycle/plan/invoker.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import type { Owner } from '../../lifecycle/context/placed.js';
import { CommitStage } from '../../lifecycle/run/stages/commit.stage.js';
import { HydrateStage } from '../../lifecycle/run/stages/hydrate.stage.js';
import { OpenStage } from '../../lifecycle/run/stages/open.stage.js';
import type { Opened } from '../../lifecycle/instance/state-holder.js';
import { LiveLog } from '../../observability/live.log.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import { listenersOf, type Said } from './output.js';

/** Whoever pushes paces itself, and what was said may not be refused. */
const UNBOUNDED = Infinity;

interface Hearing {
  readonly definition: ComponentDefinition;
  readonly method: string;
  readonly owner: Owner;
  readonly said: Said;
  /** The interaction it was said in. */
  readonly from: LiveContext;
}

/** Brings what a child has said to its owner: as an event of the caller, once. */
@Injectable()
export class OutputDelivery {
  constructor(
    private readonly registry: ComponentRegistry,
    private readonly entrance: Entrance,
    private readonly attempts: Attempts,
    private readonly openStage: OpenStage,
    private readonly hydrateStage: HydrateStage,
    private readonly invoker: Invoker,
    private readonly commitStage: CommitStage,
    private readonly queue: InstanceQueue,
    private readonly features: FeatureHost,
    private readonly log: LiveLog,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  async deliver(from: LiveContext, owner: Owner, all: readonly Said[]): Promise<void> {
    const definition = this.registry.get(owner.component);
    if (!definition) {
      return;
    }
    const listeners = listenersOf(definition.type.prototype as object);
    for (const said of all) {
      const method = listeners.get(said.name);
      if (method !== undefined) {
        await this.hear({ definition, method, owner, said, from });
      }
    }
  }

  /** A listener that fails changes nothing; what the child has done stands. */
  private async hear(hearing: Hearing): Promise<void> {
    const arrival = arrivalOf(hearing);
    try {
      const entered = await this.entrance.enter(arrival);
      await this.queue.run(hearing.owner.id, UNBOUNDED, () => this.apply(entered, hearing));
    } catch (error) {
      const failure = this.attempts.coded(arrival, error);
      this.log.refused(failure, refusal(failure, { id: hearing.owner.id }), arrival);
    }
  }

  private async apply(arrival: Arrival, { definition, method, owner: { id }, said, from }: Hearing): Promise<void> {
    const { once, value: argument } = said;
    // What it was given is in its own memory: the child knows no more of it than its id.
    const look = (): Promise<Opened> => this.openStage.server({ id, sealed: '{"p":{}}' }, definition);
    for (let tries = 1, opened = await look(); ; tries += 1) {
      const attempt = this.attempts.make(arrival, opened, 'event', once);
      const { ctx } = attempt;
      const snapshot = await this.attempts.work(attempt, async () => {
        await this.hydrateStage.run(attempt);
        await this.invoker.call(ctx, { method, argument, guarded: 'guarded' }, attempt.contextId);
        await this.attempts.render(attempt);
        return this.commitStage.dehydrate(attempt);
      });
      // Saved even when nothing has changed: the name of the cause is what keeps it from being heard twice.
      const outcome = await this.commitStage.change(opened, snapshot, once);
      if (outcome.kind === 'OK') {
        const { epoch } = opened;
        await this.features.of(definition).onSaved(ctx);
        this.features.onCommit({ id, epoch, component: definition.name, version: outcome.version });
        from.copyEffects(ctx.effects);
        return;
      }
      if (outcome.kind === 'DONE') {
        return;
      }
      opened = await this.openStage.anew(opened, outcome, look);
      if (tries >= this.limits.maxConflictRetries) {
        throw new LiveError('CONTENTION', `${tries} tries met other changes`);
      }
    }
  }
}

const arrivalOf = ({ from, owner, said }: Hearing): Arrival => {
  const { caller, recognition, transport } = from;
  const { request } = recognition ?? from;
  const envelope = { component: owner.component, component_id: owner.id, event: said.name, payload: said.value };
  return { kind: 'event', envelope, caller, request, recognition, transport };
};
