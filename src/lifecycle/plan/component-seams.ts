import type { Logger } from '@nestjs/common';

import type { ComponentDefinition } from '../../component/definition.js';
import { caught, inTurn, type Soon } from '../../protocol/soon.js';
import type { Rendered } from '../../rendering/rendered.js';
import type { LiveFeature, Seam } from '../context/live-feature.js';
import type { LiveContext } from '../context/live.context.js';
import type { Notes } from '../context/reply-memory.js';

/** All features, in the order in which they are told, and in that in which they wrap: the outermost first. */
export interface Features {
  readonly told: readonly LiveFeature[];
  readonly nested: readonly LiveFeature[];
}

/** What runs in the middle of all who wrap it. */
type Around<R> = (ctx: LiveContext, inmost: () => R) => R;

type Having<S extends Seam> = LiveFeature & Required<Pick<LiveFeature, S>>;

/**
 * The features that have anything to do with one component, at each of their seams: asked once. Where nobody stands at a
 * seam it costs nothing, and nobody is waited for who has nothing to wait for.
 */
export class ComponentSeams {
  /** Fields that belong to one caller; with any, a component is made anew for each who looks at it. */
  readonly personalFields: ReadonlySet<string>;
  readonly watchesEnds: boolean;
  /** Between a view and the save, nobody but the author's own `onDehydrate` can change what the fields hold. */
  readonly leavesFields: boolean;
  readonly aroundMount: Around<Soon<unknown>>;
  readonly aroundEvent: Around<Soon<unknown>>;
  readonly aroundHandler: Around<unknown>;
  readonly aroundRender: Around<Soon<Rendered>>;
  private readonly making: readonly Having<'onMake'>[];
  private readonly hydrating: readonly Having<'onHydrate'>[];
  private readonly dehydrating: readonly Having<'onDehydrate'>[];
  private readonly viewing: readonly Having<'onView'>[];
  private readonly saving: readonly Having<'onSaved'>[];
  private readonly failing: readonly Having<'onFailed'>[];
  private readonly repeating: readonly Having<'onRepeated'>[];
  private readonly ending: readonly Having<'onEnd'>[];

  constructor(
    definition: ComponentDefinition,
    { told, nested }: Features,
    private readonly logger: Logger,
  ) {
    const chosen = new Map(told.map((feature) => [feature, feature.seamsOf?.(definition)]));
    const at = <S extends Seam>(seam: S, all = told): readonly Having<S>[] =>
      all.filter((feature): feature is Having<S> => seam in feature && chosen.get(feature)?.includes(seam) !== false);
    this.personalFields = new Set(told.flatMap((feature) => feature.personalFields?.(definition) ?? []));
    this.making = at('onMake');
    this.hydrating = at('onHydrate');
    this.dehydrating = at('onDehydrate');
    this.viewing = at('onView');
    this.saving = at('onSaved');
    this.failing = at('onFailed');
    this.repeating = at('onRepeated');
    this.ending = at('onEnd');
    this.aroundMount = within(at('aroundMount', nested), (feature, ctx, next) => feature.aroundMount(ctx, next));
    this.aroundEvent = within(at('aroundEvent', nested), (feature, ctx, next) => feature.aroundEvent(ctx, next));
    this.aroundHandler = within(at('aroundHandler', nested), (feature, ctx, next) => feature.aroundHandler(ctx, next));
    this.aroundRender = within(at('aroundRender', nested), (feature, ctx, next) => feature.aroundRender(ctx, next));
    this.watchesEnds = this.ending.length > 0;
    const between = [...at('aroundRender'), ...this.dehydrating];
    this.leavesFields = between.every((feature) => feature.leavesFields === true) && !hasAccessors(definition);
  }

  onMake(ctx: LiveContext): Soon<void> {
    return inTurn(this.making, make, ctx);
  }

  onHydrate(ctx: LiveContext): Soon<void> {
    return inTurn(this.hydrating, hydrate, ctx);
  }

  onDehydrate(ctx: LiveContext): Soon<void> {
    return inTurn(this.dehydrating, dehydrate, ctx);
  }

  onView(ctx: LiveContext, add: (name: string, value: unknown) => void): void {
    this.viewing.forEach((feature) => feature.onView(ctx, add));
  }

  /** The event has happened: what fails here is logged, and undoes nothing. */
  onSaved(ctx: LiveContext): Soon<void> {
    return inTurn(this.saving, this.tellSaved, ctx);
  }

  onFailed(ctx: LiveContext): Soon<void> {
    return inTurn(this.failing, (feature) => this.tell(feature, () => feature.onFailed(ctx)), ctx);
  }

  onRepeated(ctx: LiveContext, notes: Notes): Soon<void> {
    return inTurn(this.repeating, (feature) => this.tell(feature, () => feature.onRepeated(ctx, notes)), ctx);
  }

  onEnd(ctx: LiveContext): Soon<void> {
    return inTurn(this.ending, (feature) => this.tell(feature, () => feature.onEnd(ctx)), ctx);
  }

  private readonly tellSaved = (feature: Having<'onSaved'>, ctx: LiveContext): Soon<void> =>
    caught(saved, this.failed, { feature, ctx });

  private readonly failed = (error: unknown, { feature }: Told): void => logFailure(this.logger, feature, error);

  private tell(feature: LiveFeature, what: () => Soon<void>): Soon<void> {
    return caught(what, (error) => logFailure(this.logger, feature, error));
  }
}

/** Some field of its state is read by code of the author's. */
const hasAccessors = ({ type, state }: ComponentDefinition): boolean =>
  [...state.keys()].some((name) => name in (type.prototype as object));

/** One call through all of them, the first outermost: put together once. */
const within = <F, R>(features: readonly F[], call: (feature: F, ctx: LiveContext, next: () => R) => R): Around<R> =>
  features.reduceRight<Around<R> | undefined>(
    (inside, feature) =>
      inside === undefined
        ? (ctx, inmost) => call(feature, ctx, inmost)
        : (ctx, inmost) => call(feature, ctx, () => inside(ctx, inmost)),
    undefined,
  ) ?? ((_ctx, inmost) => inmost());

/** A feature that is told of an event that has happened. */
interface Told {
  readonly feature: Having<'onSaved'>;
  readonly ctx: LiveContext;
}

const saved = ({ feature, ctx }: Told): Soon<void> => feature.onSaved(ctx);
const make = (feature: Having<'onMake'>, ctx: LiveContext): Soon<void> => feature.onMake(ctx);
const hydrate = (feature: Having<'onHydrate'>, ctx: LiveContext): Soon<void> => feature.onHydrate(ctx);
const dehydrate = (feature: Having<'onDehydrate'>, ctx: LiveContext): Soon<void> => feature.onDehydrate(ctx);

export const logFailure = (logger: Logger, feature: LiveFeature, error: unknown): void =>
  logger.error(`${feature.constructor.name} failed`, (error as Error).stack);
