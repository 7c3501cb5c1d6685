import { interleave, ratioOf, spread } from '../rounds.mjs';
import { ServerProcess } from '../server-process.mjs';

const EMPTY = 'empty Nest gateway app';
const FULL = 'app with 100 components';
const TARGETS = [
  { name: EMPTY, server: ['nest-echo.server.js', 'express'] },
  { name: FULL, server: ['live.server.js', 'express', '100'] },
];

/** From spawn until the server listens, and what it then weighs. */
export const coldStart = {
  name: 'cold-start',
  title: 'P11 cold start',
  goal: '100 components ≤ 1.15× an empty Nest gateway app, RSS ≤ 1.1×',
  async run({ rounds, quick }) {
    const measure = async ({ server }) => {
      const started = await ServerProcess.start(...server);
      const cpuMs = (await started.cpuMicros()) / 1000;
      const { startMs, residentMiB } = started;
      await started.stop();
      return { startMs, cpuMs, residentMiB };
    };
    // The first start of each reads its files from the disk.
    if (!quick) await interleave(TARGETS, 1, measure);
    const results = await interleave(TARGETS, rounds, measure);
    const figures = (name, figure) => results.get(name).map((round) => round[figure]);
    const line = (unit, figure, limit) => [
      { target: EMPTY, unit, ...spread(figures(EMPTY, figure)) },
      {
        target: FULL,
        unit,
        ...spread(figures(FULL, figure)),
        beside: EMPTY,
        limit,
        aim: limit,
        ratio: ratioOf(figures(FULL, figure), figures(EMPTY, figure)),
      },
    ];
    const hasMemory = figures(EMPTY, 'residentMiB').every((mib) => mib !== undefined);
    return [
      ...line('ms until it listens', 'startMs', 1.15),
      ...line('CPU ms until it listens', 'cpuMs', 1.15),
      ...(hasMemory ? line('MiB resident', 'residentMiB', 1.1) : []),
    ];
  },
};
