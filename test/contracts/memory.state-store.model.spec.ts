import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryStateStore } from '../../src/state/memory.state-store.js';
import type { StateStore } from '../../src/state/state-store.js';
import { NaiveStateStore } from './naive.state-store.js';

type Call = (store: StateStore, world: World) => Promise<unknown>;

/** What a caller has been told so far; both stores are told the same. */
interface World {
  time: number;
  epochs: Map<string, string>;
  versions: Map<string, number>;
}

const id = fc.constantFrom('a', 'a', 'a', 'b', 'c', 'd');
const cs = fc.constantFrom('c1', 'c1', 'p1', 'p1', 'c2', 'c3', 'p2');
const page = fc.constantFrom('p1', 'p2');
const drift = fc.constantFrom(0, 0, 0, 0, -1, 1);
const position = fc.option(fc.record({ drift, e: fc.constantFrom('', '', '', 'x.y', 'b1.other') }), { nil: undefined });
const at = (world: World, of: string, given: { drift: number; e: string } | undefined) =>
  given && { e: given.e || (world.epochs.get(of) ?? 'none'), v: (world.versions.get(of) ?? 0) + given.drift };

const calls: fc.Arbitrary<Call>[] = [
  fc
    .record({
      id,
      page,
      life: fc.integer({ min: -200, max: 400 }),
      stored: fc.boolean(),
      birth: fc.constantFrom('b1', 'b2'),
    })
    .chain((r) => fc.constantFrom('', '', '', 'old').map((g) => ({ ...r, g })))
    .map(
      ({ id, page, life, stored, birth, g }): Call =>
        (store, { time }) =>
          store.adopt({
            id,
            page,
            exp: Math.floor(time / 200) * 200 + life,
            snapshot: stored ? '' : '[]',
            birth,
            tokenGeneration: g || store.generation,
            shape: 1,
          }),
    ),
  fc.record({ id, cs, position }).map(
    ({ id, cs, position }): Call =>
      (store, world) =>
        store.open({ id, cs, at: at(world, id, position) }),
  ),
  fc
    .record({ id, cs, position, drop: fc.option(cs, { nil: undefined }), page: fc.option(page, { nil: undefined }) })
    .map(
      ({ id, cs, position, drop, page }): Call =>
        (store, world) =>
          store.join({ id, cs, at: at(world, id, position), drop, page }),
    ),
  ...[1, 2, 3, 4, 5].map(() =>
    fc
      .record({
        id,
        drift,
        stale: fc.constantFrom('', '', '', '', '', 'b1.earlier'),
        session: fc.option(
          fc.record({ cs, seq: fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constant('next' as const)) }),
          { nil: undefined, freq: 6 },
        ),
        change: fc.option(fc.record({ snapshot: fc.string({ maxLength: 4 }), shape: fc.constantFrom(1, 2) }), {
          nil: undefined,
          freq: 3,
        }),
        reply: fc.string({ maxLength: 3 }),
      })
      .map(
        ({ id, drift, stale, session, change, reply }): Call =>
          (store, { epochs, versions }) =>
            store.commit({
              id,
              epoch: stale || (epochs.get(id) ?? 'none'),
              version: (versions.get(id) ?? 0) + drift,
              session,
              change,
              reply,
            }),
      ),
  ),
  fc.record({ id, shared: fc.boolean() }).map(
    ({ id, shared }): Call =>
      (store) =>
        store.create({
          id,
          snapshot: '["stored"]',
          birth: 'b3',
          shape: 2,
          ...(shared ? { owned: false as const } : {}),
        }),
  ),
  id.map(
    (id): Call =>
      (store) =>
        store.peek(id),
  ),
  fc.record({ id, cs }).map(
    ({ id, cs }): Call =>
      (store) =>
        store.leave({ id, cs }),
  ),
  fc.constant<Call>((store) => store.sweep()),
  fc.constantFrom(1, 20, 31, 90, 130, 250).map((ms): Call => async (store, world) => {
    if (store instanceof MemoryStateStore) world.time += ms;
  }),
];

it('answers every sequence of calls like the plain model', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(...calls), { minLength: 5, maxLength: 100, size: 'max' }), async (sequence) => {
      const world: World = { time: 1_000, epochs: new Map(), versions: new Map() };
      const options = {
        ttlMs: 120,
        clientSessionMs: 30,
        skewMs: 5,
        dedupeWindow: 3,
        tombstoneCap: 2,
        now: () => world.time,
      };
      const memory = new MemoryStateStore(options);
      const model = new NaiveStateStore(options);
      model.take(memory.generation);
      for (const call of sequence) {
        const outcome = await call(memory, world);
        expect(outcome).toEqual(await call(model, world));
        for (const known of ['a', 'b', 'c', 'd']) {
          const state = await model.peek(known);
          if (state) {
            world.epochs.set(known, state.epoch);
            world.versions.set(known, state.version);
          }
        }
        const kind = (outcome as { kind?: string } | null)?.kind;
        if (kind) seen.set(kind, (seen.get(kind) ?? 0) + 1);
      }
    }),
    { numRuns: Number(process.env.FC_RUNS ?? 300) },
  );
  // The sequences are worth something only if they reach every outcome.
  const kinds = ['OK', 'TAKEN', 'GONE', 'EXPIRED', 'NOCS', 'BACK', 'DUP', 'GAP', 'CONFLICT', 'EPOCH', 'EXISTS'];
  expect(kinds.filter((kind) => !seen.has(kind))).toEqual([]);
});
