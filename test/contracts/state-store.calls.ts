import fc from 'fast-check';

import type { StateStore } from '../../src/state/state-store.js';

/** One call, made to the tested store first and to its model second. */
export type Call = (store: StateStore, world: World) => unknown;

export const IDS = ['a', 'b', 'c', 'd'] as const;

const id = fc.constantFrom('a', 'a', 'a', 'b', 'c', 'd');

/** What a caller has been told so far; both stores are told the same. */
export class World {
  /** Milliseconds since the epoch, for both stores. */
  time = 1_000;
  readonly epochs = new Map<string, string>();
  readonly versions = new Map<string, number>();

  constructor(
    readonly tested: StateStore,
    private readonly model: StateStore,
  ) {}

  /** What a client of each instance would be told now. */
  async learn(): Promise<void> {
    for (const id of IDS) {
      const state = await this.model.peek(id);
      if (state) {
        this.epochs.set(id, state.epoch);
        this.versions.set(id, state.version);
      }
    }
  }
}

// Few names: what matters happens when a name comes again.
const cs = fc.constantFrom('c1', 'c1', 'p1', 'p1', 'p1', 'c2', 'p2');
const page = fc.constantFrom('p1', 'p1', 'p1', 'p2');
const until = fc.option(fc.constantFrom(50, 200), { nil: undefined, freq: 4 });
const drift = fc.constantFrom(0, 0, 0, 0, -1, 1);
const position = fc.option(fc.record({ drift, e: fc.constantFrom('', '', '', 'x.y', 'b1.other') }), { nil: undefined });
const at = (world: World, of: string, given: { drift: number; e: string } | undefined) =>
  given && { e: given.e || (world.epochs.get(of) ?? 'none'), v: (world.versions.get(of) ?? 0) + given.drift };

export const CALLS: fc.Arbitrary<Call>[] = [
  fc
    .record({
      id,
      page,
      life: fc.integer({ min: -200, max: 400 }),
      until,
      stored: fc.boolean(),
      birth: fc.constantFrom('b1', 'b2'),
    })
    .chain((r) => fc.constantFrom('', '', '', 'old').map((g) => ({ ...r, g })))
    .map(
      ({ id, page, life, stored, birth, g, until }): Call =>
        (store, { time }) =>
          store.adopt({
            id,
            page,
            exp: Math.floor(time / 200) * 200 + life,
            snapshot: stored ? '' : '[]',
            birth,
            tokenGeneration: g || store.generation,
            shape: 1,
            until: until && time + until,
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
          fc.record({ cs, seq: fc.constantFrom<(number | 'next')[]>(0, 1, 1, 1, 2, 2, 3, 4, 'next', 'next') }),
          { nil: undefined, freq: 6 },
        ),
        change: fc.option(fc.record({ snapshot: fc.string({ maxLength: 4 }), shape: fc.constantFrom(1, 2) }), {
          nil: undefined,
          freq: 3,
        }),
        reply: fc.string({ maxLength: 3 }),
        once: fc.option(fc.constantFrom('cause1', 'cause1', 'cause2'), { nil: undefined, freq: 3 }),
        until,
      })
      .map(
        ({ id, drift, stale, session, change, reply, once, until }): Call =>
          (store, { epochs, versions, time }) =>
            store.commit({
              id,
              epoch: stale || (epochs.get(id) ?? 'none'),
              version: (versions.get(id) ?? 0) + drift,
              session,
              change,
              reply,
              once,
              until: until && time + until,
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
  fc.constant<Call>((store) => store.positions(['d', 'c', 'b', 'a', 'a'])),
  id.map(
    (id): Call =>
      (store) =>
        store.end(id),
  ),
  fc.constant<Call>((store) => store.sweep()),
  fc.constantFrom(1, 20, 31, 90, 130, 250).map((ms): Call => async (store, world) => {
    if (store === world.tested) world.time += ms;
  }),
];
