import { describe, expect, it } from '@jest/globals';

import { resolveLimits } from '../protocol/limits.js';
import { Budget, type BudgetBounds, type Owner } from './budget.js';
import { Budgets } from './budgets.js';

const KIB = 1024;
const BOUNDS: BudgetBounds = {
  strangers: 100 * KIB,
  stranger: 10 * KIB,
  address: 40 * KIB,
  user: 20 * KIB,
  idleMs: 1_000,
};

const stranger = (name: string, address?: string): Owner => ({ name, isStranger: true, address });
const user = (name: string): Owner => ({ name, isStranger: false });

const begin = () => {
  let time = 0;
  const dropped: string[] = [];
  const budget = new Budget('things', BOUNDS, () => time);
  budget.onDrop((id) => dropped.push(id));
  const take = (id: string, owner: Owner, bytes = 800, lifeMs = 60_000): boolean =>
    budget.take(id, { owner, bytes, lifeMs });
  return { budget, dropped, take, pass: (ms: number) => (time += ms) };
};

/** As many as there is room for. */
const fill = (take: (n: number) => boolean): number => {
  let n = 0;
  while (n < 10_000 && take(n)) n += 1;
  return n;
};

describe('a budget', () => {
  it('bounds each stranger, each network of strangers, and all strangers', () => {
    const { take, budget } = begin();
    expect(fill((n) => take(`own${n}`, stranger('a')))).toBe(10);
    expect(fill((n) => take(`net${n}`, stranger(`b${n}`, '192.0.2.1')))).toBe(40);
    expect(fill((n) => take(`all${n}`, stranger(`c${n}`)))).toBe(52);
    expect(budget.bytes).toEqual({ strangers: 102_000, users: 0 });
    expect(budget.refused).toBe(3);
  });

  it('keeps users apart from strangers and from each other', () => {
    const { take } = begin();
    fill((n) => take(`s${n}`, stranger(`s${n}`)));
    expect(fill((n) => take(`ada${n}`, user('ada')))).toBe(20);
    expect(fill((n) => take(`bob${n}`, user('bob')))).toBe(20);
    expect(take('s', stranger('late'))).toBe(false);
  });

  it('refuses the newest one as long as the others are in use, and makes room by what nobody has used for long', () => {
    const { take, dropped, pass, budget } = begin();
    const room = fill((n) => take(`s${n}`, stranger(`s${n}`)));
    pass(900);
    budget.touch('s0', 60_000);
    expect(take('new', stranger('new'))).toBe(false);
    pass(200);
    expect(take('new', stranger('new'))).toBe(true);
    expect([dropped, budget.has('s0'), budget.size]).toEqual([['s1'], true, room]);
  });

  it('makes room by nothing that was used within the time, wherever it stands', () => {
    const { take, dropped, pass, budget } = begin();
    fill((n) => take(`s${n}`, stranger(`s${n}`)));
    pass(10);
    budget.touch('s0', 60_000);
    pass(995);
    expect(take('new', stranger('new'))).toBe(true);
    expect(dropped).toEqual(['s1']);
  });

  it('makes room for one by nothing of another', () => {
    const { take, dropped, pass } = begin();
    take('mine', stranger('a', '192.0.2.1'));
    take('theirs', stranger('b', '192.0.2.2'));
    take('ada', user('ada'));
    pass(5_000);
    fill((n) => take(`own${n}`, stranger('a')));
    expect(dropped).toEqual(['mine']);
  });

  it('counts what is counted again in its own place, and forgets what is over', () => {
    const { take, budget, pass } = begin();
    take('a', stranger('a'), 1_000);
    take('a', stranger('a'), 3_000);
    expect(budget.bytes.strangers).toBe(3_200);
    expect(budget.resize('a', 20 * KIB, 1_000)).toBe(false);
    expect(budget.bytes.strangers).toBe(3_200);
    expect([budget.resize('a', 100, 1_000), budget.resize('unknown', 1e9, 1_000)]).toEqual([true, true]);
    budget.give('unknown');
    pass(1_000);
    take('b', user('ada'));
    expect([budget.has('a'), budget.bytes.strangers, budget.size]).toEqual([false, 0, 1]);
    budget.give('b');
    expect(budget.bytes).toEqual({ strangers: 0, users: 0 });
  });
});

describe('the budgets of a node', () => {
  const sum = (roomBytes: number, nodes = 1): number => {
    const budgets = new Budgets({ ...resolveLimits(), roomBytes, nodes });
    let bytes = 0;
    for (const budget of budgets.all.filter((one) => one !== budgets.readers)) {
      const before = fill((n) => budget.take(`${n}`, { owner: stranger(`${n}`), bytes: 99_800, lifeMs: 1e6 }));
      bytes += before === 10_000 ? 0 : before * 100_000;
    }
    return bytes;
  };

  it('are together what strangers may have: a part of what there is, divided by the nodes', () => {
    expect(sum(64e6)).toBeLessThanOrEqual(16e6);
    expect(sum(64e6)).toBeGreaterThan(12e6);
    expect(sum(64e6, 4)).toBeLessThanOrEqual(4e6);
    expect(sum(1e12)).toBeLessThanOrEqual(128 * 1024 * 1024);
  });
});
