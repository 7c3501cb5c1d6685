import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

import { describe, expect, it } from '@jest/globals';

const run = promisify(execFile);
const bench = (...options: string[]) => run(process.execPath, ['test/bench/run.mjs', ...options]);

const FIGURES = [
  'event on a joined handle',
  'its stages, one by one',
  'event with a signed token',
  'bare Nest gateway ack',
  'live event',
  'room emit of a bare Nest gateway',
  'push of one state',
  'one cell of 100 rows',
  'one cell of 1,000 rows',
  'one cell of 5,000 rows',
  'all cells of 1,000 rows',
  '1,000 rows turned round',
  '1,000 rows beside a change',
  'one cell of 1,000 rows, until it shows',
  'bare Nest POST, fastify',
  'live event, fastify',
  'bare Nest POST, express',
  'live event, express',
  'app with 100 components',
  'client',
  'memory, 200 instances',
  'memory, 1 hot instance',
  'bare socket.io in one room, per connection',
  'joined counter, per connection',
  'joined table of 1,000 rows after an event, per connection',
  'memory store, per instance',
  'node http, piped to disk',
  'upload, express',
  'upload, fastify',
];

const ON_REDIS = [
  'Redis, appendfsync everysec, 200 instances',
  'Redis, appendfsync everysec, 1 hot instance',
  'Redis, appendfsync always, 200 instances',
  'Redis, appendfsync always, 1 hot instance',
  'Redis, per instance',
];

const hasRedis = spawnSync('redis-server', ['--version']).status === 0 || process.env.CI !== undefined;
if (!hasRedis) console.warn('SKIP the figures on Redis: there is no redis-server on the path');

const hasHistory = spawnSync('git', ['rev-parse', 'HEAD']).status === 0 || process.env.CI !== undefined;
if (!hasHistory) console.warn('SKIP the comparison with an earlier build: this is no git repository');

describe('the benchmark', () => {
  it('prints a figure for every row, with the conditions it was measured under', async () => {
    const { stdout } = await bench('--quick');
    expect(stdout).toContain('limits raised: {"eventsPerSecond":0}');
    for (const target of [...FIGURES, ...(hasRedis ? ON_REDIS : [])]) {
      // What a few connections take of memory may be less than what the collector gives back meanwhile.
      const [, median] = new RegExp(`^\\| ${target} \\| [^|]+ \\| (-?[\\d.]+) \\|`, 'm').exec(stdout) ?? [];
      expect([target, Number.isFinite(Number(median))]).toEqual([target, true]);
    }
  }, 600_000);

  it('says why there is no figure where there is no Redis', async () => {
    const env = { ...process.env, PATH: '/nowhere', REDIS_URL: '' };
    const { stdout } = await run(process.execPath, ['test/bench/run.mjs', 'store', '--quick'], { env });
    expect(stdout).toMatch(/^\| Redis \| SKIP: there is no redis-server on the path/m);
    expect(stdout).toMatch(/^\| memory, 200 instances \| commits\/s \| \d/m);
  }, 60_000);

  if (hasHistory) {
    it('builds an earlier revision and measures both in the same rounds', async () => {
      const { stdout } = await bench('dispatch', '--quick', '--base', 'HEAD');
      expect(stdout).toMatch(/^- base: [0-9a-f]{7}, built and measured in the same rounds$/m);
      expect(stdout).toMatch(
        /^\| event on a joined handle \| .*its stages, one by one \(.* [\d.]+× \([\d.]+–[\d.]+\) \|$/m,
      );
      expect(stdout).toMatch(/^\| event on a joined handle, base \| CPU µs\/op \| \d/m);
    }, 240_000);
  }

  it('says that a revision is none', async () => {
    await expect(bench('dispatch', '--quick', '--base', 'no-such-revision')).rejects.toMatchObject({
      stderr: expect.stringContaining('no-such-revision'),
    });
  }, 120_000);

  it('names its rows when it is asked for one that is not there', async () => {
    await expect(bench('--only', 'nothing')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining(
        'dispatch, live-event, push, table-cell, click-to-dom, http-event, cold-start, client-size, store, memory, uploads',
      ),
    });
  });
});
