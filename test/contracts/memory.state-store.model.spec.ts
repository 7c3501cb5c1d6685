import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryStateStore } from '../../src/state/memory.state-store.js';
import { NaiveStateStore } from './naive.state-store.js';
import { CALLS, World } from './state-store.calls.js';

it('answers every sequence of calls like the plain model', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(...CALLS), { minLength: 5, maxLength: 100, size: 'max' }), async (sequence) => {
      const options = {
        ttlMs: 120,
        clientSessionMs: 30,
        skewMs: 5,
        dedupeWindow: 3,
        tombstoneCap: 2,
        now: (): number => world.time,
      };
      const memory = new MemoryStateStore(options);
      const model = new NaiveStateStore(options);
      model.take(memory.generation);
      const world = new World(memory, model);
      for (const call of sequence) {
        const outcome = await call(memory, world);
        expect(outcome).toEqual(await call(model, world));
        await world.learn();
        const kind = (outcome as { kind?: string } | null)?.kind;
        if (kind) seen.set(kind, (seen.get(kind) ?? 0) + 1);
      }
    }),
    { numRuns: Number(process.env.FC_RUNS ?? 300) },
  );
  // The sequences are worth something only if they reach every outcome.
  const kinds = ['OK', 'TAKEN', 'GONE', 'EXPIRED', 'NOCS', 'BACK', 'DUP', 'GAP', 'CONFLICT', 'EPOCH', 'EXISTS', 'DONE'];
  expect(kinds.filter((kind) => !seen.has(kind))).toEqual([]);
});
