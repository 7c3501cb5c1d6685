import { MetadataScanner } from '@nestjs/core';

import type { ComponentDefinition } from '../../component/definition.js';
import { LiveSetupError } from '../../errors/setup-error.js';
import { Feature, type ClientNeeds, type LiveFeature } from '../../lifecycle/context/live-feature.js';
import { RATE_LIMITS } from './rate-limit.rule.js';

/** Refuses, at start-up, a rule that would never be asked. */
@Feature()
export class RateLimitFeature implements LiveFeature {
  private readonly scanner = new MetadataScanner();

  onDefine({ type, events }: ComponentDefinition): void {
    const handlers = new Set([...events.values()].map(({ method }) => method));
    const prototype = type.prototype as Record<string, object>;
    for (const method of this.scanner.getAllMethodNames(prototype)) {
      if (!handlers.has(method) && Reflect.hasMetadata(RATE_LIMITS, prototype[method])) {
        throw new LiveSetupError(
          'RATE_LIMIT_INVALID',
          `${type.name}.${method} has @RateLimit() and handles no event, so nothing would be counted. Add @OnEvent(), or take the limit away.`,
        );
      }
    }
  }

  /** A trigger over its rate rests, and counts down. */
  client({ type, events }: ComponentDefinition): ClientNeeds | undefined {
    const prototype = type.prototype as Record<string, object>;
    const places = [type, ...[...events.values()].map(({ method }) => prototype[method])];
    return places.some((place) => Reflect.hasMetadata(RATE_LIMITS, place)) ? { modules: ['retry'] } : undefined;
  }
}
