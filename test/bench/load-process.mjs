import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Child } from './child.mjs';
import { interleave } from './rounds.mjs';
import { CORES } from './placement.mjs';
import { ServerProcess } from './server-process.mjs';
import { summarise } from './profile.mjs';

const CLIENT = join(dirname(fileURLToPath(import.meta.url)), 'load/client.mjs');

/**
 * Loads servers in turn, closed loop, and tells what an operation costs each of them.
 * @param targets `{ name, server: [file, …arguments], servers, scenario }`; `servers` for those of another build
 * @returns by name: per round `{ micros, rate, bytesUp, bytesDown }`
 */
export const loadInTurn = async (targets, { rounds, ms, warmUpMs, clients, profiles }) => {
  const load = new Child({ core: CORES.client, args: [CLIENT] });
  const servers = new Map();
  try {
    for (const { name, server, servers: build, scenario } of targets) {
      const started = await ServerProcess.start(server, build);
      servers.set(name, started);
      await load.ask({ do: 'open', group: name, scenario, port: started.port, clients });
      await load.ask({ do: 'run', group: name, ms: warmUpMs });
    }
    const measure = async ({ name }) => {
      const server = servers.get(name);
      const before = await server.cpuMicros();
      const { operations, ms: took, bytesUp, bytesDown } = await load.ask({ do: 'run', group: name, ms });
      const micros = ((await server.cpuMicros()) - before) / operations;
      return { micros, rate: (operations / took) * 1000, bytesUp, bytesDown };
    };
    const results = await interleave(targets, rounds, measure);
    if (profiles) await profile(targets, { servers, load, profiles });
    return results;
  } finally {
    await load.stop();
    for (const server of servers.values()) await server.stop();
  }
};

/** Ours only, and after the measured rounds, because sampling costs time itself. */
const profile = async (targets, { servers, load, profiles }) => {
  for (const { name } of targets.filter(({ isOurs, servers: build }) => isOurs && build === undefined)) {
    const server = servers.get(name);
    const path = join(profiles, `${name.replace(/\W+/g, '-').toLowerCase()}.cpuprofile`);
    await server.startProfile();
    const { operations } = await load.ask({ do: 'run', group: name, ms: 4000 });
    await server.stopProfile(path);
    summarise(name, path, operations);
  }
};
