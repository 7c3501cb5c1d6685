import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { besideBase, toBase } from '../base-build.mjs';
import { Child } from '../child.mjs';
import { CORES } from '../placement.mjs';
import { RedisProcess } from '../redis-process.mjs';
import { interleave, ratioOf, spread } from '../rounds.mjs';
import { ServerProcess } from '../server-process.mjs';

const CLIENT = join(dirname(fileURLToPath(import.meta.url)), '../load/client.mjs');
const FULL = { rounds: 3, connections: 1000, tables: 200, instances: 20_000 };
const QUICK = { rounds: 1, connections: 40, tables: 10, instances: 1000 };
const CHARS = 1024;

const TABLE = 'joined table of 1,000 rows after an event, per connection';
const GATEWAY = 'bare Nest gateway, per connection';
const CONNECTIONS = [
  {
    name: 'bare socket.io in one room, per connection',
    server: ['socket-io.server.js', 'all'],
    scenario: 'socketIdle',
  },
  { name: GATEWAY, server: ['nest-echo.server.js', 'express'], scenario: 'socketIdle' },
  {
    name: 'joined counter, per connection',
    server: ['live.server.js', 'express'],
    scenario: 'socketJoined',
    isOurs: true,
    beside: GATEWAY,
    limit: 0.9,
    aim: 0.7,
  },
  {
    name: TABLE,
    server: ['table.server.js', 'express', '1000'],
    scenario: 'tableCell',
    isOurs: true,
    counted: 'tables',
    limitKiB: 650,
    aimKiB: 450,
  },
];

/** What is resident after the collector has run, less what was resident before. */
export const memory = {
  name: 'memory',
  title: 'P8 memory of what waits',
  goal: `a joined counter ≤ 0.9× a bare Nest gateway connection (goal 0.7×); a joined table of 1,000 rows ≤ 650 KiB (goal 450); stored instances have ${CHARS} bytes of state`,
  async run({ rounds, quick, base }) {
    const size = quick ? QUICK : { ...FULL, rounds: Math.min(rounds, FULL.rounds) };
    const [redis] = RedisProcess.kinds();
    const targets = [
      ...besideBase(CONNECTIONS, base).map((target) => ({ ...target, measure: perConnection })),
      { name: 'memory store, per instance', measure: perStoredInstance },
      ...(redis.skipped ? [] : [{ name: 'Redis, per instance', redis, measure: perRedisInstance }]),
    ];
    const results = await interleave(targets, size.rounds, (target) => target.measure(target, size));
    const figures = (name, what) => results.get(name).map((round) => round[what]);
    const line = (name, what, unit) => ({
      target: name,
      unit,
      ...spread(figures(name, what)),
      ...toBase(results, name, (round) => round[what]),
    });
    const lines = targets.flatMap(({ name, beside, limit, aim, limitKiB, aimKiB }) => [
      {
        ...line(name, 'resident', 'KiB'),
        ...(beside && { beside, limit, aim, ratio: ratioOf(figures(name, 'resident'), figures(beside, 'resident')) }),
        ...(limitKiB && { ceiling: { limit: limitKiB, aim: aimKiB } }),
      },
      // An earlier build may not say it.
      ...(limitKiB && figures(name, 'heap').every(Number.isFinite) ? [line(name, 'heap', 'KiB of heap')] : []),
    ]);
    return redis.skipped ? [...lines, { target: redis.name, skipped: redis.skipped }] : lines;
  },
};

const perOne = (after, before, count) => ({
  resident: (after.bytes - before.bytes) / 1024 / count,
  heap: (after.heapBytes - before.heapBytes) / 1024 / count,
});

/** The first connections bring in code and caches that no further one needs. */
const perConnection = async ({ server: [file, ...args], servers, scenario, counted = 'connections' }, size) => {
  const connections = size[counted];
  const server = await ServerProcess.spawn({ file, args, servers, flags: ['--expose-gc'] });
  const load = new Child({ core: CORES.client, args: [CLIENT] });
  const open = async (group, clients) => {
    await load.ask({ do: 'open', group, scenario, port: server.port, clients });
    // One event each: what a view keeps to compare with is there from the first on.
    if (counted === 'tables') await load.ask({ do: 'run', group, ms: 0 });
  };
  try {
    await open('first', Math.ceil(connections / 10));
    const before = await server.ask({ do: 'resident' });
    await open('idle', connections);
    return perOne(await server.ask({ do: 'resident' }), before, connections);
  } finally {
    await load.stop();
    await server.stop();
  }
};

const fill = async (args, resident, { instances }) => {
  const server = await ServerProcess.spawn({ file: 'store-weight.server.js', args, flags: ['--expose-gc'] });
  try {
    await server.ask({ do: 'fill', instances: Math.ceil(instances / 10), chars: CHARS });
    const before = await server.ask({ do: resident });
    await server.ask({ do: 'fill', instances, chars: CHARS });
    return perOne(await server.ask({ do: resident }), before, instances);
  } finally {
    await server.stop();
  }
};

const perStoredInstance = (_, size) => fill(['memory'], 'resident', size);

const perRedisInstance = async ({ redis }, size) => {
  const server = await redis.start();
  try {
    return await fill([server.url, server.prefix], 'redis-bytes', size);
  } finally {
    await server.stop();
  }
};
