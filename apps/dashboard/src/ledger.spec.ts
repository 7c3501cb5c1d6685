import { describe, expect, it } from '@jest/globals';

import { Ledger } from './ledger.js';
import { tradeAt } from './sales.js';

/** A Saturday evening, in the middle of a minute. */
const NOW = 1_795_291_234;

describe('the ledger', () => {
  it('says the same of a stretch, however it is cut', () => {
    const whole = new Ledger().between(NOW - 10_000, NOW);
    const cut = new Ledger();
    const parts = [NOW - 10_000, NOW - 7_201, NOW - 119, NOW];
    const [orders, cents] = (['orders', 'cents'] as const).map((name) =>
      parts.slice(1).reduce((sum, to, place) => sum + cut.between(parts[place], to)[name], 0),
    );
    expect([orders, cents]).toEqual([whole.orders, whole.cents]);
    expect(whole.byChannel.reduce((sum, count) => sum + count)).toBe(whole.orders);
    expect(whole.orders).toBeGreaterThan(1_000);
  });

  it('lists what was sold before a second, newest first', () => {
    const latest = new Ledger().latest(NOW, 5);
    expect(latest).toHaveLength(5);
    expect(latest.every(({ at }, place) => at < (latest[place - 1]?.at ?? NOW))).toBe(true);
    expect(tradeAt(latest[0].at).sales).toEqual([latest[0]]);
  });
});
