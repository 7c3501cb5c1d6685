import type { IncomingHttpHeaders } from 'node:http';

import { Injectable, Logger, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import type { ComponentDefinition } from '../component/definition.js';
import type { Effects } from '../protocol/envelope.js';
import type { PageAddress } from '../protocol/page-address.js';
import type { Rendered } from '../rendering/rendered.js';
import {
  FEATURE,
  type Committed,
  type Destination,
  type FeatureOptions,
  type LiveFeature,
  type Next,
  type ReservedEvent,
} from './live-feature.js';
import type { FormFiles } from './form-files.js';
import type { LiveContext } from './live.context.js';
import type { OwnEndpoint } from './own-exchange.js';
import type { Notes } from './reply-memory.js';
import type { Viewer } from './viewer.js';

/** Finds the features and calls them at their seams. Without a feature at a seam, the seam costs nothing. */
@Injectable()
export class FeatureHost {
  private readonly logger = new Logger('Live');
  private features: readonly LiveFeature[] = [];
  private around: Readonly<Record<'mount' | 'event' | 'handler' | 'render', readonly LiveFeature[]>> = {
    mount: [],
    event: [],
    handler: [],
    render: [],
  };
  private making: readonly LiveFeature[] = [];
  private saving: readonly LiveFeature[] = [];
  private sealing: readonly LiveFeature[] = [];
  private reserved: ReadonlyMap<string, ReservedEvent> = new Map();
  private hydrating: readonly LiveFeature[] = [];
  private dehydrating: readonly LiveFeature[] = [];
  private viewing: readonly LiveFeature[] = [];
  private repeating: readonly LiveFeature[] = [];
  private ending: readonly LiveFeature[] = [];
  private failing: readonly LiveFeature[] = [];
  private endpoints: ReadonlyMap<string, OwnEndpoint> = new Map();
  private readonly rootAttributes = new Map<ComponentDefinition, Readonly<Record<string, string>>>();
  private readonly modules = new Set<string>();

  constructor(private readonly discovery: DiscoveryService) {}

  /** Called once at start-up, after the components are known. */
  start(definitions: readonly ComponentDefinition[]): void {
    const placed = (place: FeatureOptions['place']): LiveFeature[] =>
      this.discovery
        .getProviders()
        .filter(({ metatype }) => typeof metatype === 'function' && placeOf(metatype as Type) === place)
        .map(({ instance }) => instance as LiveFeature);
    const [inner, outer] = [placed('innermost'), placed('any')];
    // What happens inside reaches the innermost first; whatever is wrapped is wrapped by the innermost last of all.
    this.features = [...new Set([...inner, ...outer])];
    const nested = [...new Set([...outer, ...inner])];
    const having = (seam: keyof LiveFeature): readonly LiveFeature[] => this.features.filter((one) => seam in one);
    const around = (seam: keyof LiveFeature): readonly LiveFeature[] => nested.filter((one) => seam in one);
    this.around = {
      mount: around('aroundMount'),
      event: around('aroundEvent'),
      handler: around('aroundHandler'),
      render: around('aroundRender'),
    };
    this.making = having('onMake');
    this.saving = having('onSaved');
    this.sealing = having('atMount');
    this.reserved = new Map(this.features.flatMap(({ events = {} }) => Object.entries(events)));
    this.hydrating = having('onHydrate');
    this.dehydrating = having('onDehydrate');
    this.viewing = having('onView');
    this.repeating = having('onRepeated');
    this.ending = having('onEnd');
    this.failing = having('onFailed');
    this.endpoints = new Map(this.features.flatMap(({ endpoints = {} }) => Object.entries(endpoints)));
    for (const definition of definitions) {
      this.features.forEach((feature) => feature.onDefine?.(definition));
      this.note(definition);
    }
  }

  /** Attributes of the component's root; undefined when no feature has any. */
  attributesOf(definition: ComponentDefinition): Readonly<Record<string, string>> | undefined {
    return this.rootAttributes.get(definition);
  }

  /** Modules of the browser client that some component needs. */
  get clientModules(): ReadonlySet<string> {
    return this.modules;
  }

  /** Who takes the files of forms that browsers send by themselves. */
  get formFiles(): FormFiles | undefined {
    return this.features.find(({ formFiles }) => formFiles)?.formFiles;
  }

  /** What features seal into the token of a new instance. */
  memo(definition: ComponentDefinition, page: () => PageAddress): Readonly<Record<string, unknown>> {
    const entries = this.sealing.map((feature) => feature.atMount?.(definition, page));
    return Object.fromEntries(entries.filter((entry) => entry !== undefined));
  }

  /** Names in the query of an HTTP mount that are no props. */
  ownKeys(definition: ComponentDefinition): ReadonlySet<string> {
    return new Set(this.features.flatMap((feature) => feature.ownKeys?.(definition) ?? []));
  }

  /** Fields that belong to one caller; with any, a component is made anew for each who looks at it. */
  personalFields(definition: ComponentDefinition): ReadonlySet<string> {
    return new Set(this.features.flatMap((feature) => feature.personalFields?.(definition) ?? []));
  }

  /** The feature's event of this name, if the component knows it. */
  reservedEvent(definition: ComponentDefinition, name: string): ReservedEvent | undefined {
    const event = this.reserved.get(name);
    return event?.knows(definition) ? event : undefined;
  }

  /** What answers requests for `P/-/<name>`. */
  endpoint(name: string): OwnEndpoint | undefined {
    return this.endpoints.get(name);
  }

  async onMake(ctx: LiveContext): Promise<void> {
    for (const feature of this.making) {
      // Most features have nothing to do with most components: then there is nothing to wait for.
      const made = feature.onMake?.(ctx);
      if (made) await made;
    }
  }

  async onHydrate(ctx: LiveContext): Promise<void> {
    for (const feature of this.hydrating) {
      const hydrated = feature.onHydrate?.(ctx);
      if (hydrated) await hydrated;
    }
  }

  async onDehydrate(ctx: LiveContext): Promise<void> {
    for (const feature of this.dehydrating) {
      const dehydrated = feature.onDehydrate?.(ctx);
      if (dehydrated) await dehydrated;
    }
  }

  /** The event has happened: what fails here is logged, and undoes nothing. */
  async onSaved(ctx: LiveContext): Promise<void> {
    for (const feature of this.saving) {
      try {
        const saved = feature.onSaved?.(ctx);
        if (saved) await saved;
      } catch (error) {
        this.failed(feature, error);
      }
    }
  }

  async onFailed(ctx: LiveContext): Promise<void> {
    for (const feature of this.failing) {
      try {
        const undone = feature.onFailed?.(ctx);
        if (undone) await undone;
      } catch (error) {
        this.failed(feature, error);
      }
    }
  }

  viewNames(definition: ComponentDefinition): readonly string[] {
    return this.features.flatMap((feature) => feature.viewNames?.(definition) ?? []);
  }

  onView(ctx: LiveContext, add: (name: string, value: unknown) => void): void {
    this.viewing.forEach((feature) => feature.onView?.(ctx, add));
  }

  aroundMount(ctx: LiveContext, mount: Next<unknown>): Promise<unknown> {
    return this.around.mount.reduceRight<Next<unknown>>(
      (next, feature) => () => feature.aroundMount?.(ctx, next) ?? next(),
      mount,
    )();
  }

  aroundEvent(ctx: LiveContext, event: Next<unknown>): Promise<unknown> {
    return this.around.event.reduceRight<Next<unknown>>(
      (next, feature) => () => feature.aroundEvent?.(ctx, next) ?? next(),
      event,
    )();
  }

  aroundHandler(ctx: LiveContext, handler: () => unknown): unknown {
    return this.around.handler.reduceRight<() => unknown>(
      (next, feature) => () => feature.aroundHandler!(ctx, next),
      handler,
    )();
  }

  aroundRender(ctx: LiveContext, render: Next<Rendered>): Promise<Rendered> {
    return this.around.render.reduceRight<Next<Rendered>>(
      (next, feature) => () => feature.aroundRender?.(ctx, next) ?? next(),
      render,
    )();
  }

  async onRepeated(ctx: LiveContext, notes: Notes): Promise<void> {
    for (const feature of this.repeating) {
      try {
        await feature.onRepeated?.(ctx, notes);
      } catch (error) {
        this.failed(feature, error);
      }
    }
  }

  get watchesEnds(): boolean {
    return this.ending.length > 0;
  }

  async onEnd(ctx: LiveContext): Promise<void> {
    for (const feature of this.ending) {
      try {
        await feature.onEnd?.(ctx);
      } catch (error) {
        this.failed(feature, error);
      }
    }
  }

  /** Response headers that stand for effects where no client of ours runs. */
  headers(effects: Effects, request: IncomingHttpHeaders): readonly (readonly [string, string])[] {
    return this.features.flatMap((feature) => Object.entries(feature.headers?.(effects, request) ?? {}));
  }

  /** Where the effects lead a browser that runs no script; undefined: nowhere. */
  destination(effects: Effects, from: string): Destination | undefined {
    const all = this.features.flatMap((feature) => feature.destination?.(effects, from) ?? []);
    return all.find(({ isSamePage }) => !isSamePage) ?? all[0];
  }

  onCommit(change: Committed): void {
    this.notify((feature) => feature.onCommit?.(change));
  }

  onJoin(viewer: Viewer): void {
    this.notify((feature) => feature.onJoin?.(viewer));
  }

  onLeave(viewer: Viewer): void {
    this.notify((feature) => feature.onLeave?.(viewer));
  }

  private note(definition: ComponentDefinition): void {
    for (const feature of this.features) {
      const { attributes, modules = [] } = feature.client?.(definition) ?? {};
      modules.forEach((name) => this.modules.add(name));
      if (attributes !== undefined) {
        this.rootAttributes.set(definition, { ...this.rootAttributes.get(definition), ...attributes });
      }
    }
  }

  // These seams only watch: the interaction is over, so a feature's mistake must not undo the answer.
  private notify(tell: (feature: LiveFeature) => void): void {
    for (const feature of this.features) {
      try {
        tell(feature);
      } catch (error) {
        this.failed(feature, error);
      }
    }
  }

  private failed(feature: LiveFeature, error: unknown): void {
    this.logger.error(`${feature.constructor.name} failed`, (error as Error).stack);
  }
}

const placeOf = (type: Type): FeatureOptions['place'] => Reflect.getMetadata(FEATURE, type) as FeatureOptions['place'];
