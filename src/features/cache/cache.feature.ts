import { Logger } from '@nestjs/common';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';

import type { ComponentDefinition } from '../../component/definition.js';
import { FeatureHost } from '../../lifecycle/plan/feature-host.js';
import { Feature, type LiveFeature, type Next, type Seam } from '../../lifecycle/context/live-feature.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import type { Soon } from '../../protocol/soon.js';
import { Rendered } from '../../rendering/rendered.js';
import { StateCodec } from '../../state/codec.js';
import type { CacheRenderOptions } from './cache.decorators.js';
import { nameOf, subjectOf, tagsOf } from './cache.key.js';
import { CachePlans } from './cache.plans.js';
import { nameForOnce, readMount, renderedFor, takeMount, writeMount, type CachedMount } from './cached-mount.js';
import { Flights, type Flight } from './flights.js';
import { additionsTo, fieldsOf, fillState, namedFor, type MountFields } from './mount-fields.js';
import { PatientCache } from './patient.cache.js';

/** How long others wait for a mount that has gone well to begin its render, in milliseconds: it may fail in between. */
const BETWEEN_MS = 250;

const RENDERING_SEAMS: readonly Seam[] = ['onMake', 'onView', 'aroundMount', 'aroundRender', 'onDehydrate'];

/** A mount that found nothing and renders for itself and for those who come after. */
interface Making {
  readonly key: string;
  readonly tags: readonly string[];
  readonly ttlMs: number;
  readonly flight: Flight;
  readonly fields: MountFields;
  readonly timer: NodeJS.Timeout;
}

/** A mount that was found: shown, if what is added to it is what was added then. */
interface Found {
  readonly mount: CachedMount;
  readonly fields: MountFields | null;
}

/**
 * Shows mounts of `@CacheRender()` components again. Stands behind the guards, in the place of `onMount` and the render;
 * innermost, so that what other features do around it is done at each mount.
 */
@Feature({ place: 'innermost' })
export class CacheFeature implements LiveFeature {
  readonly leavesFields = true;
  private readonly logger = new Logger('Live');
  private readonly flights = new Flights();
  private readonly fresh = new WeakMap<LiveContext, MountFields | null>();
  private readonly found = new WeakMap<LiveContext, Found>();
  private readonly making = new WeakMap<LiveContext, Making>();
  private readonly complaints = new Set<string>();

  constructor(
    private readonly cache: PatientCache,
    private readonly plans: CachePlans,
    private readonly codec: StateCodec,
    private readonly features: FeatureHost,
  ) {}

  onDefine(definition: ComponentDefinition): void {
    this.plans.add(definition);
  }

  seamsOf(definition: ComponentDefinition): readonly Seam[] {
    const rendering = this.plans.renderOf(definition) ? RENDERING_SEAMS : [];
    return this.plans.isThrowingAway(definition) ? [...rendering, 'aroundEvent'] : rendering;
  }

  /** Before other features fill it from an address or a session. */
  onMake(live: LiveContext): void {
    if (live.entry === 'mount' && this.plans.renderOf(live.definition)) {
      this.fresh.set(live, fieldsOf(live, this.codec));
    }
  }

  /** One render for everybody knows nobody, whoever looks at it first. */
  onView({ definition }: LiveContext, add: (name: string, value: unknown) => void): void {
    const { public: isPublic, key } = this.plans.renderOf(definition) ?? {};
    if (isPublic && key === undefined) {
      add('caller', null);
    }
  }

  aroundMount(live: LiveContext, next: Next<unknown>): Soon<unknown> {
    const options = this.plans.renderOf(live.definition);
    if (!options || !isRepeatable(live) || !(options.public || isKnown(live))) {
      return next();
    }
    const fresh = this.fresh.get(live);
    const given = fresh ? additionsTo(live, fresh, this.codec) : null;
    if (given === null) {
      this.complain(live, 'what it was given before its mount cannot be compared');
      return next();
    }
    return this.repeat(live, { options, given }, next);
  }

  aroundRender(live: LiveContext, next: Next<Rendered>): Soon<Rendered> {
    const found = this.found.get(live);
    if (found) {
      return this.show(live, found, next);
    }
    const making = this.making.get(live);
    return making ? this.keep(live, making, next) : next();
  }

  /** Where nothing was rendered, because only the state was asked for, nobody waits on. */
  onDehydrate(live: LiveContext): void {
    this.making.get(live)?.flight.land(null);
  }

  /** After the handler, whatever it saved elsewhere is saved; a refused or failed event throws nothing away. */
  async aroundEvent(live: LiveContext, next: Next<unknown>): Promise<unknown> {
    const answer = await next();
    const tags = this.plans.thrownAwayBy(live);
    if (tags) {
      await this.cache.invalidate(tags);
    }
    return answer;
  }

