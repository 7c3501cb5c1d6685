export interface RateRule {
  /** Calls admitted within any window. */
  readonly limit: number;
  /** Length of the sliding window, in milliseconds. */
  readonly windowMs: number;
}

/** What is counted together: the same key under two rules is two counts, which never disturb each other. */
export const bucketOf = (key: string, { limit, windowMs }: RateRule): string => `${limit}/${windowMs}:${key}`;

export type RateOutcome =
  | { readonly admitted: true; readonly remaining: number }
  /** `retryAfterMs`: when the next call would be admitted if nobody else came first. */
  | { readonly admitted: false; readonly retryAfterMs: number };

/** Counts calls per key and rule in a true sliding window: no window of the given length ever holds more than the limit. */
export abstract class RateCounter {
  /** One atomic step: looks, and counts the call when it is admitted. A refused call costs nothing. */
  abstract take(key: string, rule: RateRule): Promise<RateOutcome>;

  abstract close(): Promise<void>;
}
