import { describe, expect, it } from '@jest/globals';

import { LoopLag } from './loop-lag.js';

const LOOK_MS = 250;

const lateBy = (...lags: readonly number[]): readonly boolean[] => {
  let now = 0;
  const lag = new LoopLag({ maxLagMs: 1_000, forMs: 2_000, now: () => now });
  return lags.map((ms) => {
    now += LOOK_MS + ms;
    lag.look();
    return lag.isOverloaded;
  });
};

describe('an event loop', () => {
  it('in time, or late for a moment, is not overloaded', () => {
    expect(lateBy(0, 900, 1_500, 0, 2_900, 0)).toEqual([false, false, false, false, false, false]);
  });

  it('blocked for three seconds has been late by more than one for two, and recovers at once', () => {
    expect(lateBy(0, 3_000, 5, 5)).toEqual([false, true, false, false]);
  });

  it('late again and again is overloaded once two seconds have passed', () => {
    expect(lateBy(1_200, 1_200, 1_200, 1_200, 100)).toEqual([false, false, true, true, false]);
  });

  it('is never overloaded where the limit is off', () => {
    let now = 0;
    const lag = new LoopLag({ maxLagMs: 0, forMs: 2_000, now: () => now });
    now = 60_000;
    lag.look();
    expect(lag.isOverloaded).toBe(false);
  });
});
