import { Injectable } from '@nestjs/common';

import { BEFORE_MOUNT } from '../../../component/base-class.js';
import { ComponentFactory, type MadeComponent } from '../../../component/component.factory.js';
import type { AuthorHooks } from '../../../component/hooks.js';
import { migrate } from '../../../component/migrations.js';
import { validateProps } from '../../../component/props.js';
import { after, type Soon } from '../../../protocol/soon.js';
import { StateCodec } from '../../../state/codec.js';
import { FeatureHost } from '../../plan/feature-host.js';
import type { Attempt } from '../interaction.js';
import { Invoker } from '../../plan/invoker.js';
import type { LiveContext } from '../../context/live.context.js';
import { Seal } from '../../instance/seal.js';

/** The way back to where an attempt began. No closure: V8 lets one that an object keeps outlive what it was made for. */
class Making {
  constructor(
    private readonly stage: HydrateStage,
    private readonly attempt: Attempt,
  ) {}

  again(): Soon<void> {
    return this.stage.make(this.attempt);
  }
}

/** Makes a fresh component and fills its fields: from props at mount, from the snapshot afterwards. */
@Injectable()
export class HydrateStage {
  constructor(
    private readonly factory: ComponentFactory,
    private readonly invoker: Invoker,
    private readonly codec: StateCodec,
    private readonly seal: Seal,
    private readonly features: FeatureHost,
  ) {}

  run(attempt: Attempt): Soon<void> {
    const { ctx, opened } = attempt;
    ctx.given = this.seal.decode(opened.sealed);
    const { snapshot, definition } = opened;
    ctx.making = new Making(this, attempt);
    const made = this.make(attempt);
    return snapshot === null
      ? after(made, () => after(this.mount(attempt), () => this.features.of(definition).onHydrate(ctx)))
      : made;
  }

  /** The component as it is before any method of it runs; at mount, its fields are what the class says. */
  make(attempt: Attempt): Soon<void> {
    const { ctx, opened } = attempt;
    return after(this.factory.make(opened.definition, ctx), this.made, attempt);
  }

  private readonly made = ({ component, contextId }: MadeComponent, attempt: Attempt): Soon<void> => {
    const { ctx, opened } = attempt;
    ctx.component = component;
    ctx.kept = {};
    attempt.contextId = contextId;
    const made = this.features.of(opened.definition).onMake(ctx);
    return opened.snapshot === null ? made : after(made, this.fill, attempt);
  };

  /** Shows one component to another viewer: the same fields, but dependencies of a request are that viewer's own. */
  async share({ ctx: from, contextId }: Attempt, to: Attempt): Promise<void> {
    const { ctx } = to;
    ctx.given = from.given;
    ctx.kept = from.kept;
    ctx.zones = from.zones;
    ctx.component = from.component;
    const { definition } = to.opened;
    const { personalFields: personal } = this.features.of(definition);
    if (contextId === undefined && personal.size === 0) {
      return;
    }
    const made = await this.factory.make(definition, ctx);
    for (const name of [...definition.state.keys(), ...definition.temporary]) {
      if (!personal.has(name)) {
        (made.component as Record<string, unknown>)[name] = (from.component as Record<string, unknown>)[name];
      }
    }
    ctx.component = made.component;
    to.contextId = made.contextId;
    if (personal.size > 0) {
      await this.features.of(definition).onMake(ctx);
    }
  }

  private async mount({ ctx, opened: { definition }, contextId }: Attempt): Promise<void> {
    const given = validateProps(definition, ctx.props, ctx.zones);
    const argument = given instanceof Promise ? await given : given;
    const method = 'onMount' in ctx.component ? 'onMount' : null;
    // What the server makes for many pages is made for nobody in particular: its guards are asked of each viewer.
    const guarded = ctx.transport === 'server' ? 'unguarded' : 'guarded';
    const around = this.features.of(definition).aroundMount;
    type Based = { [BEFORE_MOUNT]?(props: object, ctx: LiveContext): Promise<void> };
    const prepare =
      BEFORE_MOUNT in ctx.component ? async () => (ctx.component as Based)[BEFORE_MOUNT]?.(argument, ctx) : undefined;
    await this.invoker.call(ctx, { method, argument, prepare, guarded, around }, contextId);
  }

  private readonly fill = (_: unknown, { ctx, opened, arrival: { held } }: Attempt): Soon<void> => {
    const { definition, shape, snapshot } = opened;
    const { fields, kept } = this.codec.decodeState(snapshot ?? '{}', held?.memory?.state);
    ctx.kept = kept;
    const state = shape === definition.shape ? fields : migrate(definition, fields, shape);
    const component = ctx.component as Record<string, unknown> & AuthorHooks;
    for (const name of definition.state.keys()) {
      // A field added since the snapshot was taken keeps its class default.
      if (Object.hasOwn(state, name)) {
        component[name] = state[name];
      }
    }
    return after(component.onHydrate?.(), this.filled, ctx);
  };

  private readonly filled = (_: unknown, ctx: LiveContext): Soon<void> =>
    this.features.of(ctx.definition).onHydrate(ctx);
}
