import { Injectable } from '@nestjs/common';
import type { ContextId } from '@nestjs/core';

import { writeBoundFields } from '../../../component/bound-fields.js';
import type { AuthorHooks } from '../../../component/hooks.js';
import type { Soon } from '../../../protocol/soon.js';
import type { LiveContext } from '../../context/live.context.js';
import type { ComponentSeams } from '../../plan/component-seams.js';
import { FeatureHost } from '../../plan/feature-host.js';
import type { Call } from '../../plan/handler.js';
import type { Attempt } from '../interaction.js';
import { Invoker } from '../../plan/invoker.js';

/** Guards → interceptors → pipes → bound fields → the `@OnEvent()` method. */
@Injectable()
export class EventStage {
  constructor(
    private readonly invoker: Invoker,
    private readonly features: FeatureHost,
  ) {}

  run(attempt: Attempt): Soon<unknown> {
    const { ctx, contextId, opened, arrival } = attempt;
    const { definition } = opened;
    const method = definition.events.get(ctx.event ?? '')?.method ?? null;
    const seams = this.features.of(definition);
    const prepare = method !== null && !arrival.envelope.fields ? undefined : this.preparing(attempt, method);
    const around = method === null ? undefined : seams.aroundHandler;
    return this.called(seams, ctx, { method, prepare, around, guarded: 'guarded' }, contextId);
  }

  // Apart, as is what follows: a closure keeps all that the function around it has.
  private called(seams: ComponentSeams, ctx: LiveContext, call: Call, contextId?: ContextId): Soon<unknown> {
    return seams.aroundEvent(ctx, () => this.invoker.call(ctx, call, contextId));
  }

  /** What is done before the handler, or in the place of one. */
  private preparing({ ctx, opened, arrival }: Attempt, method: string | null): Call['prepare'] {
    const { definition } = opened;
    const { fields } = arrival.envelope;
    const reserved = method === null ? this.features.reservedEvent(definition, ctx.event ?? '') : undefined;
    const write =
      fields &&
      (async () => {
        const change = await writeBoundFields(definition, ctx.component, fields, ctx.zones);
        await (ctx.component as AuthorHooks).onUpdate?.(change);
      });
    const prepare =
      reserved &&
      (async () => {
        await write?.();
        await reserved.run(ctx);
      });
    return prepare ?? write;
  }

  /** Asks the guards whether this caller may look at the component; runs nothing else of it. */
  view({ ctx, contextId }: Attempt): Soon<unknown> {
    return this.invoker.call(ctx, { method: null, guarded: 'guarded' }, contextId);
  }
}
