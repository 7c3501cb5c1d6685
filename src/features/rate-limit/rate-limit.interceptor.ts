import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Observable } from 'rxjs';

import { LiveExecutionContext } from '../../lifecycle/context/live-execution-context.js';
import { RATE_LIMITS, type RateLimitRule } from './rate-limit.rule.js';
import { RateLimits } from './rate-limits.js';

/** Counts an event behind its guards and in front of its pipes and its handler; what `@RateLimit()` puts there. */
@Injectable()
export class RateLimitInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly limits: RateLimits,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const live = LiveExecutionContext.create(context).getLive();
    // Mounts and renders for somebody who looks pass here, too: a push must not use up what a person may do.
    if (live.entry === 'event') {
      const subjects = [context.getClass(), context.getHandler()];
      await this.limits.enter(live, this.reflector.getAllAndMerge<RateLimitRule[]>(RATE_LIMITS, subjects));
    }
    return next.handle();
  }
}
