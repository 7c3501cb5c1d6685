import { checkLog, checkQuiet } from '../checkers/checkers.js';
import { checkBack, slopeOf, type Census, type Sample } from '../checkers/leak.js';
import { RawSocket, joinOwn } from '../clients/raw.socket.js';
import type { FaultCase } from './fault.case.js';
import { eventually } from './load.js';

const AT_ONCE = 8;
/** KiB per thousand cycles: less than 1 % of what a thousand kept connections would take. */
const HELD_SLOPE = 128;
const RSS_SLOPE = 512;

/** Gauges of the metrics page that stand for somebody who is there. */
const OF_CLIENTS = [
  'live_connections',
  'live_joined_instances',
  'live_streams',
  'live_queue_depth',
  'live_running_interactions',
  'live_buffered_bytes',
  'live_unacked_renders',
  'live_waiting_viewers',
];

const gaugesOf = async (port: number): Promise<ReadonlyMap<string, number>> => {
  const text = await (await fetch(`http://127.0.0.1:${port}/components/-/metrics`)).text();
  return new Map([...text.matchAll(/^(live_\w+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]));
};

export const reconnectChurn: FaultCase = {
  id: 'K30',
  name: 'reconnect-churn-leak',
  fault: 'clients connect, mount, send an event and vanish, again and again',
  invariant: 'nothing of them is left: no connection, room, timer or entry, and memory does not grow',
  ci: false,
  seconds: 600,
  async run(run) {
    const [cycles, warmUp, sampleEvery] = [run.size(600, 20_000), run.size(200, 4_000), run.size(100, 1_000)];
    const memory = { maxInstances: run.size(100, 1_000), tombstoneCap: run.size(150, 2_000) };
    const fleet = await run.fleet({ nodes: 1, node: { store: { memory } } });
    const [node] = fleet.nodes;
    const complaints: string[] = [];
    const held: Sample[] = [];
    const rss: Sample[] = [];
    let [done, refused] = [0, 0];
    let before: Census = {};

    const cycle = async (number: number): Promise<void> => {
      const socket = await RawSocket.open(node.port, `u${number % 20}`);
      const joined = await joinOwn(socket, 'counter');
      const reply = joined?.ok ? await socket.ask([joined.h, 1, 'increment']) : undefined;
      if (!reply?.ok) refused += 1;
      socket.close();
    };
    const everybodyLeft = (): Promise<boolean> =>
      eventually(async () => (await gaugesOf(node.port)).get('live_connections') === 0, 5_000);

    while (done < cycles) {
      const began = done;
      while (done < began + sampleEvery) {
        await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => cycle(done + index)));
        done += AT_ONCE;
      }
      await everybodyLeft();
      const { heldMiB, rssMiB } = await node.vitals();
      if (done < warmUp) continue;
      if (held.length === 0) before = (await node.ask({ do: 'census' })) as Census;
      held.push({ done, size: heldMiB * 1024 });
      rss.push({ done, size: rssMiB * 1024 });
    }
    const after = (await node.ask({ do: 'census' })) as Census;
    const gauges = await gaugesOf(node.port);
    const [heldSlope, rssSlope] = [Math.round(slopeOf(held)), Math.round(slopeOf(rss))];
    const instances = after[Object.keys(after).find((name) => /\.(state|store)\.instances$/.test(name)) ?? ''] ?? -1;
    complaints.push(
      ...checkBack(before, after),
      ...OF_CLIENTS.flatMap((name) => (gauges.get(name) === 0 ? [] : [`left: ${name} is ${gauges.get(name)}`])),
      ...(refused === 0 ? [] : [`refused: ${refused} cycles had no acknowledged event`]),
      ...(instances >= 0 && instances <= memory.maxInstances ? [] : [`bounds: ${instances} instances are stored`]),
      // A few hundred cycles say nothing about memory: only the entries are counted then.
      ...(run.scale === 'ci' || heldSlope <= HELD_SLOPE ? [] : [`leak: ${heldSlope} KiB per 1,000 cycles are held`]),
      ...(run.scale === 'ci' || rssSlope <= RSS_SLOPE ? [] : [`leak: RSS grows by ${rssSlope} KiB per 1,000 cycles`]),
      ...checkQuiet(await fleet.vitals()),
      ...checkLog(await fleet.vitals()),
    );
    const counted = Object.keys(after).length;
    return {
      complaints,
      figures: { cycles: done, heldKiBPerThousand: heldSlope, rssKiBPerThousand: rssSlope, instances, counted },
    };
  },
};
