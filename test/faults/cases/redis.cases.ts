import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { Redis } from 'ioredis';

import { checkConverged, checkMonotonic, checkOrder } from '../checkers/checkers.js';
import { PatientClient } from '../clients/patient.client.js';
import type { FaultCase } from './fault.case.js';
import { Load, eventually, figuresOf, left, wait } from './load.js';

export const redisRestart: FaultCase = {
  id: 'K08',
  name: 'redis-restart',
  fault: 'kill -9 of Redis, back after two seconds (every write on disk)',
  invariant: 'nothing acknowledged is lost; no process ends; sockets stay up; only retryable refusals meanwhile',
  ci: true,
  seconds: 150,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2, appendfsync: 'always' });
    const history = run.history();
    const sizes = { writers: run.size(8, 100), clickers: run.size(8, 100), counters: run.size(2, 20) };
    const load = await Load.open({ fleet, history, ...sizes, events: run.size(50, 50), thinkMs: 80 });
    const working = load.work(run.size(60_000, 120_000));
    await wait(1_000);
    const [pids, sockets] = [fleet.nodes.map(({ pid }) => pid), fleet.proxy.sockets.length];
    await fleet.redis!.down('SIGKILL');
    await wait(2_000);
    await fleet.redis!.up();
    const backAt = history.now();
    const done = await working;
    const complaints = [...left(done), ...(await load.check())];
    if (fleet.nodes.some(({ pid, isUp }, index) => !isUp || pid !== pids[index])) complaints.push('a node ended');
    if (fleet.proxy.sockets.length < sockets)
      complaints.push(`sockets: ${sockets} before, ${fleet.proxy.sockets.length} after`);
    const first = history.entries.find(({ type, t }) => type === 'ok' && t > backAt);
    load.close();
    const firstOkMs = first ? Math.round(first.t - backAt) : -1;
    return { complaints, figures: { firstOkMs, waited: history.count('retry'), ...figuresOf(history) } };
  },
};

export const redisPause: FaultCase = {
  id: 'K09',
  name: 'redis-pause',
  fault: 'Redis is held for five seconds (SIGSTOP) and goes on',
  invariant: 'nothing acknowledged is lost, commits whose answer was not heard are not applied again',
  ci: true,
  seconds: 150,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2, appendfsync: 'everysec' });
    const history = run.history();
    const sizes = { writers: run.size(8, 100), clickers: run.size(8, 100), counters: run.size(2, 20) };
    const load = await Load.open({ fleet, history, ...sizes, events: run.size(50, 50), thinkMs: 80 });
    const heapBefore = Math.max(...(await fleet.vitals()).map(({ heapMiB }) => heapMiB));
    const working = load.work(run.size(60_000, 120_000));
    await wait(1_000);
    fleet.redis!.signal('SIGSTOP');
    await wait(5_000);
    const heapDuring = Math.max(...(await fleet.vitals()).map(({ heapMiB }) => heapMiB));
    fleet.redis!.signal('SIGCONT');
    const done = await working;
    const heapMiB = Math.round(heapDuring - heapBefore);
    const complaints = [...left(done), ...(await load.check())];
    if (heapMiB > 50) complaints.push(`bounds: the heap grew by ${heapMiB} MiB`);
    load.close();
    return { complaints, figures: { heapMiB, waited: history.count('retry'), ...figuresOf(history) } };
  },
};

