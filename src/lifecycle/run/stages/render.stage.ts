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

/** `beforeRender` → view object → renderer → HTML with the root's identity. */
@Injectable()
export class RenderStage {
  private readonly heads = new WeakMap<ComponentDefinition, string>();

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
      return PrintedHtml.of(tree).withRoot({ 'live-id': ctx.id }, this.headOf(ctx.definition));
    });
  }

  /** What the roots of all renders of a component say, as it stands in their tags. */
  private headOf(definition: ComponentDefinition): string {
    let head = this.heads.get(definition);
    if (head === undefined) {
      head = written({ 'live-component': definition.name, ...this.features.attributesOf(definition) });
      this.heads.set(definition, head);
    }
    return head;
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
    for (const { name, secret } of definition.state.values()) {
      if (!secret) {
        state[name] = view[name] = toViewValue(component[name]);
      }
    }
    const add = (name: string, value: unknown): void => {
      view[name] = toViewValue(value);
    };
    definition.temporary.forEach((name) => add(name, component[name]));
    definition.computed.forEach((name) => add(name, component[name]));
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
