import { Injectable } from '@nestjs/common';

import { whileMemoising } from '../../../component/computed.js';
import type { ComponentDefinition } from '../../../component/definition.js';
import type { AuthorHooks } from '../../../component/hooks.js';
import { after, type Soon } from '../../../protocol/soon.js';
import { PrintedHtml, withTokenPlaces } from '../../../rendering/printed-html.js';
import { Rendered } from '../../../rendering/rendered.js';
import { written } from '../../../rendering/root-attributes.js';
import { RendererSelector } from '../../../rendering/renderer.selector.js';
import type { RowMemory } from '../../../rendering/rows/row-memory.js';
import { Markup } from '../../../rendering/safe-html.js';
import { LiveFields, TokenPlace } from '../../../rendering/token-place.js';
import { emptyView, toViewValue, type ViewObject } from '../../../rendering/view-object.js';
import { CallerView } from '../../caller/caller.view.js';
import { FeatureHost } from '../../plan/feature-host.js';
import { hookArguments } from '../../plan/hook-arguments.js';
import type { LiveContext } from '../../context/live.context.js';
import { NOTHING_GIVEN } from '../../context/placed.js';

/** What all renders of a component have in common. */
interface RenderPlan {
  /** What their roots say, as it stands in the tags. */
  readonly head: string;
  /** Fields that the view has by their names and in `state`. */
  readonly shown: readonly string[];
  /** What it has by its name alone. */
  readonly further: readonly string[];
}

/** `beforeRender` → view object → renderer → HTML with the root's identity. */
@Injectable()
export class RenderStage {
  private readonly plans = new WeakMap<ComponentDefinition, RenderPlan>();

  constructor(
    private readonly renderers: RendererSelector,
    private readonly features: FeatureHost,
    private readonly callers: CallerView,
  ) {}

  /** @param rows what whoever it is made for was last shown of lists */
  run(ctx: LiveContext, rows?: RowMemory): Soon<PrintedHtml> {
    const seams = this.features.of(ctx.definition);
    const rendered = seams.aroundRender(ctx, () =>
      after((ctx.component as AuthorHooks).beforeRender?.(...hookArguments(ctx, 'beforeRender')), (extra) =>
        this.render(ctx, { extra, rows }),
      ),
    );
    return after(rendered, (tree) => {
      if (tree === Rendered.empty) {
        return PrintedHtml.nothing;
      }
      return PrintedHtml.of(tree).withRoot({ 'live-id': ctx.id }, this.planOf(ctx.definition).head);
    });
  }

  private planOf(definition: ComponentDefinition): RenderPlan {
    let plan = this.plans.get(definition);
    if (plan === undefined) {
      const { name, state, temporary, computed } = definition;
      plan = {
        head: written({ 'live-component': name, ...this.features.attributesOf(definition) }),
        shown: [...state.values()].filter(({ secret }) => !secret).map((field) => field.name),
        further: [...temporary, ...computed],
      };
      this.plans.set(definition, plan);
    }
    return plan;
  }

  private render(ctx: LiveContext, { extra, rows }: { extra: unknown; rows?: RowMemory }): Soon<Rendered> {
    const { definition } = ctx;
    const token = new TokenPlace();
    const view =
      definition.computed.length === 0
        ? this.view(ctx, extra, token)
        : whileMemoising(ctx.component, () => this.view(ctx, extra, token));
    return after(this.renderers.for(definition).render(definition, view, rows), (tree) => withTokenPlaces(tree, token));
  }

  /** Each of the author's values is made safe once, wherever the template may read it. */
  private view(ctx: LiveContext, extra: unknown, token: TokenPlace): ViewObject {
    const { definition } = ctx;
    const component = ctx.component as Record<string, unknown>;
    const state = emptyView();
    const view = emptyView();
    view.errors = NOTHING;
    // A field of this name is the author's own.
    view.caller = this.callers.of(ctx.caller);
    const { shown, further } = this.planOf(definition);
    for (const name of shown) {
      state[name] = view[name] = toViewValue(component[name]);
    }
    const add = (name: string, value: unknown): void => {
      view[name] = toViewValue(value);
    };
    further.forEach((name) => add(name, component[name]));
    // `return this` would hand services and secrets to the template.
    if (typeof extra === 'object' && extra !== null && extra !== component) {
      Object.entries(extra).forEach(([name, value]) => add(name, value));
    }
    view.state = state;
    view.props = ctx.given === NOTHING_GIVEN ? NOTHING : toViewValue(ctx.props);
    view.id = ctx.printedId;
    view.slots = slotViews(ctx.slots);
    view.token = token;
    view.liveFields = new LiveFields(token, ctx.printedId);
    this.features.of(definition).onView(ctx, add);
    return view;
  }
}

/** Nothing, to be read by every template that asks for errors or slots where there are none. */
const NOTHING: ViewObject = Object.freeze(emptyView());

const slotViews = (slots: Readonly<Record<string, string>>): ViewObject => {
  const names = Object.keys(slots);
  if (names.length === 0) {
    return NOTHING;
  }
  const view = emptyView();
  names.forEach((name) => (view[name] = new Markup(slots[name])));
  return view;
};
