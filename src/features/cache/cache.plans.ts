import { Injectable } from '@nestjs/common';

import { ComponentFactory } from '../../component/component.factory.js';
import type { ComponentDefinition } from '../../component/definition.js';
import { PARAMETER, parametersOf } from '../../component/parameter.decorators.js';
import { LiveSetupError } from '../../errors/setup-error.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import { readCacheRender, readInvalidations, type CacheRenderOptions } from './cache.decorators.js';
import { RenderCacheInvalidation } from './render-cache.invalidation.js';

/** What `onMount` of a public component may ask for: nothing of who is there. */
const ANYBODYS: readonly number[] = [PARAMETER.LIVE, PARAMETER.PAYLOAD, PARAMETER.RESPONSE];

/** What the application's components say of the cache, verified as they are found. */
@Injectable()
export class CachePlans {
  private readonly renders = new Map<ComponentDefinition, CacheRenderOptions>();
  /** Tags by method. */
  private readonly invalidations = new Map<ComponentDefinition, ReadonlyMap<string, readonly string[]>>();

  constructor(
    private readonly invalidation: RenderCacheInvalidation,
    private readonly factory: ComponentFactory,
  ) {}

  /** @throws LiveSetupError for what cannot be */
  add(definition: ComponentDefinition): void {
    const options = readCacheRender(definition.type);
    if (options) {
      this.verify(definition, options);
      this.renders.set(definition, options);
    }
    const targets = readInvalidations(definition.type.prototype as object);
    if (targets.size > 0) {
      this.verifyEvents(definition, [...targets.keys()]);
      const tags = [...targets].map(
        ([method, all]) => [method, all.map((target) => this.invalidation.tagOf(target))] as const,
      );
      this.invalidations.set(definition, new Map(tags));
    }
  }

  renderOf(definition: ComponentDefinition): CacheRenderOptions | undefined {
    return this.renders.get(definition);
  }

  /** Whether any of its events throws something away. */
  isThrowingAway(definition: ComponentDefinition): boolean {
    return this.invalidations.has(definition);
  }

  /** Tags of what this event throws away. */
  thrownAwayBy({ definition, event }: LiveContext): readonly string[] | undefined {
    const method = event === undefined ? undefined : definition.events.get(event)?.method;
    return method === undefined ? undefined : this.invalidations.get(definition)?.get(method);
  }

  private verify(definition: ComponentDefinition, { ttl, key, public: isPublic }: CacheRenderOptions): void {
    const { type, encrypted } = definition;
    const refuse = (reason: string): never => {
      throw new LiveSetupError('OPTION_INVALID', `${type.name} cannot have @CacheRender(): ${reason}`);
    };
    if (!Number.isFinite(ttl) || ttl <= 0) {
      refuse(`its ttl is ${ttl}. Give the seconds that a render may be shown again, more than 0.`);
    }
    if (encrypted) {
      refuse('its state has a @Secret() field, which belongs in no cache.');
    }
    if (key === undefined && this.factory.host(definition).scoped) {
      refuse('it depends on the request. Say in `key` what of the request it shows: key: (live) => …');
    }
    const asking = ['onMount', 'beforeRender'].find((hook) =>
      parametersOf(type, hook).some((asked) => !ANYBODYS.includes(asked)),
    );
    if (key === undefined && isPublic && asking !== undefined) {
      refuse(
        `it is public, and its ${asking} asks who is there. Say in \`key\` what of the caller it shows, or leave \`public\` out.`,
      );
    }
  }

  private verifyEvents({ type, events }: ComponentDefinition, marked: readonly string[]): void {
    const methods = new Set([...events.values()].map(({ method }) => method));
    const stray = marked.find((method) => !methods.has(method));
    if (stray !== undefined) {
      throw new LiveSetupError(
        'HANDLER_UNSUPPORTED',
        `${type.name}.${stray} has @InvalidatesCache() but is no event. Mark it with @OnEvent(), or call RenderCacheInvalidation.`,
      );
    }
  }
}
