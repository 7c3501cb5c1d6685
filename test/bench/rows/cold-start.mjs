import { besideBase, toBase } from '../base-build.mjs';
import { interleave, ratioOf, spread } from '../rounds.mjs';
import { ServerProcess } from '../server-process.mjs';

const EMPTY = 'empty Nest gateway app';
const FULL = 'app with 100 components';
const TARGETS = [
  { name: EMPTY, server: ['nest-echo.server.js', 'express'] },
  { name: FULL, server: ['live.server.js', 'express', '100'], isOurs: true },
];

/** From spawn until the server listens, and what it then weighs. */
export const coldStart = {
  name: 'cold-start',
  title: 'P11 cold start',
  goal: '100 components ≤ 1.25× an empty Nest gateway app (goal 1.1×), RSS ≤ 1.12× (goal 1.05×)',
  async run({ rounds, quick, base }) {
    const targets = besideBase(TARGETS, base);
    const measure = async ({ server, servers }) => {
      const started = await ServerProcess.start(server, servers);
      const cpuMs = (await started.cpuMicros()) / 1000;
      const { startMs, residentMiB } = started;
      await started.stop();
      return { startMs, cpuMs, residentMiB };
    };
    // The first start of each reads its files from the disk.
    if (!quick) await interleave(targets, 1, measure);
    const results = await interleave(targets, rounds, measure);
    const figures = (name, figure) => results.get(name).map((round) => round[figure]);
    const line = (unit, figure, { limit, aim }) =>
      targets.map(({ name, isOurs }) => ({
        target: name,
        unit,
        ...spread(figures(name, figure)),
        ...toBase(results, name, (round) => round[figure]),
        ...(isOurs && {
          beside: EMPTY,
          limit,
          aim,
          ratio: ratioOf(figures(name, figure), figures(EMPTY, figure)),
        }),
      }));
    const hasMemory = figures(EMPTY, 'residentMiB').every((mib) => mib !== undefined);
    return [
      ...line('ms until it listens', 'startMs', { limit: 1.25, aim: 1.1 }),
      ...line('CPU ms until it listens', 'cpuMs', { limit: 1.25, aim: 1.1 }),
      ...(hasMemory ? line('MiB resident', 'residentMiB', { limit: 1.12, aim: 1.05 }) : []),
    ];
  },
};
