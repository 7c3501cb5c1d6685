import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { CASES } from './cases/all.js';
import type { CaseOutcome, CaseRun, FaultCase, Scale } from './cases/fault.case.js';
import { within } from './cases/load.js';
import { History } from './clients/history.js';
import { Dice } from './dice.js';
import { Fleet } from './fleet/fleet.js';
import { RAISED_LIMITS } from './node/limits.js';
import type { Safeguard } from './node/node.orders.js';

const USAGE = `npm run faults -- [--scale ci|full] [--only K01,K02] [--seed n] [--points n] [--shard 1/2]
                  [--without dedupe,cas] [--json] [--docs]

  --scale    ci: the cases of every test run, small; full: every case, at its whole size. ci by default
  --only     these cases, whatever the scale: ${CASES.map(({ id }) => id).join(', ')}
  --seed     repeats the decisions of an earlier run; every run prints its own
  --points   random kills, cuts and pauses of the storm, 1000 by default at full scale
  --shard    the first of two runs that share the cases between them
  --without  does without a safeguard of the product, to see the checkers notice: dedupe, cas
  --json     one JSON line per case and nothing else
  --docs     writes the table of docs/reference/reliability.md
`;

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: process.env.FAULT_SCALE ?? 'ci' },
    only: { type: 'string' },
    seed: { type: 'string' },
    points: { type: 'string' },
    shard: { type: 'string', default: '1/1' },
    without: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
const only = values.only?.split(',');
const unknown = only?.filter((id) => !CASES.some((each) => each.id === id)) ?? [];
const [shard = 0, shards = 0] = values.shard.split('/').map(Number);
const isSharded = Number.isInteger(shards) && shard >= 1 && shard <= shards;
if (values.help || unknown.length > 0 || !['ci', 'full'].includes(values.scale) || !isSharded) {
  console.log(`${unknown.length > 0 ? `There is no case ${unknown.join(', ')}.\n\n` : ''}${USAGE}`);
  process.exit(values.help ? 0 : 1);
}

const scale = values.scale as Scale;
const seed = Number(values.seed ?? randomInt(2 ** 31));
const points = Number(values.points ?? (scale === 'ci' ? 20 : 1_000));
const without = (values.without?.split(',') ?? []) as Safeguard[];
const folder = join('node_modules/.cache/nest-live/fault-histories', String(seed));
mkdirSync(folder, { recursive: true });

const running = new Set<Fleet>();
const stopAll = (): Promise<unknown> => Promise.all([...running].map((fleet) => fleet.stop()));
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stopAll().finally(() => process.exit(1)));

const runCase = async (faultCase: FaultCase): Promise<CaseOutcome> => {
  const fleets: Fleet[] = [];
  const histories: History[] = [];
  const run: CaseRun = {
    scale,
    dice: new Dice(seed),
    points,
    without,
    size: (ci, full) => (scale === 'ci' ? ci : full),
    async fleet(options) {
      const fleet = await Fleet.start(options);
      fleets.push(fleet);
      running.add(fleet);
      return fleet;
    },
    history(name = '') {
      const history = new History(join(folder, `${faultCase.id}${name}.jsonl`));
      histories.push(history);
      return history;
    },
  };
  try {
    const outcome = await within(faultCase.run(run), faultCase.seconds * 1_000);
    return outcome ?? { complaints: [`bounds: not done after ${faultCase.seconds} s`], figures: {} };
  } catch (error) {
    return {
      complaints: [`harness: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`],
      figures: {},
    };
  } finally {
    histories.forEach((history) => history.close());
    await Promise.all(fleets.map((fleet) => fleet.stop()));
    running.clear();
  }
};

if (!values.json) {
  console.log(`seed ${seed}, scale ${scale}, limits raised: ${JSON.stringify(RAISED_LIMITS)}, histories in ${folder}`);
}
let broken = 0;
const chosen = CASES.filter(({ id, ci }) => only?.includes(id) ?? (scale === 'full' || ci));
const own = chosen.filter((_, index) => index % shards === shard - 1);
const inBrowser = own.filter(({ browser }) => browser).map(({ id }) => id);
if (inBrowser.length > 0 && process.env.FAULT_CLIENT !== 'built') {
  console.error(
    `${inBrowser.join(', ')}: a browser would load a client that is not built from these sources; npm run build`,
  );
  process.exit(1);
}
for (const faultCase of own) {
  const began = performance.now();
  const { complaints, figures } = await runCase(faultCase);
  const ok = complaints.length === 0;
  if (!ok) broken += 1;
  const { id, name, fault, invariant } = faultCase;
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const more = { ...(values.without ? { without: values.without } : {}), ...(ok ? {} : { complaints }) };
  const line = { case: id, name, seed, scale, ok, fault, invariant, seconds, figures, ...more };
  console.log(JSON.stringify(line));
}
// Timers of clients that were given up must not keep the run alive.
process.exit(broken > 0 ? 1 : 0);
