import { Injectable } from '@nestjs/common';

import { applicationRuns } from '../../../component/application-code.js';
import { whileMemoising } from '../../../component/computed.js';
import type { ComponentDefinition } from '../../../component/definition.js';
import type { AuthorHooks } from '../../../component/hooks.js';
import { after, type Soon } from '../../../protocol/soon.js';
import { escaped } from '../../../rendering/escape.js';
import { PrintedHtml, withTokenPlaces } from '../../../rendering/printed-html.js';
import { Rendered } from '../../../rendering/rendered.js';
import type { Renderer } from '../../../rendering/renderer.js';
import { RootPlace, written, type RootAttributes } from '../../../rendering/root-attributes.js';
import { RendererSelector } from '../../../rendering/renderer.selector.js';
import { Markup } from '../../../rendering/safe-html.js';
import { LiveFields, TokenPlace } from '../../../rendering/token-place.js';
import { emptyView, toViewValue, ViewShape, type ViewObject } from '../../../rendering/view-object.js';
import { CallerView } from '../../caller/caller.view.js';
import type { ComponentSeams } from '../../plan/component-seams.js';
import { FeatureHost } from '../../plan/feature-host.js';
import { hookArguments } from '../../plan/hook-arguments.js';
import type { ViewerMemory } from '../../instance/viewer-memory.js';
import type { LiveContext } from '../../context/live.context.js';
import { NOTHING_GIVEN } from '../../context/placed.js';

/** Names that the module gives to templates. */
const MODULE_NAMES = ['errors', 'caller', 'state', 'props', 'id', 'slots', 'token', 'liveFields'];

/** What all renders of a component have in common. */
class RenderPlan {
  /** What their roots say, as it stands in the tags. */
  readonly head: string;
  readonly root = new RootPlace();
  /** Fields that the view has by their names and in `state`. */
  readonly shown: readonly string[];
  /** What it has by its name alone. */
  readonly further: readonly string[];
  readonly views: ViewShape;
  readonly states: ViewShape;

  constructor(
    { name, state, temporary, computed }: ComponentDefinition,
    readonly renderer: Renderer,
    readonly seams: ComponentSeams,
    attributes: RootAttributes | undefined,
  ) {
    this.head = written({ 'live-component': name, ...attributes });
    this.shown = [...state.values()].filter(({ secret }) => !secret).map((field) => field.name);
    this.further = [...temporary, ...computed];
    this.views = new ViewShape([...MODULE_NAMES, ...this.shown, ...this.further]);
    this.states = new ViewShape(this.shown);
  }
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

  /** @param memory what is remembered of whoever it is made for */
  run(ctx: LiveContext, memory?: ViewerMemory): Soon<PrintedHtml> {
    const plan = this.planOf(ctx.definition);
    const run = { plan, ctx, memory };
    if (memory !== undefined && !ctx.isPreview) {
      memory.children.begin();
      ctx.children = memory.children;
    }
    return after(
      plan.seams.aroundRender(ctx, () => this.begin(run)),
      print,
      run,
    );
  }

  private planOf(definition: ComponentDefinition): RenderPlan {
    let plan = this.plans.get(definition);
    if (plan === undefined) {
      const { features } = this;
      const renderer = this.renderers.for(definition);
      plan = new RenderPlan(definition, renderer, features.of(definition), features.attributesOf(definition));
      this.plans.set(definition, plan);
    }
    return plan;
  }

  private begin(run: Run): Soon<Rendered> {
    const { ctx } = run;
    const extra = (ctx.component as AuthorHooks).beforeRender?.(...hookArguments(ctx, 'beforeRender'));
    return after(extra, this.render, run);
  }

  private readonly render = (extra: unknown, { plan, ctx, memory }: Run): Soon<Rendered> => {
    const { definition } = ctx;
    const token = new TokenPlace();
    const view =
      definition.computed.length === 0
        ? this.view(plan, ctx, { extra, token, memory })
        : whileMemoising(ctx.component, () => this.view(plan, ctx, { extra, token, memory }));
    try {
      return after(plan.renderer.render(definition, view, memory?.rows), withTokenPlaces, token);
    } finally {
      memory?.rows.doubt();
      if (!plan.renderer.reportsApplicationCode) applicationRuns();
    }
  };

  /** Each of the author's values is made safe once, wherever the template may read it. */
  private view(
    plan: RenderPlan,
    ctx: LiveContext,
    { extra, token, memory }: { extra: unknown; token: TokenPlace; memory?: ViewerMemory },
  ): ViewObject {
    const component = ctx.component as Record<string, unknown>;
    const state = plan.states.make();
    const view = plan.views.make();
    view.errors = NOTHING;
    // A field of this name is the author's own.
    view.caller = ctx.isForMany ? this.callers.late(ctx) : this.callers.of(ctx.caller);
    const add = (name: string, value: unknown): void => {
      view[name] = toViewValue(value);
    };
    // The author's getters may change the state: they come first.
    plan.further.forEach((name) => add(name, component[name]));
    // `return this` would hand services and secrets to the template.
    const isGiven = typeof extra === 'object' && extra !== null && extra !== component;
    const given = isGiven ? Object.entries(extra) : [];
    const lists = new Map<string, readonly unknown[]>();
    for (const name of plan.shown) {
      const value = component[name];
      if (memory && Array.isArray(value)) lists.set(name, (state[name] = view[name] = value));
      else state[name] = view[name] = toViewValue(value);
    }
    given.forEach(([name, value]) => add(name, value));
    view.state = state;
    view.props = ctx.given === NOTHING_GIVEN ? NOTHING : toViewValue(ctx.props);
    view.id = ctx.printedId;
    view.slots = slotViews(ctx.slots);
    view.token = token;
    view.liveFields = new LiveFields(token, ctx.printedId);
    plan.seams.onView(ctx, add);
    // Nobody runs between the last of the author's code and these: what is found in them is right when they are written.
    for (const [name, value] of lists) {
      const list = shownList(name, value, ctx, memory!);
      state[name] = list;
      if (view[name] === value) view[name] = list;
    }
    return view;
  }
}

/** What is known of the rows of a list goes along with them. */
const shownList = (name: string, value: readonly unknown[], { entry }: LiveContext, memory: ViewerMemory): unknown => {
  const rows = memory.state.shownRows(name, value, entry === 'event');
  const list = toViewValue(value, rows);
  if (rows) memory.rows.know(list as readonly unknown[], rows);
  return list;
};

/** One render of a component. */
interface Run {
  readonly plan: RenderPlan;
  readonly ctx: LiveContext;
  readonly memory?: ViewerMemory;
}

const print = (tree: Rendered, { plan, ctx }: Run): PrintedHtml =>
  tree === Rendered.empty
    ? PrintedHtml.nothing
    : PrintedHtml.of(tree).withRoot(` live-id="${escaped(ctx.id)}"${plan.head}`, plan.root);

/** Nothing, to be read by every template that asks for errors or slots where there are none. */
const NOTHING: ViewObject = Object.freeze(emptyView());

const slotViews = (slots: Readonly<Record<string, string>>): ViewObject => {
  if (slots === NOTHING_GIVEN.slots) {
    return NOTHING;
  }
  const names = Object.keys(slots);
  if (names.length === 0) {
    return NOTHING;
  }
  const view = emptyView();
  names.forEach((name) => (view[name] = new Markup(slots[name])));
  return view;
};
