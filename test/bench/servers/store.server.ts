import { randomBytes } from 'node:crypto';

import { InstanceQueue } from '../../../src/lifecycle/instance/instance.queue.js';
import { CommitClient, type Tally } from './commit-client.js';
import { Latencies } from './latencies.js';
import { answerHarness } from './measured.js';
import { link, openStore } from './store.link.js';

const store = await openStore();
const queue = new InstanceQueue();
const BORN = { snapshot: JSON.stringify({ count: 0, parity: 'even' }), shape: 1, owned: false } as const;

let ids: readonly string[] = [];
let clients: readonly CommitClient[] = [];

const newTally = (): Tally => ({ acked: 0, conflicts: 0, contentions: 0, latencies: new Latencies() });

answerHarness({
  /** Clients of this worker: `first`, `first + step`, … of all; client n looks at instance n modulo `instances`. */
  open: async (question) => {
    const { instances, first, step, of } = question as unknown as Record<string, number>;
    ids = Array.from({ length: instances }, (_, index) => `bench-${index}`);
    for (const id of ids) await store.create({ id, birth: randomBytes(8).toString('hex'), ...BORN });
    const mine = Array.from({ length: of }, (_, index) => index).filter((index) => index % step === first);
    clients = mine.map((index) => new CommitClient(store, queue, ids[index % instances], `page-${index}`));
    for (const client of clients) await client.join();
    return {};
  },
  run: async (question) => {
    const { ms } = question as unknown as { ms: number };
    const [tally, began] = [newTally(), performance.now()];
    const loop = async (client: CommitClient): Promise<void> => {
      while (performance.now() - began < ms) await client.event(tally);
    };
    await Promise.all(clients.map(loop));
    return { ...tally, ms: performance.now() - began };
  },
  /** What the store holds of everything that was acknowledged. */
  held: async () => {
    const states = await Promise.all(ids.map(async (id) => store.peek(id)));
    const counts = states.map((state) => (JSON.parse(state?.snapshot ?? '{"count":0}') as { count: number }).count);
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
    return { versions: sum(states.map((state) => state?.version ?? 0)), counts: sum(counts) };
  },
  end: async () => {
    await store.close();
    link?.close();
    return {};
  },
});
process.send?.({ port: 0 });
