import fc from 'fast-check';

import { NaiveStateStore, type Tables } from '../contracts/naive.state-store.js';
import { CALLS, IDS, World, type Call } from '../contracts/state-store.calls.js';
import { MovedStateStore } from './moved.state-store.js';
import { RedisServer } from './redis.server.js';

interface Records {
  readonly rows: Record<string, object>;
  readonly stones: Record<string, string>;
}

let server: RedisServer;
beforeAll(async () => {
  server = await RedisServer.start();
});
afterAll(() => server.stop());

/** A backup, and a server that was started from it: another generation over older data. */
class Backup {
  private saved?: readonly [redis: unknown, model: unknown];

  constructor(
    private readonly redis: MovedStateStore,
    private readonly model: NaiveStateStore,
  ) {}

  take(): void {
    this.saved = [this.redis.save(), this.model.save()];
  }

  async putBack(): Promise<void> {
    if (!this.saved) return;
    const [redis, model] = this.saved;
    await this.redis.restore(redis);
    this.model.restore(model);
    this.model.take(this.redis.generation);
  }
}

type Step = Call | 'take' | 'putBack';

const steps: fc.Arbitrary<Step>[] = [...CALLS, fc.constantFrom<Step>('take', 'take', 'putBack')];

const recordsOf = ({ rows, stones }: Tables): Records => ({
  rows: Object.fromEntries(
    Array.from(rows, ([id, { b, g, pg, pv, v, d, sh, own, shared, seq, replies, active }]) => [
      id,
      { state: [b, g, pg, pv, v, d, sh, own, shared], seq, replies, active },
    ]),
  ),
  stones: Object.fromEntries(Array.from(stones, ([id, { page }]) => [id, page])),
});

/** What the server holds, in the words of the model. */
const recordsIn = async ({ commands }: MovedStateStore): Promise<Records> => {
  const records: Records = { rows: {}, stones: {} };
  for (const id of IDS) {
    const key = `story:{x}:lc:{${id}}`;
    const [hash, active, page] = await Promise.all([
      commands.hgetall(key),
      commands.zrange(`${key}:c`, 0, -1, 'WITHSCORES'),
      commands.get(`${key}:t`),
    ]);
    if (page !== null) records.stones[id] = page;
    if (hash.b === undefined) continue;
    const { b, g = '', pg = '', pv = '-1', v, d = '', sh } = hash;
    const within = (prefix: string) =>
      Object.entries(hash).flatMap(([name, value]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : [],
      );
    records.rows[id] = {
      state: [b, g, pg, Number(pv), Number(v), d, Number(sh), 'own' in hash, 'shared' in hash],
      seq: Object.fromEntries(within('q:').map(([cs, last]) => [cs, Number(last)])),
      replies: Object.fromEntries(within('r:')),
      active: Object.fromEntries(active.flatMap((cs, n) => (n % 2 === 0 ? [[cs, Number(active[n + 1])]] : []))),
    };
  }
  return records;
};

it('answers every sequence of calls like the plain model, and holds the same records', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(...steps), { minLength: 5, maxLength: 100, size: 'max' }), async (sequence) => {
      const options = {
        ttlMs: 120,
        clientSessionMs: 30,
        skewMs: 5,
        dedupeWindow: 3,
        now: (): number => world.time,
      };
      const model = new NaiveStateStore(options);
      const redis = await MovedStateStore.make(server.url, options);
      const world: World = new World(redis, model);
      const backup = new Backup(redis, model);
      try {
        model.take(redis.generation);
        for (const step of sequence) {
          if (typeof step === 'string') {
            await backup[step]();
            continue;
          }
          const outcome = await step(redis, world);
          expect(outcome).toEqual(await step(model, world));
          await world.learn();
          // Looking makes both take the generation of now.
          for (const id of IDS) await redis.peek(id);
          const kind = (outcome as { kind?: string } | null)?.kind;
          if (kind) seen.set(kind, (seen.get(kind) ?? 0) + 1);
        }
        await world.learn();
        for (const id of IDS) await redis.peek(id);
        expect(await recordsIn(redis)).toEqual(recordsOf(model.save()));
      } finally {
        await redis.close();
      }
    }),
    { numRuns: Number(process.env.FC_RUNS ?? 200) },
  );
  const kinds = ['OK', 'TAKEN', 'GONE', 'EXPIRED', 'NOCS', 'BACK', 'DUP', 'GAP', 'CONFLICT', 'EPOCH', 'EXISTS', 'DONE'];
  expect(kinds.filter((kind) => !seen.has(kind))).toEqual([]);
}, 300_000);
