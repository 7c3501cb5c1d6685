import { describe, expect, it } from '@jest/globals';

import { LiveCaller } from '../lifecycle/caller/caller.js';
import { CallerBuckets } from './caller.buckets.js';

const user = (id: string): LiveCaller => new LiveCaller({ user: { id }, sessionId: 's' });
const nobody = (sessionId: string): LiveCaller => new LiveCaller({ sessionId });

describe('the buckets of callers', () => {
  it('are shared by all that one caller does, and by nobody else', () => {
    const buckets = new CallerBuckets(10, 2, () => 0);
    expect([user('ada'), user('ada'), user('ada')].map((caller) => buckets.take(caller))).toEqual([0, 0, 100]);
    expect(buckets.take(user('bob'))).toBe(0);
    expect([nobody('s1'), nobody('s1'), nobody('s1'), nobody('s2')].map((caller) => buckets.take(caller))).toEqual([
      0, 0, 100, 0,
    ]);
  });

  it('are forgotten once they are full again', () => {
    let now = 0;
    const buckets = new CallerBuckets(10, 2, () => now);
    for (let i = 0; i < 1_000; i += 1) buckets.take(nobody(`s${i}`));
    now = 1_000;
    buckets.take(nobody('new'));
    expect(buckets.size).toBe(1);
  });

  it('may be turned off', () => {
    const buckets = new CallerBuckets(0, 0);
    for (let i = 0; i < 500; i += 1) expect(buckets.take(user('ada'))).toBe(0);
  });
});