export const redisDataLoss: FaultCase = {
  id: 'K10',
  name: 'redis-data-loss',
  fault: 'Redis comes back with an older copy of its data',
  invariant: 'everybody who had seen more is told so, and goes on from the restored version',
  ci: true,
  seconds: 90,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2, appendfsync: 'always' });
    const redis = fleet.redis!;
    const history = run.history();
    const writers = run.size(10, 20);
    const load = await Load.open({ fleet, history, writers, events: 5 });
    await load.work(20_000);
    const [data, copy] = [join(redis.folder, 'appendonlydir'), join(redis.folder, 'older')];
    cpSync(data, copy, { recursive: true });
    const more = await Promise.all(
      load.writers.map((client) => client.call('append', `${client.name}.50`, { id: `${client.name}.50` })),
    );
    await redis.down('SIGKILL');
    rmSync(data, { recursive: true });
    cpSync(copy, data, { recursive: true });
    await redis.up();
    // Whoever does nothing is not told yet: the next event finds out.
    const after = await Promise.all(
      load.writers.map((client) => client.call('append', `${client.name}.90`, { id: `${client.name}.90` })),
    );
    const last = await Promise.all(
      load.writers.map((client) => client.call('append', `${client.name}.99`, { id: `${client.name}.99` })),
    );
    const told = new Set(
      history.entries.flatMap(({ op, code, client }) =>
        op === 'state-lost' && code === 'STATE_ROLLED_BACK' ? [client] : [],
      ),
    );
    const complaints: string[] = [];
    if (more.some((outcome) => outcome !== 'ok'))
      complaints.push('setup: an event before the loss was not acknowledged');
    if (told.size < writers) complaints.push(`silent: ${writers - told.size} of ${writers} were not told`);
    if (last.some((outcome) => outcome !== 'ok'))
      complaints.push('going on: an event after the loss was not acknowledged');
    for (const client of load.writers) {
      const entries = ((await fleet.state(client.id))?.entries ?? []) as readonly string[];
      const kept = entries.filter((id) => !/\.(90|99)$/.test(id));
      if (kept.length !== 5) complaints.push(`${client.name}: ${kept.length} restored entries, 5 expected`);
      if (!entries.includes(`${client.name}.99`)) complaints.push(`${client.name}: the last event is not there`);
      complaints.push(...checkOrder(entries));
    }
    load.close();
    const unknown = after.filter((outcome) => outcome === 'info').length;
    return {
      complaints: [...complaints, ...checkMonotonic(history)],
      figures: { affected: writers, told: told.size, unknown },
    };
  },
};

export const keyDeleted: FaultCase = {
  id: 'K12',
  name: 'redis-evicts',
  fault: 'the keys of a live instance are deleted',
  invariant: 'the client is told, mounts again and goes on; the old state does not come back',
  ci: false,
  seconds: 60,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2 });
    const history = run.history();
    const client = await PatientClient.open({ port: fleet.port, history, name: 'w', component: 'ledger' });
    await client.call('append', 'w.1', { id: 'w.1' });
    const old = client.id;
    const redis = new Redis(fleet.redis!.url);
    const keys = await redis.keys(`*${old}*`);
    await redis.del(...keys.filter((key) => !key.endsWith(':t')));
    redis.disconnect();
    await client.call('append', 'w.2', { id: 'w.2' });
    const outcome = await client.call('append', 'w.3', { id: 'w.3' });
    const complaints: string[] = [];
    if (outcome !== 'ok') complaints.push(`going on: ${outcome}`);
    if (client.id === old) complaints.push('the client holds the deleted instance');
    if (!history.entries.some(({ op }) => op === 'state-lost')) complaints.push('silent: the client was not told');
    if (await fleet.state(old)) complaints.push('the old instance is back');
    const entries = ((await fleet.state(client.id))?.entries ?? []) as readonly string[];
    if (entries.includes('w.1')) complaints.push('the new instance has the old state');
    client.close();
    return { complaints, figures: { keys: keys.length } };
  },
};

export const pubsubLoss: FaultCase = {
  id: 'K13',
  name: 'pubsub-loss',
  fault: 'CLIENT KILL TYPE pubsub every 200 ms while a component changes',
  invariant: 'all who look converge to the last version; what each sees never goes back',
  ci: true,
  seconds: 120,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2 });
    const history = run.history();
    const more = { port: fleet.port, history, component: 'counter' };
    const shares = await PatientClient.found({ ...more, name: 'founder' });
    const watchers = await Promise.all(
      Array.from({ length: run.size(12, 100) }, (_, index) =>
        PatientClient.open({ ...more, name: `v${index}`, shares }),
      ),
    );
    const redis = new Redis(fleet.redis!.url);
    let killed = 0;
    const killing = setInterval(
      () => void redis.client('KILL', 'TYPE', 'pubsub').then((count) => (killed += count as number)),
      200,
    );
    const actor = watchers[0];
    for (let update = 0; update < run.size(150, 2_000); update += 1) {
      await actor.call('increment', `v0.${update}`);
      await wait(10);
    }
    clearInterval(killing);
    const began = performance.now();
    const { version = -1 } = (await fleet.position(shares.id)) ?? {};
    const converged = await eventually(() => checkConverged(history, shares.id, version).length === 0, 6_000);
    const convergedMs = Math.round(performance.now() - began);
    redis.disconnect();
    const complaints = [...(converged ? [] : checkConverged(history, shares.id, version)), ...checkMonotonic(history)];
    watchers.forEach((client) => client.close());
    return { complaints, figures: { killed, version, convergedMs, ...figuresOf(history) } };
  },
};
