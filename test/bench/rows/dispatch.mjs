import { join } from 'node:path';

import { summarise } from '../profile.mjs';
import { interleave, spread } from '../rounds.mjs';
import { ServerProcess } from '../server-process.mjs';

const WHOLE = 'event on a joined handle';
const LIMIT_MICROS = 50;

/** One process, no transport: from a parsed frame to the text of its answer, and each stage by itself. */
export const dispatch = {
  name: 'dispatch',
  title: 'In-memory dispatch of a counter event',
  goal: `${WHOLE}: ≤ ${LIMIT_MICROS} µs`,
  async run({ rounds, ms, profiles }) {
    const server = await ServerProcess.start('dispatch.server.js');
    try {
      const { names } = await server.ask({ do: 'names' });
      const targets = names.map((name) => ({ name }));
      const measure = async ({ name }) => (await server.ask({ do: 'measure', name, ms: ms / 4 })).micros;
      await interleave(targets, 1, measure);
      const results = await interleave(targets, rounds, measure);
      if (profiles) await profile(server, names.slice(0, 2), profiles);
      return [...results].map(([target, figures]) => ({ target, unit: 'CPU µs/op', ...spread(figures) }));
    } finally {
      await server.stop();
    }
  },
};

const profile = async (server, names, profiles) => {
  for (const name of names) {
    const path = join(profiles, `dispatch-${name.replace(/\W+/g, '-')}.cpuprofile`);
    await server.startProfile();
    const { operations } = await server.ask({ do: 'measure', name, ms: 3000 });
    await server.stopProfile(path);
    summarise(name, path, operations);
  }
};
