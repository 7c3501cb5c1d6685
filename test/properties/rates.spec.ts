import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';

import { backoff } from '../../libs/client/src/backoff.js';
import { TokenBucket } from '../../src/transport/socket/token-bucket.js';
import { Dice } from '../faults/dice.js';
import { RUNS } from './runs.js';

const rate = fc.integer({ min: 1, max: 100 });
const burst = fc.integer({ min: 1, max: 200 });
const pauses = (least: number): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.oneof(fc.constantFrom(0, 0, 0, 1), fc.integer({ min: least, max: 5_000 })), { size: '+1' });

describe('a token bucket', () => {
  it('admits no more than its rate over any stretch of time, and its burst', () => {
    fc.assert(
      fc.property(rate, burst, pauses(0), (perSecond, most, arrivals) => {
        let now = 1_000;
        const bucket = new TokenBucket(perSecond, most, () => now);
        const admitted: number[] = [];
        for (const pause of arrivals) {
          now += pause;
          if (bucket.take() === 0) admitted.push(now);
        }
        const over = admitted.flatMap((from, index) =>
          admitted.slice(index).filter((until, more) => more + 1 > most + ((until - from) / 1_000) * perSecond + 1e-6),
        );
        expect(over).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('is not opened by a clock that jumps back', () => {
    fc.assert(
      fc.property(rate, burst, pauses(-5_000), (perSecond, most, jumps) => {
        let [now, forward] = [1_000, 0];
        const bucket = new TokenBucket(perSecond, most, () => now);
        let admitted = 0;
        for (const jump of jumps) {
          now += jump;
          forward += Math.max(0, jump);
          if (bucket.take() === 0) admitted += 1;
        }
        expect(admitted).toBeLessThanOrEqual(most + (forward / 1_000) * perSecond + 1e-6);
      }),
      { numRuns: RUNS },
    );
  });

  it('means the wait that it names: not a moment earlier than a millisecond before it, and then surely', () => {
    fc.assert(
      fc.property(rate, burst, pauses(0), (perSecond, most, arrivals) => {
        let now = 1_000;
        const clock = (): number => now;
        const bucket = new TokenBucket(perSecond, most, clock);
        for (const pause of arrivals) {
          now += pause;
          const wait = bucket.take();
          if (wait === 0) continue;
          now += wait;
          expect(bucket.take()).toBe(0);
        }
      }),
      { numRuns: RUNS, examples: [[5, 2, [0, 1, 3]]] },
    );
  });
});

describe('a pause before the next try', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('stays in its bounds at every attempt', () => {
    const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.nat(2_000), share, (attempt, random) => {
        jest.spyOn(Math, 'random').mockReturnValue(random);
        const pause = backoff(attempt);
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(pause).toBeLessThan(Math.min(10_000, 500 * 2 ** Math.min(attempt, 20)) || 1);
      }),
      { numRuns: RUNS },
    );
  });

  it('brings a thousand clients back spread out, at every attempt that is long enough to spread them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 60 }), fc.nat(), (attempt, seed) => {
        const dice = new Dice(seed);
        jest.spyOn(Math, 'random').mockImplementation(() => dice.next());
        const buckets = new Map<number, number>();
        for (let client = 0; client < 1_000; client += 1) {
          const bucket = Math.floor(backoff(attempt) / 100);
          buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
        }
        expect(Math.max(...buckets.values())).toBeLessThan(50);
      }),
      { numRuns: RUNS },
    );
  });
});
