import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { besideBase, toBase } from '../base-build.mjs';
import { Child } from '../child.mjs';
import { CORES } from '../placement.mjs';
import { RedisProcess } from '../redis-process.mjs';
import { interleave, ratioOf, spread } from '../rounds.mjs';
import { ServerProcess } from '../server-process.mjs';

const CLIENT = join(dirname(fileURLToPath(import.meta.url)), '../load/client.mjs');
const FULL = { rounds: 3, connections: 1000, instances: 20_000 };
const QUICK = { rounds: 1, connections: 40, instances: 1000 };
const CHARS = 1024;

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
    scenario: 'socketEvent',
    isOurs: true,
    beside: GATEWAY,
    limit: 1.3,
    aim: 1.3,
  },
];

/** What is resident after the collector has run, less what was resident before. */
export const memory = {
  name: 'memory',
  title: 'P8 memory of what waits',
  goal: `a joined counter ≤ 1.3× a bare Nest gateway connection; stored instances have ${CHARS} bytes of state`,
  async run({ rounds, quick, base }) {
    const size = quick ? QUICK : { ...FULL, rounds: Math.min(rounds, FULL.rounds) };
    const [redis] = RedisProcess.kinds();
    const targets = [
      ...besideBase(CONNECTIONS, base).map((target) => ({ ...target, measure: perConnection })),
      { name: 'memory store, per instance', measure: perStoredInstance },
      ...(redis.skipped ? [] : [{ name: 'Redis, per instance', redis, measure: perRedisInstance }]),
    ];
    const results = await interleave(targets, size.rounds, (target) => target.measure(target, size));
    const lines = targets.map(({ name, beside, limit, aim }) => ({
      target: name,
      unit: 'KiB',
      ...spread(results.get(name)),
      ...toBase(results, name, (figure) => figure),
      ...(beside && { beside, limit, aim, ratio: ratioOf(results.get(name), results.get(beside)) }),
    }));
    return redis.skipped ? [...lines, { target: redis.name, skipped: redis.skipped }] : lines;
  },
};

const kib = (after, before, count) => (after.bytes - before.bytes) / 1024 / count;

/** The first connections bring in code and caches that no further one needs. */
const perConnection = async ({ server: [file, ...args], servers, scenario }, { connections }) => {
  const server = await ServerProcess.spawn({ file, args, servers, flags: ['--expose-gc'] });
  const load = new Child({ core: CORES.client, args: [CLIENT] });
  const open = (group, clients) => load.ask({ do: 'open', group, scenario, port: server.port, clients });
  try {
    await open('first', Math.ceil(connections / 10));
    const before = await server.ask({ do: 'resident' });
    await open('idle', connections);
    return kib(await server.ask({ do: 'resident' }), before, connections);
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
    return kib(await server.ask({ do: resident }), before, instances);
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
