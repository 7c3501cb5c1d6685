import { setTimeout as wait } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { RateCounter, RateOutcome } from './rate-counter.js';

/** Two nodes of one backend; without `now` they run on their own clock. */
export type MakeCounters = (now?: () => number) => Promise<readonly [RateCounter, RateCounter]>;

/** Written apart from the adapters: every admission is kept for ever and counted anew each time. */
class Model {
  private readonly admitted: { readonly bucket: string; readonly at: number }[] = [];

  take(key: string, limit: number, windowMs: number, now: number): RateOutcome {
    const bucket = JSON.stringify([key, limit, windowMs]);
    const fits = (at: number) => this.inWindow(bucket, at, windowMs) < limit;
    if (fits(now)) {
      this.admitted.push({ bucket, at: now });
      return { admitted: true, remaining: limit - this.inWindow(bucket, now, windowMs) };
    }
    let wait = 1;
    while (!fits(now + wait)) wait += 1;
    return { admitted: false, retryAfterMs: wait };
  }

  private inWindow(bucket: string, now: number, windowMs: number): number {
    return this.admitted.filter((one) => one.bucket === bucket && one.at > now - windowMs).length;
  }
}

const RULES = [
  { limit: 1, windowMs: 10 },
  { limit: 3, windowMs: 10 },
  { limit: 3, windowMs: 25 },
];

const step = fc.record({
  // Often exactly a window, and a moment less or more.
  pause: fc.constantFrom(0, 0, 1, 4, 5, 9, 10, 11, 15, 24, 25, 26),
  key: fc.constantFrom('a', 'a', 'a', 'b'),
  rule: fc.constantFrom(...RULES),
  node: fc.nat(1),
  /** Calls made at the same moment. */
  callers: fc.integer({ min: 1, max: 5 }),
});

/** What every adapter of the port keeps. */
export const describeRateCounter = (name: string, make: MakeCounters, numRuns = 100): void => {
  describe(`${name} rate counter`, () => {
    it('agrees with a model of the sliding window, for callers of all nodes at once', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
          let time = 1_000_000;
          const nodes = await make(() => time);
          const model = new Model();
          for (const { pause, key, rule, node, callers } of steps) {
            time += pause;
            const calls = Array.from({ length: callers }, (_, index) => nodes[(node + index) % 2].take(key, rule));
            const expected = calls.map(() => model.take(key, rule.limit, rule.windowMs, time));
            const byValue = (a: RateOutcome, b: RateOutcome) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
            expect((await Promise.all(calls)).sort(byValue)).toEqual(expected.sort(byValue));
          }
          await Promise.all(nodes.map((counter) => counter.close()));
        }),
        { numRuns },
      );
    }, 60_000);

    const withCounters = async (run: (nodes: readonly [RateCounter, RateCounter]) => Promise<void>) => {
      const nodes = await make();
      try {
        await run(nodes);
      } finally {
        await Promise.all(nodes.map((counter) => counter.close()));
      }
    };

    it('admits exactly the limit of many callers at the same moment, on its own clock', () =>
      withCounters(async (nodes) => {
        const rule = { limit: 25, windowMs: 60_000 };
        const outcomes = await Promise.all(Array.from({ length: 200 }, (_, index) => nodes[index % 2].take('k', rule)));
        expect(outcomes.filter(({ admitted }) => admitted)).toHaveLength(25);
        const remaining = outcomes.flatMap((outcome) => (outcome.admitted ? [outcome.remaining] : []));
        expect(remaining.sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, left) => left));
      }));

    it('says when to come again, and means it', () =>
      withCounters(async ([counter]) => {
        const rule = { limit: 1, windowMs: 80 };
        await counter.take('k', rule);
        const refused = await counter.take('k', { ...rule, windowMs: 60_000 });
        expect(refused).toEqual({ admitted: true, remaining: 0 });
        const again = await counter.take('k', { ...rule, windowMs: 60_000 });
        if (again.admitted) throw new Error('admitted above the limit');
        expect(again.retryAfterMs).toBeGreaterThan(0);
        expect(again.retryAfterMs).toBeLessThanOrEqual(60_000);
        await wait(80 + 1);
        expect(await counter.take('k', rule)).toEqual({ admitted: true, remaining: 0 });
      }));

    it('keeps two rules on one key apart: neither uses up or shortens the other', () =>
      withCounters(async ([counter]) => {
        const long = { limit: 2, windowMs: 60_000 };
        const short = { limit: 5, windowMs: 1 };
        await counter.take('k', long);
        await counter.take('k', long);
        await wait(5);
        for (let call = 0; call < 5; call += 1) await counter.take('k', short);
        expect(await counter.take('k', long)).toMatchObject({ admitted: false });
        expect(await counter.take('another', long)).toEqual({ admitted: true, remaining: 1 });
      }));

    it('admits nobody under a limit of none, and says a time', () =>
      withCounters(async ([counter]) => {
        expect(await counter.take('k', { limit: 0, windowMs: 500 })).toEqual({ admitted: false, retryAfterMs: 500 });
      }));
  });
};
