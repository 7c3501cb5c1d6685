import { Inject, Injectable } from '@nestjs/common';

import type { ComponentDefinition } from '../component/definition.js';
import type { AuthorHooks } from '../component/hooks.js';
import { LiveError } from '../errors/live-error.js';
import { LiveSetupError } from '../errors/setup-error.js';
import { LiveCaller } from '../lifecycle/caller/caller.js';
import { Deadlines } from '../lifecycle/run/deadlines.js';
import { FeatureHost } from '../lifecycle/plan/feature-host.js';
import { InstanceQueue } from '../lifecycle/instance/instance.queue.js';
import type { Attempt } from '../lifecycle/run/interaction.js';
import type { Opened } from '../lifecycle/instance/state-holder.js';
import { Invoker } from '../lifecycle/plan/invoker.js';
import { LiveContext } from '../lifecycle/context/live.context.js';
import { Seal } from '../lifecycle/instance/seal.js';
import type { SharedInstance } from '../lifecycle/instance/shared-instances.js';
import { CommitStage } from '../lifecycle/run/stages/commit.stage.js';
import { HydrateStage } from '../lifecycle/run/stages/hydrate.stage.js';
import { OpenStage } from '../lifecycle/run/stages/open.stage.js';
import { storeRefusal } from '../lifecycle/instance/store-call.js';
import { LIMITS, type Limits } from '../protocol/limits.js';
import type { Soon } from '../protocol/soon.js';

/** What the server changes of a shared instance. */
export interface WidgetChange {
  /** New values of `@State()` fields. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** An `@OnEvent()` to run as the server: without guards, with interceptors and pipes. */
  readonly event?: string;
  readonly payload?: unknown;
}

/** A widget as it is born: nothing is stored yet. */
interface Born {
  readonly sealed: string;
  readonly snapshot: string;
}

/** The stages of an interaction, run for the server itself: as nobody, with no guard and no client session. */
@Injectable()
export class WidgetRunner {
  constructor(
    private readonly openStage: OpenStage,
    private readonly hydrateStage: HydrateStage,
    private readonly commitStage: CommitStage,
    private readonly invoker: Invoker,
    private readonly queue: InstanceQueue,
    private readonly deadlines: Deadlines,
    private readonly features: FeatureHost,
    private readonly seal: Seal,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  /** Runs `onMount` and takes the state from the fields. @throws whatever `onMount` throws */
  async mount(
    definition: ComponentDefinition,
    { id, props, tenant }: { id: string; props: Readonly<Record<string, unknown>>; tenant?: string },
  ): Promise<Born> {
    const sealed = this.seal.encode({ props });
    const attempt = this.attempt(this.openStage.shared(definition, { id, sealed }), { tenant, entry: 'mount' });
    const snapshot = await this.work(attempt, async () => {
      await this.hydrateStage.run(attempt);
      return this.commitStage.dehydrate(attempt);
    });
    return { sealed, snapshot };
  }

  /** The instance as it is. @throws LiveError `INSTANCE_NOT_FOUND`, `STATE_OUTDATED` */
  async read({ id, sealed, definition, record }: SharedInstance): Promise<Opened> {
    const opened = await this.openStage.server({ id, sealed }, definition);
    if (!opened.epoch.startsWith(`${record.birth}.`)) {
      throw storeRefusal('GONE');
    }
    return opened;
  }

  /**
   * Commits a change as the server; every viewer on every node is then rendered anew, as after a viewer's event.
   * @returns the new version
   */
  async change(shared: SharedInstance, change: WidgetChange): Promise<number> {
    const method = methodOf(shared.definition, change);
    return this.queue.run(shared.id, this.limits.maxQueue, async () => {
      for (let tries = 1, opened = await this.read(shared); ; tries += 1) {
        const snapshot = await this.changed(opened, { change, method, tenant: shared.record.tenant });
        if (snapshot === opened.snapshot) {
          return opened.version;
        }
        const outcome = await this.commitStage.change(opened, snapshot);
        if (outcome.kind === 'OK') {
          const { id, epoch, definition } = opened;
          this.features.onCommit({ id, epoch, component: definition.name, version: outcome.version });
          return outcome.version;
        }
        opened = await this.openStage.anew(opened, outcome, () => this.read(shared));
        if (tries >= this.limits.maxConflictRetries) {
          throw new LiveError('CONTENTION', `${tries} tries met other changes`, { retryAfterMs: 200 });
        }
      }
    });
  }

  /** Runs the component's `onDestroy` on the last state. */
  async destroy(opened: Opened, tenant: string | undefined): Promise<void> {
    if (!('onDestroy' in (opened.definition.type.prototype as object))) {
      return;
    }
    const attempt = this.attempt(opened, { tenant, entry: 'server' });
    await this.work(attempt, async () => {
      await this.hydrateStage.run(attempt);
      await (attempt.ctx.component as AuthorHooks).onDestroy?.();
    });
  }

  private changed(
    opened: Opened,
    { change, method, tenant }: { change: WidgetChange; method?: string; tenant?: string },
  ): Soon<string> {
    const { fields = {}, event, payload } = change;
    const attempt = this.attempt(opened, { tenant, entry: 'server', event, payload });
    return this.work(attempt, async () => {
      await this.hydrateStage.run(attempt);
      const { ctx, contextId } = attempt;
      const prepare = async (): Promise<void> => {
        for (const [name, value] of Object.entries(fields)) {
          (ctx.component as Record<string, unknown>)[name] = value;
        }
      };
      await (method === undefined
        ? prepare()
        : this.invoker.call(ctx, { method, prepare, guarded: 'unguarded' }, contextId));
      return this.commitStage.dehydrate(attempt);
    });
  }

  private attempt(
    opened: Opened,
    about: { tenant?: string; entry: 'mount' | 'server'; event?: string; payload?: unknown },
  ): Attempt {
    const { definition, id } = opened;
    const { tenant, ...said } = about;
    const caller = new LiveCaller({ sessionId: '', tenant });
    const request = { headers: {} };
    const transport = 'server';
    const ctx = new LiveContext({ definition, id, transport, caller, request, ...said });
    return { arrival: { kind: 'event', envelope: {}, caller, transport, request }, opened, ctx };
  }

  private work<T>({ ctx }: Attempt, task: () => Soon<T>): Soon<T> {
    return this.deadlines.within(task(), ctx, this.limits.handlerTimeoutMs);
  }
}

const methodOf = ({ name, state, events }: ComponentDefinition, { fields = {}, event }: WidgetChange) => {
  const unknown = Object.keys(fields).find((field) => !state.has(field));
  if (unknown !== undefined) {
    const known = [...state.keys()].join(', ') || 'none';
    throw new LiveSetupError(
      'OPTION_INVALID',
      `"${name}" has no state field "${unknown}". It has: ${known}. Mark the field with @State().`,
    );
  }
  if (event === undefined) {
    return undefined;
  }
  const method = events.get(event)?.method;
  if (method === undefined) {
    throw new LiveError('UNKNOWN_EVENT', `"${name}" does not handle "${event}". Mark the method with @OnEvent().`);
  }
  return method;
};
