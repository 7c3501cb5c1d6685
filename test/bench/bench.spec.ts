import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { describe, expect, it } from '@jest/globals';

const run = promisify(execFile);
const bench = (...options: string[]) => run(process.execPath, ['test/bench/run.mjs', ...options]);

const FIGURES = [
  'event on a joined handle',
  'event with a signed token',
  'bare Nest gateway ack',
  'live event',
  'bare Nest POST, fastify',
  'live event, fastify',
  'bare Nest POST, express',
  'live event, express',
  'app with 100 components',
  'client',
];

describe('the benchmark', () => {
  it('prints a figure for every row, with the conditions it was measured under', async () => {
    const { stdout } = await bench('--quick');
    expect(stdout).toContain('limits raised: {"eventsPerSecond":0}');
    for (const target of FIGURES) {
      const [, median] = new RegExp(`^\\| ${target} \\| [^|]+ \\| ([\\d.]+) \\|`, 'm').exec(stdout) ?? [];
      expect([target, Number(median) > 0]).toEqual([target, true]);
    }
  }, 120_000);

  it('names its rows when it is asked for one that is not there', async () => {
    await expect(bench('--only', 'nothing')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('dispatch, live-event, http-event, cold-start, client-size'),
    });
  });
});
