import { describe, expect, it } from '@jest/globals';

import { Drain, resolveDrain } from './drain.js';
import { Health } from './health.js';

const node = (check: () => Promise<void>) => {
  let now = 0;
  const drain = new Drain(resolveDrain());
  const health = new Health({ node: 'n1', backend: 'redis', check }, drain, { now: () => now });
  const pass = async (ms: number): Promise<string> => {
    for (const end = now + ms; now < end;) {
      now += 1_000;
      void health.ask();
      await Promise.resolve();
      await Promise.resolve();
    }
    return health.ready().status;
  };
  return { drain, health, pass };
};

describe('a node', () => {
  it('is not ready before its backend has started', () => {
    expect(node(() => Promise.resolve()).health.ready()).toEqual({ status: 'starting', node: 'n1', backend: 'redis' });
  });

  it('is ready through a short silence of its backend, not through a long one, and again after it', async () => {
    let up = true;
    const { health, pass } = node(() => (up ? Promise.resolve() : Promise.reject(new Error('gone'))));
    health.start();
    expect(await pass(3_000)).toBe('ok');
    up = false;
    expect(await pass(5_000)).toBe('ok');
    expect(await pass(1_000)).toBe('store-lost');
    expect(health.live().status).toBe('ok');
    up = true;
    expect(await pass(1_000)).toBe('ok');
    health.stop();
  });

  it('is not ready when its backend does not even refuse, and asks only once meanwhile', async () => {
    let asked = 0;
    const { health, pass } = node(() => {
      asked += 1;
      return new Promise(() => undefined);
    });
    health.start();
    expect(await pass(6_000)).toBe('store-lost');
    expect(asked).toBe(1);
    health.stop();
  });

  it('is not ready from the first moment of a drain, but alive', async () => {
    const { drain, health } = node(() => Promise.resolve());
    health.start();
    await drain.run();
    expect([health.ready().status, health.live().status]).toEqual(['draining', 'ok']);
    health.stop();
  });
});
