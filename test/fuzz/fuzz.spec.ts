import { spawn } from 'node:child_process';

import { describe, expect, it } from '@jest/globals';

interface Line {
  readonly seed: number;
  readonly inputs: number;
  readonly findings: readonly { readonly kind: string; readonly what: string; readonly path: string }[];
  readonly reached: readonly string[];
  readonly noticed: Readonly<Record<string, readonly string[]>>;
}

const fuzz = (...flags: readonly string[]): Promise<Line> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['test/fuzz/run.mjs', '--json', ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      if (printed === '') reject(new Error(`the fuzzer ended with ${code} and said nothing`));
      else resolve(JSON.parse(printed) as Line);
    });
  });

describe('damaged frames and requests', () => {
  it('harm nobody: each is answered or its connection closed, and everything is given back', async () => {
    const line = await fuzz('--inputs', '2000', ...(process.env.FUZZ_SEED ? ['--seed', process.env.FUZZ_SEED] : []));
    // With the seed, so that a failure can be repeated.
    expect({ seed: line.seed, findings: line.findings }).toEqual({ seed: line.seed, findings: [] });
    expect(line.inputs).toBeGreaterThanOrEqual(2_000);
    // Worth something only if they get past the parsers.
    expect(line.reached).toContain('protocol BAD_FRAME');
    expect(line.reached.filter((pair) => /^protocol [A-Z_]{6,}$/.test(pair)).length).toBeGreaterThanOrEqual(4);
  }, 120_000);

  it('are seen to do harm to a server that is wrong on purpose', async () => {
    const { noticed } = await fuzz('--controls');
    expect(noticed).toMatchObject({
      none: [],
      mute: ['no-ack'],
      leak: ['leak'],
      careless: ['unhandled'],
      talkative: ['tells'],
      pollute: ['polluted'],
      meddle: ['canary-state'],
      exit: expect.arrayContaining(['ended']),
    });
  }, 120_000);
});
