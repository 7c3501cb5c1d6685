import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { besideBase, toBase } from '../base-build.mjs';
import { Child } from '../child.mjs';
import { CORES } from '../placement.mjs';
import { ratioColumn } from '../report.mjs';
import { interleave, ratioOf, spread } from '../rounds.mjs';
import { ServerProcess } from '../server-process.mjs';

const CLIENT = join(dirname(fileURLToPath(import.meta.url)), '../load/upload.mjs');
const FULL_MIB = 50;
const QUICK_MIB = 4;

const BARE = 'node http, piped to disk';
const TARGETS = [
  { name: BARE, file: 'pipe.server.js', args: (directory) => [directory] },
  ...['express', 'fastify'].map((platform) => ({
    name: `upload, ${platform}`,
    file: 'upload.server.js',
    args: (directory) => [platform, directory],
    isOurs: true,
    beside: BARE,
    limit: 1.7,
    aim: 1.3,
  })),
];

const rateColumn = { head: 'MiB/s', cell: ({ rate }) => (rate === undefined ? '' : rate.toFixed(0)) };

/** One large body at a time: how long it takes, and what it adds to the memory of an idle server at the most. */
export const uploads = {
  name: 'uploads',
  title: 'A large upload',
  goal: `${FULL_MIB} MiB: ≤ 1.7× the CPU of a bare node http server that pipes to the same disk (goal 1.3×), peak memory over idle that does not grow with the file`,
  columns: [ratioColumn, rateColumn],
  async run({ rounds, quick, base }) {
    const targets = besideBase(TARGETS, base);
    const mib = quick ? QUICK_MIB : FULL_MIB;
    const load = new Child({ core: CORES.client, args: [CLIENT] });
    const servers = new Map();
    const directory = mkdtempSync(join(tmpdir(), 'nest-live-bench-'));
    try {
      for (const { name, file, args, servers: build } of targets) {
        const folder = mkdtempSync(join(directory, 'files-'));
        const server = await ServerProcess.spawn({ file, args: args(folder), flags: ['--expose-gc'], servers: build });
        servers.set(name, { server, folder });
      }
      const measure = ({ name, isOurs = false }) => one(servers.get(name), { load, mib, isLive: isOurs });
      // The first file brings in code that no further one needs.
      await interleave(targets, 1, measure);
      return linesOf(await interleave(targets, rounds, measure), { targets, mib });
    } finally {
      await load.stop();
      for (const { server } of servers.values()) await server.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

const one = async ({ server, folder }, { load, mib, isLive }) => {
  const idle = await server.ask({ do: 'resident' });
  const canReset = server.forgetPeak();
  const before = await server.cpuMicros();
  const { ms } = await load.ask({ port: server.port, mib, isLive });
  const cpuMs = ((await server.cpuMicros()) - before) / 1_000;
  const peakMiB = canReset ? server.peakMiB - idle.bytes / 1024 ** 2 : undefined;
  if (!isLive) for (const name of readdirSync(folder)) rmSync(join(folder, name));
  return { ms, cpuMs, peakMiB };
};

const FIGURES = [
  { figure: 'cpuMs', unit: (mib) => `CPU ms for ${mib} MiB`, isCompared: true },
  { figure: 'ms', unit: (mib) => `ms for ${mib} MiB`, isCompared: true, isTime: true },
  { figure: 'peakMiB', unit: () => 'MiB peak over idle' },
];

const linesOf = (results, { targets, mib }) =>
  FIGURES.flatMap(({ figure, unit, isCompared, isTime }) =>
    targets.map(({ name, beside, limit, aim }) => {
      const of = (target) => results.get(target).map((round) => round[figure]);
      const figures = of(name);
      if (figures.includes(undefined)) return { target: name, skipped: 'the peak of another process is not told here' };
      return {
        target: name,
        unit: unit(mib),
        ...spread(figures),
        ...(isTime && { rate: mib / (spread(figures).median / 1_000) }),
        ...(isCompared && toBase(results, name, (round) => round[figure])),
        ...(isCompared && beside && { beside, limit, aim, ratio: ratioOf(figures, of(beside)) }),
      };
    }),
  );
