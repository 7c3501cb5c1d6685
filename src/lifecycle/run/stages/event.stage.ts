import { Injectable } from '@nestjs/common';

import { writeBoundFields } from '../../../component/bound-fields.js';
import type { AuthorHooks } from '../../../component/hooks.js';
import type { Soon } from '../../../protocol/soon.js';
import { FeatureHost } from '../../plan/feature-host.js';
import type { Attempt } from '../interaction.js';
import { Invoker } from '../../plan/invoker.js';

/** Guards → interceptors → pipes → bound fields → the `@OnEvent()` method. */
@Injectable()
export class EventStage {
  constructor(
    private readonly invoker: Invoker,
    private readonly features: FeatureHost,
  ) {}

  run({ ctx, contextId, opened: { definition }, arrival: { envelope } }: Attempt): Soon<unknown> {
    const method = definition.events.get(ctx.event ?? '')?.method ?? null;
    const { fields } = envelope;
    const seams = this.features.of(definition);
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
    const around = method === null ? undefined : seams.aroundHandler;
    const call = { method, prepare: prepare ?? write, around, guarded: 'guarded' } as const;
    return seams.aroundEvent(ctx, () => this.invoker.call(ctx, call, contextId));
  }

  /** Asks the guards whether this caller may look at the component; runs nothing else of it. */
  view({ ctx, contextId }: Attempt): Soon<unknown> {
    return this.invoker.call(ctx, { method: null, guarded: 'guarded' }, contextId);
  }
}
