import { UseInterceptors } from '@nestjs/common';

import { RateLimitInterceptor } from './rate-limit.interceptor.js';
import { RATE_LIMITS, readRule, type RateLimitOptions, type RateLimitRule } from './rate-limit.rule.js';

/** The same, as it is called: with a method or with a class alone. */
type Decorating = (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => void;

/**
 * Admits an event so often per user, else per client address, within any window: `@RateLimit('60/min')`. Beyond that
 * it is refused with `RATE_LIMITED` and `retryAfterMs`. On a class: each of its events, counted by itself. Several on
 * one place all count.
 * @throws LiveSetupError `RATE_LIMIT_INVALID`
 */
export const RateLimit =
  (rate: string | RateLimitOptions): ClassDecorator & MethodDecorator =>
  (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const type = typeof target === 'function' ? target : target.constructor;
    const rule = readRule(rate, key === undefined ? type.name : `${type.name}.${String(key)}`);
    const subject = (descriptor?.value ?? target) as object;
    const known = Reflect.getOwnMetadata(RATE_LIMITS, subject) as readonly RateLimitRule[] | undefined;
    Reflect.defineMetadata(RATE_LIMITS, [...(known ?? []), rule], subject);
    if (!known) {
      const intercept: Decorating = UseInterceptors(RateLimitInterceptor);
      intercept(target, key, descriptor);
    }
  };
