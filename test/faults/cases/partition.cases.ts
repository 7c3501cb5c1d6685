import { Redis } from 'ioredis';

import { Visitor } from '../clients/visitor.js';
import type { FaultCase } from './fault.case.js';
import { Load, eventually, figuresOf, left, wait } from './load.js';

export const redisFull: FaultCase = {
  id: 'K11',
  name: 'redis-full',
  fault: 'Redis refuses every write because its memory is full (noeviction), and is given more later',
  invariant: 'events wait as STORE_UNAVAILABLE, what is stored stays as it is, everything is applied once in the end',
  ci: false,
  seconds: 120,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2 });
    const history = run.history();
    const sizes = { writers: run.size(8, 60), clickers: run.size(8, 60), counters: run.size(2, 10) };
    const load = await Load.open({ fleet, history, ...sizes, events: run.size(30, 60), thinkMs: 80 });
    const working = load.work(80_000);
    await wait(1_000);
    const redis = new Redis(fleet.redis!.url);
    await redis.config('SET', 'maxmemory', '1mb');
    // What had begun is over after this.
    await wait(500);
    const known = load.writers.map(({ id }) => id);
    const before = await Promise.all(known.map((id) => fleet.position(id)));
    await wait(run.size(1_500, 5_000));
    const during = await Promise.all(known.map((id) => fleet.position(id)));
    const waited = history.count('retry', 'STORE_UNAVAILABLE');
    await redis.config('SET', 'maxmemory', '0');
    const backAt = history.now();
    const done = await working;
    redis.disconnect();
    const changed = during.filter(
      (position, index) => JSON.stringify(position) !== JSON.stringify(before[index]),
    ).length;
    const complaints = [
      ...left(done),
      ...(await load.check()),
      ...(waited > 0 ? [] : ['setup: nothing was refused']),
      ...(changed === 0 ? [] : [`full: ${changed} states changed meanwhile`]),
    ];
    const first = history.entries.find(({ type, t }) => type === 'ok' && t > backAt);
    load.close();
    return {
      complaints,
      figures: { waited, firstOkMs: first ? Math.round(first.t - backAt) : -1, ...figuresOf(history) },
    };
  },
};

const isReady = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/components/-/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

export const partitionOneNode: FaultCase = {
  id: 'K14',
  name: 'redis-partition-one-node',
  fault: 'one of two nodes reaches Redis no more (nothing passes, nobody is told) and keeps its clients',
  invariant: 'it acknowledges nothing and is not ready meanwhile, the other does not notice, and it heals by itself',
  ci: false,
  seconds: 120,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2, relayed: true });
    const [healthy, cutOff] = fleet.nodes;
    const [here, there] = [run.history('a'), run.history('b')];
    const sizes = { writers: run.size(8, 50), thinkMs: 100 };
    let working = true;
    const goesOn = (): boolean => working;
    const near = await Load.open({
      fleet,
      history: here,
      ...sizes,
      events: 9_999,
      goesOn,
      client: { port: healthy.port },
    });
    const far = await Load.open({
      fleet,
      history: there,
      ...sizes,
      events: 9_999,
      goesOn,
      client: { port: cutOff.port },
    });
    const done = Promise.all([near.work(100_000), far.work(100_000)]);
    const anonymous = new Visitor(cutOff.port, { user: 'crew' });
    await wait(run.size(1_500, 4_000));
    const from = here.now();
    const fromThere = there.now();
    fleet.relays[1].partition();
    const partitionMs = run.size(5_000, 10_000);
    const notReady = eventually(async () => !(await isReady(cutOff.port)), partitionMs);
    // What was acknowledged in this moment may still have been on its way.
    await wait(500);
    const ackedThen = there.count('ok');
    const { error } =
      (await anonymous.post('counter', { event: 'increment', state: (await anonymous.post('counter', {}))?.state })) ??
      {};
    await wait(partitionMs - 500);
    const ackedMeanwhile = there.count('ok') - ackedThen;
    const wasReady = await isReady(healthy.port);
    const until = here.now();
    fleet.relays[1].heal();
    const healedAt = there.now();
    const healed = await eventually(() => isReady(cutOff.port), 15_000);
    await eventually(() => there.entries.some(({ type, t }) => type === 'ok' && t > healedAt), 15_000);
    working = false;
    const p99 = (begin: number, end: number): number => {
      const all = here.entries.flatMap(({ type, t, ms }) => (type === 'ok' && ms && t >= begin && t < end ? [ms] : []));
      return Math.round(all.sort((a, b) => a - b)[Math.floor(all.length * 0.99)] ?? 0);
    };
    const complaints = [
      ...left((await done).every(Boolean)),
      ...(await near.check()),
      ...(await far.check()),
      ...((await notReady) ? [] : ['health: the node said that it is ready']),
      ...(wasReady ? [] : ['health: the other node was not ready']),
      ...(healed ? [] : ['health: the node is not ready again']),
      ...(ackedMeanwhile > 0 ? [`stale: ${ackedMeanwhile} events were acknowledged without the store`] : []),
      ...(error?.code === 'STORE_UNAVAILABLE' ? [] : [`answer: ${error?.code}`]),
    ];
    const firstOk = there.entries.find(({ type, t }) => type === 'ok' && t > healedAt);
    near.close();
    far.close();
    return {
      complaints,
      figures: {
        otherP99BeforeMs: p99(0, from),
        otherP99DuringMs: p99(from, until),
        waited: there.entries.filter(({ type, t }) => type === 'retry' && t > fromThere).length,
        healedMs: firstOk ? Math.round(firstOk.t - healedAt) : -1,
        ...figuresOf(there),
      },
    };
  },
};
