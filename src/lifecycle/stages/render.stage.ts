import { Injectable } from '@nestjs/common';

import { whileMemoising } from '../../component/computed.js';
import type { AuthorHooks } from '../../component/hooks.js';
import { Rendered } from '../../rendering/rendered.js';
import { RendererSelector } from '../../rendering/renderer.selector.js';
import { withRootAttributes } from '../../rendering/root-attributes.js';
import { Markup } from '../../rendering/safe-html.js';
import { toView, type ViewObject } from '../../rendering/view-object.js';
import { FeatureHost } from '../feature-host.js';
import type { LiveContext } from '../live.context.js';
import { liveFields, TOKEN_MARK } from '../token-mark.js';

/** `beforeRender` → view object → renderer → HTML with the root's identity. */
@Injectable()
export class RenderStage {
  constructor(
    private readonly renderers: RendererSelector,
    private readonly features: FeatureHost,
  ) {}

  async run(ctx: LiveContext): Promise<string> {
    const rendered = await this.features.aroundRender(ctx, async () => {
      const extra = await (ctx.component as AuthorHooks).beforeRender?.();
      const view = whileMemoising(ctx.component, () => this.view(ctx, extra));
      return this.renderers.for(ctx.definition).render(ctx.definition, view);
    });
    if (rendered === Rendered.empty) {
      return '';
    }
    return withRootAttributes(rendered.toHtml(), { 'live-id': ctx.id, 'live-component': ctx.definition.name });
  }

  private view(ctx: LiveContext, extra: unknown): ViewObject {
    const { definition } = ctx;
    const component = ctx.component as Record<string, unknown>;
    const state: Record<string, unknown> = {};
    const view: Record<string, unknown> = { errors: {} };
    for (const { name, secret } of definition.state.values()) {
      if (!secret) {
        state[name] = view[name] = component[name];
      }
    }
    for (const name of definition.temporary) {
      view[name] = component[name];
    }
    for (const name of definition.computed) {
      view[name] = component[name];
    }
    if (typeof extra === 'object' && extra !== null) {
      for (const [name, value] of Object.entries(extra)) {
        view[name] = value;
      }
    }
    view.state = state;
    view.props = ctx.props;
    view.id = ctx.id;
    view.slots = slotViews(ctx.slots);
    view.token = TOKEN_MARK;
    view.liveFields = liveFields(ctx.id);
    this.features.onView(ctx, view);
    return toView(view);
  }
}

const slotViews = (slots: Readonly<Record<string, string>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(slots).map(([name, html]) => [name, new Markup(html)]));
