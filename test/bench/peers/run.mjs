import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';

import { compileServers } from '../compile-servers.mjs';
import { cpuNote } from '../cpu.mjs';
import { placementNote } from '../placement.mjs';
import { writeJson } from '../report.mjs';
import { browserScenario } from './browser.scenario.mjs';
import { componentsScenario } from './components.scenario.mjs';
import { counterScenario } from './counter.scenario.mjs';
import { tablesOf, writePage } from './page.mjs';
import { memoryScenario } from './memory.scenario.mjs';
import { ensurePeerPackages, PEER_PACKAGES, versionOf } from './peer-packages.mjs';
import { OURS, PEERS } from './peers.mjs';
import { pushScenario } from './push.scenario.mjs';
import { Records } from './records.mjs';
import { rowsScenario } from './rows.scenario.mjs';

const SCENARIOS = [counterScenario, rowsScenario, componentsScenario, pushScenario, memoryScenario, browserScenario];

const FULL = {
  ...{ rounds: 5, ms: 250, warmUpMs: 150, viewers: 100, perSecond: 2000 },
  ...{
    sizes: [100, 1000],
    counts: [1, 10, 50, 200],
    audience: 1000,
    pushes: 4,
    views: 200,
    clicks: 10,
    shownRows: 1000,
  },
};
const HEAVY = { ...FULL, sizes: [100, 1000, 10_000] };
const QUICK = {
  ...{ rounds: 2, ms: 30, warmUpMs: 0, viewers: 5, perSecond: 200 },
  ...{ sizes: [20], counts: [1, 3], audience: 10, pushes: 1, views: 10, clicks: 2, shownRows: 20 },
};

const USAGE = `npm run bench -- peers [--quick | --heavy] [--peer name]… [--scenario name]… [--rounds n] [--docs]

  --quick     a few seconds: shows that it runs; its figures mean little
  --heavy     10,000 rows too, and the pages in Chromium
  --peer      some of them: ${PEERS.map(({ name }) => `"${name}"`).join(', ')}
  --scenario  some of them: ${SCENARIOS.map(({ name }) => name).join(', ')}
  --docs      writes docs/reference/peers.json, and of it the page and its charts
`;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== 'peers'),
  options: {
    quick: { type: 'boolean' },
    heavy: { type: 'boolean' },
    peer: { type: 'string', multiple: true },
    scenario: { type: 'string', multiple: true },
    rounds: { type: 'string' },
    docs: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

const unknownOf = (names = [], known) => names.filter((name) => !known.some((one) => one.name === name));
const unknown = [...unknownOf(values.peer, PEERS), ...unknownOf(values.scenario, SCENARIOS)];
if (values.help || unknown.length > 0) {
  console.log(`${unknown.length > 0 ? `There is no "${unknown.join('", "')}".\n\n` : ''}${USAGE}`);
  process.exit(unknown.length > 0 ? 1 : 0);
}

const peers = PEERS.filter(({ name }) => !values.peer || name === OURS || values.peer.includes(name));
const named = (scenario) => values.scenario?.includes(scenario.name) ?? !(scenario.isHeavy && !values.heavy);
const options = {
  ...(values.quick ? QUICK : values.heavy ? HEAVY : FULL),
  ...(values.rounds === undefined ? {} : { rounds: Number(values.rounds) }),
};

compileServers();
if (values.docs || peers.some(({ isGuest }) => isGuest)) ensurePeerPackages();
process.env.PEER_PACKAGES = PEER_PACKAGES;

const at = new Date().toISOString();
const load = loadavg()[0].toFixed(1);
const records = new Records();
for (const scenario of SCENARIOS.filter(named)) {
  console.error(`${scenario.name} …`);
  await scenario.run(peers, records, options);
}

const report = {
  at,
  conditions: [
    `${at.slice(0, 10)}, Node ${process.version}, ${process.platform}, ${cpus().length} cores of ${cpus()[0]?.model ?? 'unknown kind'}`,
    `load average before the run ${load}, after it ${loadavg()[0].toFixed(1)}: other work on the machine makes every figure larger`,
    placementNote(),
    cpuNote(),
    `${options.rounds} interleaved rounds of ${options.ms} ms`,
    ...(values.quick ? ['--quick: these figures show that it runs, and nothing else'] : []),
  ],
  options,
  peers: peers.map(({ name, what, packages }) => ({ name, what, packages: packages.map(versionOf) })),
  records: records.toJSON(),
};
console.log(tablesOf(report));
console.error(`Written to ${writeJson(report)}`);
if (values.docs) for (const path of await writePage(report)) console.error(`Written to ${path}`);
