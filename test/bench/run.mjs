import { mkdirSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { ROOT } from '../../scripts/root.mjs';
import { BaseBuild } from './base-build.mjs';
import { SERVERS, compileServers } from './compile-servers.mjs';
import { cpuNote } from './cpu.mjs';
import { placementNote } from './placement.mjs';
import { toMarkdown, writeDocs, writeJson } from './report.mjs';
import { clientSize } from './rows/client-size.mjs';
import { clickToDom } from './rows/click-to-dom.mjs';
import { coldStart } from './rows/cold-start.mjs';
import { dispatch } from './rows/dispatch.mjs';
import { httpEvent } from './rows/http-event.mjs';
import { liveEvent } from './rows/live-event.mjs';
import { memory } from './rows/memory.mjs';
import { push } from './rows/push.mjs';
import { store } from './rows/store.mjs';
import { tableCell } from './rows/table-cell.mjs';
import { uploads } from './rows/uploads.mjs';

const ROWS = [
  ...[dispatch, liveEvent, push, tableCell, clickToDom, httpEvent],
  ...[coldStart, clientSize, store, memory, uploads],
];
const FULL = { rounds: 5, ms: 1000, warmUpMs: 1500, clients: 100 };
const QUICK = { rounds: 2, ms: 100, warmUpMs: 50, clients: 5 };
const USAGE = `npm run bench -- [row…] [--quick] [--only row]… [--rounds n] [--base revision] [--profile] [--docs]
       npm run bench -- peers [--help]

  --quick    a few seconds: shows that every row runs; its figures mean little
  row        some rows instead of all, also as --only row: ${ROWS.map(({ name }) => name).join(', ')}
  --rounds   interleaved rounds, ${FULL.rounds} by default
  --base     a git revision: builds it beside this one, and measures both in the same rounds
  --profile  samples the servers afterwards and prints where the time goes
  --docs     writes the tables into docs/reference/benchmarks.md; of some rows only these
`;

if (process.argv[2] === 'peers') {
  await import('./peers/run.mjs');
  process.exit();
}

const readOptions = () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean' },
      only: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      base: { type: 'string' },
      profile: { type: 'boolean' },
      docs: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const names = [...positionals, ...(values.only ?? [])];
  const unknown = names.filter((name) => !ROWS.some((row) => row.name === name));
  if (values.help || unknown.length > 0) {
    console.log(`${unknown.length > 0 ? `There is no row "${unknown.join('", "')}".\n\n` : ''}${USAGE}`);
    process.exit(unknown.length > 0 ? 1 : 0);
  }
  return { ...values, names };
};

const { quick, names, rounds, base: revision, profile, docs } = readOptions();
const options = { ...(quick ? QUICK : FULL), ...(rounds === undefined ? {} : { rounds: Number(rounds) }) };
const profiles = profile ? join(ROOT, 'bench-results/profiles') : undefined;
if (profiles) mkdirSync(profiles, { recursive: true });

compileServers();
const base = revision === undefined ? undefined : BaseBuild.make(revision);
const { RAISED_LIMITS } = await import(pathToFileURL(join(SERVERS, 'settings.js')));

const at = new Date().toISOString();
const conditions = [
  `${at.slice(0, 10)}, Node ${process.version}, ${process.platform}, ${cpus().length} cores of ${cpus()[0]?.model ?? 'unknown kind'}`,
  `load average before the run ${loadavg()[0].toFixed(1)}: other work on the machine makes every figure larger`,
  placementNote(),
  cpuNote(),
  `${options.clients} clients; ${options.rounds} interleaved rounds of ${options.ms} ms after a warm-up of ${options.warmUpMs} ms`,
  `limits raised: ${JSON.stringify(RAISED_LIMITS)}; everything else as by default with NODE_ENV=production`,
  ...(base ? [`base: ${base.name}, built and measured in the same rounds`] : []),
  ...(quick ? ['--quick: these figures show that the rows run, and nothing else'] : []),
];

const rows = [];
const isWhole = names.length === 0;
try {
  for (const row of ROWS.filter(({ name }) => isWhole || names.includes(name))) {
    console.error(`${row.name} …`);
    const { name, title, goal, columns } = row;
    rows.push({ name, title, goal, columns, lines: await row.run({ ...options, quick, profiles, base }) });
  }
} finally {
  base?.remove();
}

const report = { at, options, conditions, isWhole, rows };
console.log(toMarkdown(report));
console.error(`Written to ${writeJson(report)}`);
if (docs) console.error(`Written to ${writeDocs(report)}`);
