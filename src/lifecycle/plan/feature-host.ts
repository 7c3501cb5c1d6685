import type { IncomingHttpHeaders } from 'node:http';

import { Injectable, Logger, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import type { ComponentDefinition } from '../../component/definition.js';
import type { Effects } from '../../protocol/envelope.js';
import type { PageAddress } from '../../protocol/page-address.js';
import { ComponentSeams, logFailure, type Features } from './component-seams.js';
import {
  FEATURE,
  type Committed,
  type Destination,
  type FeatureOptions,
  type LiveFeature,
  type ReservedEvent,
} from '../context/live-feature.js';
import type { FormFiles } from '../context/form-files.js';
import type { OwnEndpoint } from '../context/own-exchange.js';
import type { Viewer } from '../instance/viewer.js';

/** Finds the features, asks each once what it has to do with a component, and calls those that watch from outside. */
@Injectable()
export class FeatureHost {
  private readonly logger = new Logger('Live');
  private features: Features = { told: [], nested: [] };
  private watching: Readonly<Record<'onCommit' | 'onJoin' | 'onLeave', readonly LiveFeature[]>> = {
    onCommit: [],
    onJoin: [],
    onLeave: [],
  };
  private reserved: ReadonlyMap<string, ReservedEvent> = new Map();
  private endpoints: ReadonlyMap<string, OwnEndpoint> = new Map();
  private readonly seams = new Map<ComponentDefinition, ComponentSeams>();
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
    const told = [...new Set([...inner, ...outer])];
    this.features = { told, nested: [...new Set([...outer, ...inner])] };
    this.reserved = new Map(told.flatMap(({ events = {} }) => Object.entries(events)));
    this.endpoints = new Map(told.flatMap(({ endpoints = {} }) => Object.entries(endpoints)));
    this.watching = {
      onCommit: told.filter((feature) => 'onCommit' in feature),
      onJoin: told.filter((feature) => 'onJoin' in feature),
      onLeave: told.filter((feature) => 'onLeave' in feature),
    };
    for (const definition of definitions) {
      told.forEach((feature) => feature.onDefine?.(definition));
      this.note(definition);
    }
    // What was asked before all of them were defined is asked again.
    this.seams.clear();
  }

  /** What features do on the way of an interaction with this component. */
  of(definition: ComponentDefinition): ComponentSeams {
    const known = this.seams.get(definition);
    if (known) {
      return known;
    }
    const seams = new ComponentSeams(definition, this.features, this.logger);
    this.seams.set(definition, seams);
    return seams;
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
    return this.features.told.find(({ formFiles }) => formFiles)?.formFiles;
  }

  /** What features seal into the token of a new instance. */
  memo(definition: ComponentDefinition, page: () => PageAddress): Readonly<Record<string, unknown>> {
    const entries = this.features.told.map((feature) => feature.atMount?.(definition, page));
    return Object.fromEntries(entries.filter((entry) => entry !== undefined));
  }

  /** Names in the query of an HTTP mount that are no props. */
  ownKeys(definition: ComponentDefinition): ReadonlySet<string> {
    return new Set(this.features.told.flatMap((feature) => feature.ownKeys?.(definition) ?? []));
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

  viewNames(definition: ComponentDefinition): readonly string[] {
    return this.features.told.flatMap((feature) => feature.viewNames?.(definition) ?? []);
  }

  /** Response headers that stand for effects where no client of ours runs. */
  headers(effects: Effects, request: IncomingHttpHeaders): readonly (readonly [string, string])[] {
    return this.features.told.flatMap((feature) => Object.entries(feature.headers?.(effects, request) ?? {}));
  }

  /** Where the effects lead a browser that runs no script; undefined: nowhere. */
  destination(effects: Effects, from: string): Destination | undefined {
    const all = this.features.told.flatMap((feature) => feature.destination?.(effects, from) ?? []);
    return all.find(({ isSamePage }) => !isSamePage) ?? all[0];
  }

  onCommit(change: Committed): void {
    this.notify(this.watching.onCommit, (feature) => feature.onCommit?.(change));
  }

  onJoin(viewer: Viewer): void {
    this.notify(this.watching.onJoin, (feature) => feature.onJoin?.(viewer));
  }

  onLeave(viewer: Viewer): void {
    this.notify(this.watching.onLeave, (feature) => feature.onLeave?.(viewer));
  }

  private note(definition: ComponentDefinition): void {
    for (const feature of this.features.told) {
      const { attributes, modules = [] } = feature.client?.(definition) ?? {};
      modules.forEach((name) => this.modules.add(name));
      if (attributes !== undefined) {
        this.rootAttributes.set(definition, { ...this.rootAttributes.get(definition), ...attributes });
      }
    }
  }

  // These seams only watch: the interaction is over, so a feature's mistake must not undo the answer.
  private notify(watching: readonly LiveFeature[], tell: (feature: LiveFeature) => void): void {
    for (const feature of watching) {
      try {
        tell(feature);
      } catch (error) {
        logFailure(this.logger, feature, error);
      }
    }
  }
}

const placeOf = (type: Type): FeatureOptions['place'] => Reflect.getMetadata(FEATURE, type) as FeatureOptions['place'];
