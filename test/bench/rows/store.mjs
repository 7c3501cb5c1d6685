import { join } from 'node:path';

import { summarise } from '../profile.mjs';
import { RedisProcess } from '../redis-process.mjs';
import { interleave, spread } from '../rounds.mjs';
import { IN_PARTS, ServerProcess } from '../server-process.mjs';

const IN_FLIGHT = 200;
/** What the prototype of the commit protocol did with two processes on Redis and two cores. */
const GOALS = { 200: 11_900, 1: 2_010 };
const BUCKET = 1.02;

/** Open → handler → commit in a closed loop; every commit uses up a number of its client session. */
export const store = {
  name: 'store',
  title: 'Exactly-once commits of the state store',
  goal: `on Redis over 200 instances ${GOALS[200]} commits/s, on one hot instance ${GOALS[1]} commits/s (the prototype's figures); none lost`,
  columns: [
    { head: 'goal', cell: ({ goal, median }) => (goal ? `${goal} (${median >= goal ? 'met' : 'below'})` : '') },
    { head: 'conflicts per run of a handler', cell: ({ conflicts }) => percent(conflicts) },
    {
      head: 'p50 / p99 ms',
      cell: ({ p50, p99 }) => (p50 === undefined ? '' : `${p50.toFixed(2)} / ${p99.toFixed(2)}`),
    },
    { head: 'CPU µs per commit, workers / Redis', cell: ({ cpu }) => cpu ?? '' },
    { head: 'acknowledged / held', cell: ({ acked, held }) => (acked === undefined ? '' : `${acked} / ${held}`) },
  ],
  async run({ rounds, ms, warmUpMs, profiles }) {
    const kinds = RedisProcess.kinds();
    const places = [{ name: 'memory', workers: 1 }, ...kinds.map((kind) => ({ ...kind, workers: 2 }))];
    const lines = places.filter(({ skipped }) => skipped).map(({ name, skipped }) => ({ target: name, skipped }));
    const targets = places
      .filter(({ skipped }) => !skipped)
      .flatMap((place) => [200, 1].map((instances) => ({ ...place, name: nameOf(place, instances), instances })));
    const loads = new Map();
    try {
      for (const target of targets) {
        loads.set(target.name, await StoreLoad.start(target));
        await loads.get(target.name).run(warmUpMs);
      }
      const results = await interleave(targets, rounds, ({ name }) => loads.get(name).run(ms));
      const measured = [];
      for (const target of targets) {
        measured.push(lineOf(target, results.get(target.name), await loads.get(target.name).verify()));
      }
      if (profiles) for (const load of loads.values()) await load.profile(profiles);
      return [...measured, ...lines];
    } finally {
      for (const load of loads.values()) await load.stop();
    }
  },
};

const nameOf = ({ name }, instances) => `${name}, ${instances === 1 ? '1 hot instance' : `${instances} instances`}`;

const percent = (share) => (share === undefined ? '' : `${(share * 100).toFixed(1)} %`);

/** The workers of one target, and their store. */
class StoreLoad {
  static async start({ name, instances, workers: count, start }) {
    const redis = await start?.();
    const workers = [];
    const load = new StoreLoad(name, redis, workers);
    try {
      const args = redis ? [redis.url, redis.prefix] : ['memory'];
      const spawn = () => ServerProcess.spawn({ file: 'store.server.js', args, flags: IN_PARTS, isPinned: false });
      workers.push(...(await Promise.all(Array.from({ length: count }, spawn))));
      for (const [first, worker] of workers.entries()) {
        await worker.ask({ do: 'open', instances, first, step: count, of: IN_FLIGHT });
      }
      return load;
    } catch (error) {
      await load.stop();
      throw error;
    }
  }

  #acked = 0;

  constructor(name, redis, workers) {
    this.name = name;
    this.redis = redis;
    this.workers = workers;
  }

  async run(ms) {
    const before = await this.#cpu();
    const parts = await Promise.all(this.workers.map((worker) => worker.ask({ do: 'run', ms })));
    const after = await this.#cpu();
    const total = (field) => parts.reduce((sum, part) => sum + part[field], 0);
    const [acked, conflicts, contentions] = ['acked', 'conflicts', 'contentions'].map(total);
    this.#acked += acked;
    return {
      acked,
      rate: (acked / Math.max(...parts.map((part) => part.ms))) * 1000,
      conflicts: conflicts / (acked + conflicts),
      contentions,
      ...quantiles(parts.map(({ latencies }) => latencies)),
      workersMicros: (after.workers - before.workers) / acked,
      redisMicros: this.redis ? (after.redis - before.redis) / acked : undefined,
    };
  }

  /** @throws Error when an acknowledged commit is not there, or one is there twice */
  async verify() {
    const { versions, counts } = await this.workers[0].ask({ do: 'held' });
    if (versions !== this.#acked || counts !== this.#acked) {
      throw new Error(
        `${this.name}: ${this.#acked} acknowledged, versions say ${versions}, the counters say ${counts}`,
      );
    }
    return { acked: this.#acked, held: versions };
  }

  async profile(profiles) {
    const path = join(profiles, `store-${this.name.replace(/\W+/g, '-')}.cpuprofile`);
    await this.workers[0].startProfile();
    const [{ acked }] = await Promise.all(this.workers.map((worker) => worker.ask({ do: 'run', ms: 3000 })));
    await this.workers[0].stopProfile(path);
    summarise(this.name, path, acked);
  }

  async stop() {
    for (const worker of this.workers) await worker.stop();
    await this.redis?.stop();
  }

  async #cpu() {
    const workers = await Promise.all(this.workers.map((worker) => worker.cpuMicros()));
    return { workers: workers.reduce((sum, one) => sum + one, 0), redis: this.redis?.cpuMicros ?? NaN };
  }
}

const lineOf = ({ name, instances, start }, rounds, verified) => {
  const median = (field) => spread(rounds.map((round) => round[field])).median;
  const cpu = [median('workersMicros'), ...(start ? [median('redisMicros')] : [])];
  return {
    target: name,
    unit: 'commits/s',
    ...spread(rounds.map(({ rate }) => rate)),
    goal: start && GOALS[instances],
    conflicts: median('conflicts'),
    contentions: rounds.reduce((sum, { contentions }) => sum + contentions, 0),
    p50: median('p50'),
    p99: median('p99'),
    cpu: cpu.map((micros) => (Number.isNaN(micros) ? '–' : micros.toFixed(1))).join(' / '),
    ...verified,
  };
};

/** From the workers' buckets; the upper end of the bucket the quantile lies in, in milliseconds. */
const quantiles = (buckets) => {
  const length = Math.max(...buckets.map((counts) => counts.length));
  const counts = Array.from({ length }, (_, at) => buckets.reduce((sum, one) => sum + (one[at] ?? 0), 0));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const at = (share) => {
    let seen = 0;
    const bucket = counts.findIndex((count) => (seen += count) >= share * total);
    return BUCKET ** (bucket + 1) / 1000;
  };
  return { p50: at(0.5), p99: at(0.99) };
};
