import { join } from 'node:path';

import { besideBase, toBase } from '../base-build.mjs';
import { summarise } from '../profile.mjs';
import { interleave, ratioOf, spread } from '../rounds.mjs';
import { IN_PARTS, ServerProcess } from '../server-process.mjs';

const WHOLE = 'event on a joined handle';
const LIMIT_MICROS = 50;

/** What an event on a joined handle is made of; what it costs beyond their sum is the way from one to the next. */
const STAGES = [
  'parse a compact frame',
  'store: open and commit',
  'context and hydrate',
  'handler through the pipeline',
  'render',
  'encode the state',
];
const SUM = 'its stages, one by one';

/** One process, no transport: from a parsed frame to the text of its answer, and each stage by itself. */
export const dispatch = {
  name: 'dispatch',
  title: 'In-memory dispatch of a counter event',
  goal: `${WHOLE}: ≤ ${LIMIT_MICROS} µs`,
  async run({ rounds, ms, profiles, base }) {
    const start = (servers) => ServerProcess.spawn({ file: 'dispatch.server.js', flags: IN_PARTS, servers });
    const server = await start();
    const earlier = base && (await start(base.servers));
    try {
      const { names } = await server.ask({ do: 'names' });
      const known = new Set((await earlier?.ask({ do: 'names' }))?.names);
      const ours = names.map((name) => ({ name, operation: name, isOurs: known.has(name) }));
      const targets = besideBase(ours, base);
      const measure = async ({ operation, servers }) =>
        (await (servers ? earlier : server).ask({ do: 'measure', name: operation, ms: ms / 4 })).micros;
      await interleave(targets, 1, measure);
      const results = await interleave(targets, rounds, measure);
      if (profiles) await profile(server, names.slice(0, 2), profiles);
      return linesOf(withSums(results));
    } finally {
      await server.stop();
      await earlier?.stop();
    }
  },
};

/** The stages' sum stands behind the whole, here and at the base. */
const withSums = (results) => {
  const sums = new Map();
  for (const [name, figures] of results) {
    sums.set(name, figures);
    if (name !== WHOLE && name !== `${WHOLE}, base`) continue;
    const behind = name.slice(WHOLE.length);
    const stages = STAGES.map((stage) => results.get(`${stage}${behind}`)).filter((stage) => stage !== undefined);
    sums.set(
      `${SUM}${behind}`,
      figures.map((_, round) => stages.reduce((sum, stage) => sum + stage[round], 0)),
    );
  }
  return sums;
};

const linesOf = (results) =>
  [...results].map(([target, figures]) => ({
    target,
    unit: 'CPU µs/op',
    ...spread(figures),
    ...toBase(results, target, (figure) => figure),
    ...(target.startsWith(WHOLE) && {
      beside: SUM,
      ratio: ratioOf(figures, results.get(target.replace(WHOLE, SUM))),
    }),
  }));

const profile = async (server, names, profiles) => {
  for (const name of names) {
    const path = join(profiles, `dispatch-${name.replace(/\W+/g, '-')}.cpuprofile`);
    await server.startProfile();
    const { operations } = await server.ask({ do: 'measure', name, ms: 3000 });
    await server.stopProfile(path);
    summarise(name, path, operations);
  }
};