  private async repeat(
    live: LiveContext,
    { options, given }: { readonly options: CacheRenderOptions; readonly given: string },
    next: Next<unknown>,
  ): Promise<unknown> {
    const tags = tagsOf(live, options);
    const names = await this.cache.names(tags, live.caller.owner);
    if (!names) {
      return next();
    }
    const key = nameOf(...subjectOf(live, options, this.codec.encode({ ...live.props })), given, names);
    const flying = this.flights.get(key);
    if (flying) {
      const mount = await flying.landed;
      return mount ? this.fill(live, mount) : next();
    }
    const flight = this.flights.begin(key);
    // Over its time, it still runs, but nobody else is made to wait for it.
    live.signal.addEventListener('abort', () => flight.land(null), { once: true });
    try {
      const mount = readMount((await this.cache.get(key)) ?? '', this.codec);
      if (mount) {
        flight.land(mount);
        return this.fill(live, mount);
      }
      const answer = await next();
      this.begin(live, { key, tags, ttlMs: options.ttl * 1_000, flight });
      return answer;
    } catch (error) {
      flight.land(null);
      throw error;
    }
  }

  private fill(live: LiveContext, mount: CachedMount): void {
    fillState(live, mount.mounted, this.codec);
    this.found.set(live, { mount, fields: fieldsOf(live, this.codec) });
  }

  private begin(live: LiveContext, making: Omit<Making, 'fields' | 'timer'>): void {
    const fields = fieldsOf(live, this.codec);
    if (!fields) {
      making.flight.land(null);
      this.complain(live, 'the codec cannot write its state');
      return;
    }
    const timer = setTimeout(() => making.flight.land(null), BETWEEN_MS).unref();
    this.making.set(live, { ...making, fields, timer });
  }

  private async show(live: LiveContext, { mount, fields }: Found, next: Next<Rendered>): Promise<Rendered> {
    if (!fields || this.additionsTo(live, fields) !== mount.additions) {
      return next();
    }
    if (mount.rendered !== mount.mounted) {
      fillState(live, mount.rendered, this.codec);
    }
    live.isAnybodys = this.isAnybodys(live);
    return renderedFor(live.id, mount.html);
  }

  private async keep(live: LiveContext, making: Making, next: Next<Rendered>): Promise<Rendered> {
    const { key, tags, ttlMs, flight, fields, timer } = making;
    clearTimeout(timer);
    try {
      const additions = this.additionsTo(live, fields);
      live.printedId = nameForOnce();
      const rendered = await next();
      const mount = this.take(live, { mounted: fields.state, additions, rendered });
      if (mount) {
        await this.cache.set(key, { html: writeMount(mount), tags, owner: live.caller.owner }, ttlMs);
      }
      flight.land(mount);
      live.isAnybodys = mount !== null && this.isAnybodys(live);
      return rendered === Rendered.empty ? rendered : named(rendered, live);
    } finally {
      flight.land(null);
    }
  }

  /** Null for what may not be shown again: its author hears why, unless it says something to one browser alone. */
  private take(
    live: LiveContext,
    made: { readonly mounted: string; readonly additions: string | null; readonly rendered: Rendered },
  ): CachedMount | null {
    const { additions, rendered } = made;
    if (rendered === Rendered.empty || hasEffects(live)) {
      return null;
    }
    const mount =
      additions === null
        ? { why: 'what a feature has added to it cannot be compared' }
        : takeMount(live, { ...made, additions }, this.codec);
    if ('why' in mount) {
      this.complain(live, mount.why);
      return null;
    }
    return mount;
  }

  private additionsTo(live: LiveContext, fields: MountFields): string | null {
    const added = additionsTo(live, fields, this.codec);
    const named = namedFor(live, this.features, this.codec);
    return added === null || named === null ? null : nameOf(added, named);
  }

  /** Its author has said that it reads nothing of who asks; a key that is computed and a guard may ask all the same. */
  private isAnybodys({ definition }: LiveContext): boolean {
    const { public: isPublic, key } = this.plans.renderOf(definition) ?? {};
    const isAsked = typeof key === 'function' || Reflect.hasMetadata(GUARDS_METADATA, definition.type);
    return isPublic === true && !isAsked && this.features.of(definition).personalFields.size === 0;
  }

  private complain({ definition: { type } }: LiveContext, why: string): void {
    const complaint = `${type.name} has @CacheRender(), and a mount of it is not kept: ${why}`;
    if (!this.complaints.has(complaint)) {
      this.complaints.add(complaint);
      this.logger.warn(complaint);
    }
  }
}

const named = (rendered: Rendered, { printedId, id }: LiveContext): Rendered =>
  rendered.replace((text) => [text.replaceAll(printedId, id)]);

const hasEffects = ({ effects }: LiveContext): boolean => Object.keys(effects).length > 0;

/** Slots and effects are one page's own, and what the server makes for many pages is made once anyway. */
const isRepeatable = (live: LiveContext): boolean =>
  live.transport !== 'server' && Object.keys(live.slots).length === 0 && !hasEffects(live);

/** A login that names nobody could be the next user's of the same browser. */
const isKnown = ({ caller }: LiveContext): boolean => !caller.isAuthenticated || caller.id !== '';
