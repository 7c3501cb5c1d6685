import { setTimeout as wait } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';

import { MemoryRateCounter } from './memory.rate-counter.js';
import { describeRateCounter } from './rate-counter.contract.js';

describeRateCounter('memory', async (now) => {
  const counter = new MemoryRateCounter(now);
  return [counter, counter];
});

describe('memory rate counter, bounds', () => {
  it('lets go of windows that are over without being asked for them', async () => {
    let time = 0;
    const counter = new MemoryRateCounter(() => time, { sweepIntervalMs: 1 });
    for (let key = 0; key < 1_000; key += 1) await counter.take(`k${key}`, { limit: 1, windowMs: 100 });
    await counter.take('long', { limit: 1, windowMs: 1_000 });
    expect(counter.size).toBe(1_001);
    time = 100;
    while (counter.size > 1) await wait(1);
    expect(await counter.take('long', { limit: 1, windowMs: 1_000 })).toMatchObject({ admitted: false });
    await counter.close();
  });

  it('holds no more keys than its bound', async () => {
    const counter = new MemoryRateCounter(() => 0, { maxKeys: 10 });
    const rule = { limit: 1, windowMs: 100 };
    for (let key = 0; key < 100; key += 1) await counter.take(`k${key}`, rule);
    expect(counter.size).toBe(10);
    expect(await counter.take('k99', rule)).toMatchObject({ admitted: false });
    await counter.close();
  });
});
