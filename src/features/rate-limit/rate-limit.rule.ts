import { LiveSetupError } from '../../errors/setup-error.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import type { RateRule } from '../../rates/rate-counter.js';

const PERIODS = { sec: 1_000, min: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

export type RatePeriod = keyof typeof PERIODS;

/** Counts for whom: `({ caller }) => caller.tenant`. Without an answer it is the caller, as in a rule without `key`. */
export type RateKey = (live: LiveContext) => string | undefined;

export interface RateLimitOptions {
  /** Events admitted within any window, from 1. */
  readonly limit: number;
  /** Length of the sliding window; a number is milliseconds. */
  readonly per: RatePeriod | number;
  /** @default the user, else the client's address */
  readonly key?: RateKey;
}

export interface RateLimitRule extends RateRule {
  readonly key?: RateKey;
}

/** Where `@RateLimit()` leaves its rules. */
export const RATE_LIMITS = 'nest-live:rate-limits';

const TEXT = /^(\d+)\/(sec|min|hour|day)$/;

/** @throws LiveSetupError `RATE_LIMIT_INVALID` that names `where` */
export const readRule = (rule: string | RateLimitOptions, where: string): RateLimitRule => {
  const { limit, per, key } = typeof rule === 'string' ? readText(rule) : rule;
  const windowMs = typeof per === 'string' ? PERIODS[per] : per;
  if (![limit, windowMs].every((number) => Number.isSafeInteger(number) && number > 0)) {
    const shown = typeof rule === 'string' ? `'${rule}'` : JSON.stringify(rule);
    throw new LiveSetupError(
      'RATE_LIMIT_INVALID',
      `${where}: @RateLimit(${shown}) is no rate. Write '60/min' with a whole number from 1 and sec, min, hour or day; or { limit: 60, per: 'min' }.`,
    );
  }
  return { limit, windowMs, key };
};

const readText = (text: string): RateLimitOptions => {
  const [, limit, per] = TEXT.exec(text) ?? [];
  return { limit: Number(limit), per: per as RatePeriod };
};
