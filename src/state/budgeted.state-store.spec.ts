import { describe, expect, it } from '@jest/globals';

import type { Owner } from '../budgets/budget.js';
import { Budgets } from '../budgets/budgets.js';
import { resolveLimits } from '../protocol/limits.js';
import { BudgetedStateStore } from './budgeted.state-store.js';
import { MemoryStateStore } from './memory.state-store.js';

const HOUR_MS = 60 * 60_000;
const MOST = 10;
const MOST_TOKENS = 20;

const begin = (owner: Owner, maxBytesPerUser?: number) => {
  const inner = new MemoryStateStore({ maxInstances: MOST, tombstoneCap: MOST_TOKENS });
  const limits = resolveLimits(maxBytesPerUser === undefined ? {} : { maxBytesPerUser });
  const budgets = new Budgets({ ...limits, maxInstances: MOST, nodes: 1 });
  const store = new BudgetedStateStore(inner, budgets);
  const visit = async (number: number) => {
    const [id, page] = [`i${number}`, `p${number}`];
    const exp = Date.now() + HOUR_MS + number;
    const more = { birth: 'b', tokenGeneration: inner.generation, shape: 1 };
    return store.adopt({ id, page, exp, snapshot: '["some state"]', owner, ...more });
  };
  const visits = async (count: number): Promise<readonly string[]> => {
    const kinds: string[] = [];
    for (let number = 0; number < count; number += 1) kinds.push((await visit(number)).kind);
    return kinds;
  };
  return { budgets, store, visits };
};

const ADA: Owner = { name: 'ada', isStranger: false };

describe('the budgets of a store that lets go by itself', () => {
  it('count no more than what is held', async () => {
    const { budgets, visits } = begin(ADA);
    const kinds = await visits(200);
    expect(new Set(kinds)).toEqual(new Set(['OK']));
    // One entry is the instance, one its page's client session.
    expect([budgets.instances.size, budgets.tombstones.size]).toEqual([2 * MOST, MOST_TOKENS]);
  });

  it('refuse nobody for what is held no longer', async () => {
    const { budgets, visits } = begin(ADA, 100_000);
    const kinds = await visits(200);
    expect(new Set(kinds)).toEqual(new Set(['OK']));
    expect([budgets.instances.refused, budgets.tombstones.refused]).toEqual([0, 0]);
  });

  it('count nothing of an instance that was ended, whoever looked at it', async () => {
    const { budgets, store, visits } = begin(ADA);
    await visits(1);
    await store.join({ id: 'i0', cs: 'another', owner: ADA });
    expect(budgets.instances.size).toBe(3);
    await store.end('i0');
    expect([budgets.instances.size, budgets.instances.bytes.users]).toEqual([0, 0]);
  });
});
