import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

interface Line {
  readonly case: string;
  readonly name: string;
  readonly seed: number;
  readonly ok: boolean;
  readonly invariant: string;
  readonly figures: Readonly<Record<string, unknown>>;
  readonly complaints?: readonly string[];
}

/** The cases of every test run. */
const CI = [
  ['K01', 'kill-node-under-load'],
  ['K02', 'kill-at-crash-point'],
  ['K03', 'cut-before-ack'],
  ['K04', 'duplicate-frames'],
  ['K05', 'reordered-frames'],
  ['K06', 'two-nodes-one-component'],
  ['K08', 'redis-restart'],
  ['K09', 'redis-pause'],
  ['K10', 'redis-data-loss'],
  ['K13', 'pubsub-loss'],
  ['K15', 'save-fails-after-handler'],
  ['K18', 'slow-reader'],
  ['K19', 'malformed-frames'],
  ['K20', 'proto-payloads'],
  ['K21', 'replayed-signed-state'],
  ['K23', 'logout-while-connected'],
  ['K25', 'deploy-new-shape'],
  ['K26', 'graceful-drain'],
  ['K28', 'subscription-flood'],
  ['K37', 'upload-faults'],
] as const;

/** Without this safeguard of the product, this checker of this case must complain. */
/** Whichever the kill or cut has hit. */
const TWICE = /^set: .* is there \d+ times$|^counter: .* has \d+, but only \d+ were acknowledged/;
const RED = [
  ['K01', 'dedupe', TWICE],
  ['K03', 'dedupe', TWICE],
  ['K05', 'dedupe', /^order: /],
  ['K06', 'cas', /^counter: .* lost \d+ of \d+/],
] as const;

const hasRedis = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'redis-server')));

const runFaults = (...flags: readonly string[]): Promise<readonly Line[]> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['test/faults/run.mjs', '--scale=ci', '--json', ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.once('error', reject);
    child.once('close', () =>
      resolve(
        printed
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Line),
      ),
    );
  });

if (!hasRedis) console.warn('SKIP the faults: there is no redis-server on the path');

(hasRedis || process.env.CI ? describe : describe.skip)('faults', () => {
  let lines: readonly Line[] = [];

  beforeAll(async () => {
    // The cases wait more than they work: two runs at a time.
    const halves = await Promise.all(['1/2', '2/2'].map((shard) => runFaults('--shard', shard)));
    lines = halves.flat().sort((one, other) => one.case.localeCompare(other.case));
  }, 1_200_000);

  it.each(CI)('%s %s: the invariant holds', (id, _name) => {
    const line = lines.find((each) => each.case === id);
    // The whole line, so that a failure shows its seed, its complaints and its figures.
    if (!line?.ok) throw new Error(JSON.stringify(line));
    expect(line.case).toBe(id);
  });

  it('are all looked at', () => {
    expect(lines.map((line) => line.case)).toEqual(CI.map(([id]) => id));
  });
});

(hasRedis || process.env.CI ? describe : describe.skip)('without a safeguard of the product', () => {
  it.each(RED)(
    '%s goes red without %s',
    async (id, safeguard, complaint) => {
      const [line] = await runFaults('--only', id, '--without', safeguard);
      expect(line).toMatchObject({ case: id, ok: false });
      expect(line.complaints).toEqual(expect.arrayContaining([expect.stringMatching(complaint)]));
    },
    120_000,
  );
});
