import type { Census } from '../checkers/leak.js';
import type { CrashPlan } from '../node/crash.points.js';
import type { FaultCase } from './fault.case.js';
import type { Fleet } from '../fleet/fleet.js';
import { Load, eventually, figuresOf, left, wait } from './load.js';

/** Answers that take their time, so that kills fall between a commit and its answer. */
const SLOW_ACKS: readonly CrashPlan[] = [{ point: 'beforeAck', pass: 1, every: 3, how: 'delay', ms: 60 }];

/** What stands for somebody who is there, or for something under way. */
const OF_CLIENTS = [
  'live_connections',
  'live_streams',
  'live_queue_depth',
  'live_running_interactions',
  'live_waiting_viewers',
];

/** Clients have closed: on the nodes that are left nothing of them is. */
const checkNobodyLeft = async ({ nodes }: Fleet): Promise<readonly string[]> => {
  const left = async (): Promise<readonly string[]> => {
    const found = await Promise.all(
      nodes.flatMap((node, index) => OF_CLIENTS.map(async (name) => ({ name, index, value: await node.metric(name) }))),
    );
    const joined = await Promise.all(
      nodes.map(async (node, index) => {
        // Pages that used HTTP count as viewers for half a minute after they were last heard of.
        const census = Object.entries((await node.ask({ do: 'census' })) as Census);
        // The census names a part by the way it came to it first.
        const polling = census.find(([name]) => /(?:^PollingReaders|\.readers)\.readers$/.test(name))?.[1] ?? 0;
        return { name: 'joined', index, value: (await node.metric('live_joined_instances')) - polling };
      }),
    );
    return [...found, ...joined].flatMap(({ name, index, value }) =>
      value > 0 ? [`leak: ${name} is ${value} at node ${index}`] : [],
    );
  };
  await eventually(async () => (await left()).length === 0, 5_000);
  return left();
};

export const killNode: FaultCase = {
  id: 'K01',
  name: 'kill-node-under-load',
  fault: 'kill -9 of one of two nodes, again and again, under load',
  invariant: 'every acknowledged event is in the state exactly once, in order',
  ci: true,
  seconds: 150,
  async run(run) {
    const fleet = await run.fleet({
      nodes: 2,
      appendfsync: 'everysec',
      node: { without: run.without, crash: SLOW_ACKS },
    });
    const history = run.history();
    const load = await Load.open({
      fleet,
      history,
      writers: run.size(12, 100),
      clickers: run.size(12, 100),
      counters: run.size(3, 20),
      events: run.size(30, 100),
      thinkMs: run.size(100, 100),
      atOnce: 3,
      apart: true,
    });
    let working = true;
    const killing = (async () => {
      for (let turn = 0; working && turn < run.size(6, 20); turn += 1) {
        await wait(run.size(400, 500));
        // The other node stays up, so that there is always somebody to go to.
        await fleet.replace(turn % 2);
      }
    })();
    const done = await load.work(run.size(45_000, 120_000));
    working = false;
    await killing;
    const complaints: string[] = [...left(done), ...(await load.check())];
    load.close();
    complaints.push(...(await checkNobodyLeft(fleet)));
    return { complaints, figures: { kills: fleet.kills, ...figuresOf(history) } };
  },
};
