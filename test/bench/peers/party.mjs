import { join } from 'node:path';

import { ROOT } from '../../../scripts/root.mjs';
import { Child } from '../child.mjs';
import { CORES } from '../placement.mjs';
import { interleave } from '../rounds.mjs';
import { ServerProcess } from '../server-process.mjs';

const VISITORS = join(ROOT, 'test/bench/peers/visitors.mjs');

/** The servers of some peers side by side, and the process that visits them. */
export class Party {
  /** Starts the peers' servers, hands the party over, and ends all of it. */
  static async hold(peers, flags, visit) {
    const party = new Party(peers, new Child({ core: CORES.client, args: [VISITORS] }));
    try {
      for (const { name, server } of peers) {
        const [file, ...args] = server;
        party.#servers.set(name, await ServerProcess.spawn({ file, args, flags }));
      }
      return await visit(party);
    } finally {
      await party.#load.stop();
      for (const server of party.#servers.values()) await server.stop();
    }
  }

  #peers;
  #load;
  #servers = new Map();

  constructor(peers, load) {
    this.#peers = peers;
    this.#load = load;
  }

  serverOf(peer) {
    return this.#servers.get(peer);
  }

  ask(question) {
    return this.#load.ask(question);
  }

  open(peer, page, visitors = 1, group = peer) {
    return this.#load.ask({ do: 'open', group, peer, port: this.serverOf(peer).port, page, visitors });
  }

  async each(visit) {
    for (const { name } of this.#peers) await visit(name);
  }

  /** @returns of each peer's name what was measured in every round */
  interleave(rounds, measure) {
    return interleave(this.#peers, rounds, ({ name }) => measure(name));
  }

  /** Adds what the server has spent on each operation to what they have said. */
  async withCpu(peer, question) {
    const server = this.serverOf(peer);
    const before = await server.cpuMicros();
    const { bytesUp: up, bytesDown: down, ...said } = await this.#load.ask({ ...question, group: peer });
    return { ...said, up, down, cpu: ((await server.cpuMicros()) - before) / said.operations };
  }
}
