import { createHash, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { Dice } from '../faults/dice.js';
import type { Attack } from './attack.js';
import { Bombardment, DEFAULTS, RAISED } from './bombardment.js';
import { CANARY } from './corpus/dictionary.js';
import type { Complaint } from './finding.js';
import { Generator } from './generator.js';
import { minimise } from './minimiser.js';
import { FLAWS, type Flaw } from './target/flaws.js';

const USAGE = `npm run fuzz -- [--inputs n] [--minutes n] [--seed n] [--controls] [--json]

  --inputs    frames and requests to send, 20000 by default
  --minutes   or so long
  --seed      repeats an earlier run; every run prints its own
  --controls  attacks servers that are wrong on purpose: each must be noticed
  --json      one JSON line and nothing else

What is found is made small and kept in test/fuzz/regressions; every run begins with what is kept there.
`;

/** Inputs between two looks at everything. */
const BATCH = 200;
const MINIMISE_MS = 60_000;
const MAX_FINDINGS = 5;

const { values } = parseArgs({
  options: {
    inputs: { type: 'string' },
    minutes: { type: 'string' },
    seed: { type: 'string' },
    regressions: { type: 'string', default: 'test/fuzz/regressions' },
    controls: { type: 'boolean' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

const seed = Number(values.seed ?? randomInt(2 ** 31));
const inputs = Number(values.inputs ?? (values.minutes === undefined ? 20_000 : Infinity));
const until = performance.now() + Number(values.minutes ?? Infinity) * 60_000;
const folder = values.regressions;

interface Kept {
  readonly kind: string;
  readonly what: string;
  readonly attacks: readonly Attack[];
}

const keptIn = (path: string): readonly Kept[] =>
  existsSync(path)
    ? readdirSync(path)
        .filter((name) => name.endsWith('.json'))
        .map((name) => JSON.parse(readFileSync(join(path, name), 'utf8')) as Kept)
    : [];

const keep = (finding: Kept): string => {
  mkdirSync(folder, { recursive: true });
  const text = `${JSON.stringify(finding, null, 2)}\n`;
  const path = join(folder, `${finding.kind}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.json`);
  writeFileSync(path, text);
  return path;
};

const sizeOf = (attacks: readonly Attack[]): number => attacks.reduce((sum, { steps }) => sum + steps.length, 0);

const batchOf = (generator: Generator): readonly Attack[] => {
  const attacks: Attack[] = [];
  while (sizeOf(attacks) < BATCH) attacks.push(generator.attack());
  return attacks;
};

/** Runs on a target of its own, so that what an attack leaves behind is its own. */
const failsAlone = async (attacks: readonly Attack[], { kind }: Complaint, limits: object): Promise<boolean> => {
  const bombardment = await Bombardment.begin(limits, CANARY);
  try {
    return (await bombardment.run(attacks)).complaints.some((complaint) => complaint.kind === kind);
  } finally {
    await bombardment.end();
  }
};

const findings: (Kept & { readonly path: string })[] = [];
const note = async (complaint: Complaint, suspects: readonly Attack[], limits: object): Promise<void> => {
  if (findings.length >= MAX_FINDINGS || findings.some(({ kind }) => kind === complaint.kind)) return;
  const deadline = performance.now() + MINIMISE_MS;
  const attacks = await minimise(suspects, (some) => failsAlone(some, complaint, limits), deadline);
  const finding = { ...complaint, attacks };
  findings.push({ ...finding, path: keep(finding) });
};

const fuzz = async (): Promise<object> => {
  const generator = new Generator(new Dice(seed));
  const profiles = [RAISED, DEFAULTS];
  const sides: Bombardment[] = [];
  for (const limits of profiles) sides.push(await Bombardment.begin(limits, CANARY));
  let [sent, batches] = [0, 0];
  const kept = keptIn(folder).map(({ attacks }) => attacks);
  for (; sent < inputs && performance.now() < until && findings.length < MAX_FINDINGS; batches += 1) {
    const side = Math.floor(batches) % sides.length;
    // What was found once is tried first, on both sides.
    const attacks = kept[Math.floor(batches / sides.length)] ?? batchOf(generator);
    const { complaints, blamed } = await sides[side].run(attacks);
    sent += sizeOf(attacks);
    for (const complaint of complaints) {
      const [suspect] = [...blamed].find(([, blame]) => blame === complaint) ?? [];
      await note(complaint, suspect ? [suspect] : attacks, profiles[side]);
    }
    if (complaints.length === 0) continue;
    await sides[side].end();
    sides[side] = await Bombardment.begin(profiles[side], CANARY);
  }
  const heap = await Promise.all(sides.map((side) => side.vitals()));
  await Promise.all(sides.map((side) => side.end()));
  return {
    seed,
    inputs: sent,
    batches,
    regressions: kept.length,
    findings,
    reached: [...new Set(sides.flatMap((side) => [...side.reached]))].sort(),
    maxLagMs: Math.round(Math.max(...sides.map((side) => side.maxLagMs))),
    rssMiB: heap.map(({ rssMiB }) => Math.round(rssMiB)),
    heapMiB: heap.map(({ heapMiB }) => Math.round(heapMiB)),
  };
};

/** Each flaw on the same few attacks: what the oracle said of it. */
const controls = async (): Promise<object> => {
  const noticed: Partial<Record<Flaw, readonly string[]>> = {};
  const bombardment = await Bombardment.begin(RAISED, CANARY);
  const steps = Array.from(
    { length: 10 },
    (_, n) => `42${n + 10}["component_event",{"component_id":"$id","event":"${n % 2 ? 'increment' : 'nope'}"}]`,
  );
  const attacks: Attack[] = [1, 2].map(() => ({ layer: 'protocol', steps }));
  for (const flaw of ['none', ...FLAWS] as const) {
    await bombardment.become(flaw);
    const { complaints } = await bombardment.run(attacks);
    noticed[flaw] = [...new Set(complaints.map(({ kind }) => kind))];
  }
  await bombardment.end();
  return { noticed };
};

const began = performance.now();
if (!values.json && !values.controls) console.log(`seed ${seed}`);
const outcome = await (values.controls ? controls() : fuzz());
const line = { ...outcome, seconds: Math.round((performance.now() - began) / 100) / 10 };
console.log(values.json ? JSON.stringify(line) : JSON.stringify(line, null, 2));
process.exit(findings.length > 0 ? 1 : 0);
