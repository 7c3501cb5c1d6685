import { CRASH_POINTS } from '../node/crash.points.js';
import type { Fleet } from '../fleet/fleet.js';
import type { CaseRun, FaultCase } from './fault.case.js';
import { Load, eventually, figuresOf, left, wait } from './load.js';

const KINDS = ['kill', 'crash', 'cut', 'cut-all', 'pause-node', 'pause-redis'] as const;

type Kind = (typeof KINDS)[number];

/** One random misfortune. @returns when it is over, except for a node that comes back by itself */
const strike = async (kind: Kind, fleet: Fleet, { dice }: CaseRun): Promise<void> => {
  const victim = dice.below(fleet.nodes.length);
  const pauseMs = 50 + dice.below(250);
  switch (kind) {
    case 'kill':
      return void fleet.replace(victim).catch(() => undefined);
    case 'crash': {
      const plan = { point: dice.pick(CRASH_POINTS), pass: 1 + dice.below(3), how: 'kill' as const };
      const node = fleet.nodes[victim];
      void node.ask({ do: 'arm', plans: [plan] }).catch(() => undefined);
      return void node.ended.then(() => fleet.up(victim).catch(() => undefined));
    }
    case 'cut': {
      const { sockets } = fleet.proxy;
      if (sockets.length > 0) dice.pick(sockets).cut();
      return;
    }
    case 'cut-all':
      return fleet.proxy.cutAll();
    case 'pause-node':
      fleet.nodes[victim].signal('SIGSTOP');
      await wait(pauseMs);
      return fleet.nodes[victim].signal('SIGCONT');
    case 'pause-redis':
      fleet.redis!.signal('SIGSTOP');
      await wait(pauseMs);
      return fleet.redis!.signal('SIGCONT');
  }
};

export const storm: FaultCase = {
  id: 'K42',
  name: 'storm',
  fault: 'kills, crash points, cuts and pauses of nodes, network and Redis at random, one after the other',
  invariant: 'every acknowledged event is in the state exactly once, in order',
  ci: false,
  seconds: 3_600,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2, appendfsync: 'everysec', node: { without: run.without } });
    const history = run.history();
    let raging = true;
    const load = await Load.open({
      fleet,
      history,
      writers: run.size(10, 40),
      clickers: run.size(10, 40),
      counters: run.size(2, 10),
      events: 20_000,
      thinkMs: run.size(100, 400),
      atOnce: 3,
      goesOn: () => raging,
    });
    const working = load.work(1_400_000);
    const counts = new Map<Kind, number>();
    for (let point = 0; point < run.points; point += 1) {
      if (run.dice.chance(0.7)) await eventually(() => fleet.isWhole, 5_000);
      // One node is always left: an outage of all of them only means waiting.
      const kind = run.dice.pick(
        fleet.isWhole ? KINDS : KINDS.filter((each) => each === 'cut' || each.startsWith('pause-r')),
      );
      await strike(kind, fleet, run);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      await wait(50 + run.dice.below(200));
    }
    raging = false;
    await eventually(() => fleet.isWhole, 20_000);
    const done = await working;
    const complaints = [...left(done), ...(await load.check())];
    load.close();
    return { complaints, figures: { points: run.points, ...Object.fromEntries(counts), ...figuresOf(history) } };
  },
};
