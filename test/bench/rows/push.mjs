import { join } from 'node:path';

import { ROOT } from '../../../scripts/root.mjs';
import { besideBase, toBase } from '../base-build.mjs';
import { Child } from '../child.mjs';
import { peerNamed } from '../peers/peers.mjs';
import { CORES } from '../placement.mjs';
import { summarise } from '../profile.mjs';
import { interleave, ratioOf, spread } from '../rounds.mjs';
import { ServerProcess } from '../server-process.mjs';

const VISITORS = join(ROOT, 'test/bench/peers/visitors.mjs');
const PAGE = { kind: 'shared', size: 1 };
const BARE = 'room emit of a bare Nest gateway';
const TARGETS = [
  { name: BARE, peer: 'Nest gateway' },
  { name: 'push of one state', peer: 'nest-live', isOurs: true },
];
const FULL = { viewers: 1000, pushes: 32 };
const QUICK = { viewers: 10, pushes: 1 };

/** The server changes what all of them look at, and each viewer is shown it under its own handle. */
export const push = {
  name: 'push',
  title: 'P5 a push of one state to 1,000 viewers',
  goal: 'until the last one has it ≤ 1.3× the room emit of a bare Nest gateway (goal 1.15×)',
  async run({ rounds, quick, profiles, base }) {
    if (base && !base.measures('push'))
      console.error(`push: ${base.name} has no such row, so nothing stands beside ours`);
    const targets = besideBase(TARGETS, base?.measures('push') ? base : undefined);
    const audience = await Audience.gather(targets, quick ? QUICK : FULL);
    try {
      await interleave(targets, 1, ({ name }) => audience.push(name));
      const results = await interleave(targets, rounds, ({ name }) => audience.push(name));
      if (profiles) await audience.profile(TARGETS, profiles);
      return [
        ...linesOf(targets, results, 'CPU µs per viewer', 'cpu'),
        ...linesOf(targets, results, 'ms until the last has it', 'last', { limit: 1.3, aim: 1.15 }),
      ];
    } finally {
      await audience.leave();
    }
  },
};

const linesOf = (targets, results, unit, what, judged) => {
  const figures = (name) => results.get(name).map((round) => round[what]);
  return targets.map(({ name, isOurs }) => ({
    target: name,
    unit,
    ...spread(figures(name)),
    bytesUp: results.get(name)[0].up,
    bytesDown: results.get(name)[0].down,
    ...toBase(results, name, (round) => round[what]),
    ...(isOurs && { beside: BARE, ...judged, ratio: ratioOf(figures(name), figures(BARE)) }),
  }));
};

/** The servers, and all who look at their pages: in one process, so that the last of them is known. */
class Audience {
  #load = new Child({ core: CORES.client, args: [VISITORS] });
  #servers = new Map();
  #size;

  static async gather(targets, size) {
    const audience = new Audience(size);
    try {
      for (const target of targets) await audience.#open(target);
      return audience;
    } catch (error) {
      await audience.leave();
      throw error;
    }
  }

  constructor(size) {
    this.#size = size;
  }

  async #open({ name, peer, servers }) {
    const server = await ServerProcess.start(peerNamed(peer).server, servers);
    this.#servers.set(name, server);
    const { viewers: visitors } = this.#size;
    await this.#load.ask({ do: 'open', group: name, peer, port: server.port, page: PAGE, visitors });
  }

  /** Some pushes in a row, each once the last one has come to everybody. */
  async push(name) {
    const { viewers, pushes } = this.#size;
    const server = this.#servers.get(name);
    const before = await server.cpuMicros();
    const lasts = [];
    let [up, down] = [0, 0];
    for (let done = 0; done < pushes; done += 1) {
      await this.#load.ask({ do: 'expect', group: name });
      const { at, count } = await server.ask({ do: 'push' });
      const { last, bytesUp, bytesDown } = await this.#load.ask({ do: 'pushed', count });
      lasts.push((last - at) / 1000);
      up += bytesUp / pushes;
      down += bytesDown / pushes;
    }
    const cpu = ((await server.cpuMicros()) - before) / (viewers * pushes);
    return { last: spread(lasts).median, up, down, cpu };
  }

  /** After the measured rounds, because sampling costs time itself. */
  async profile(targets, profiles) {
    for (const { name } of targets) {
      const server = this.#servers.get(name);
      const path = join(profiles, `push-${name.replace(/\W+/g, '-').toLowerCase()}.cpuprofile`);
      await server.startProfile();
      for (let done = 0; done < 5; done += 1) await this.push(name);
      await server.stopProfile(path);
      summarise(name, path, 5 * this.#size.viewers * this.#size.pushes);
    }
  }

  async leave() {
    await this.#load.stop();
    for (const server of this.#servers.values()) await server.stop();
  }
}
