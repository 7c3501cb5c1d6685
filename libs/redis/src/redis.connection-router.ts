import { ConnectionRouter, type ConnectionRouterOptions, type Route } from 'nest-live/extend';

import { LuaScript } from './lua.script.js';
import type { RedisLink } from './redis.link.js';
import { ask } from './unavailable.js';

/** Clock of the server, unless a test brings its own. */
const NOW = `local t = redis.call('TIME')
local now = ARGV[1] ~= '' and tonumber(ARGV[1]) or t[1] * 1000 + math.floor(t[2] / 1000)
local ttl = tonumber(ARGV[2])`;

/** Ends up to `most` entries of a node; forgets the node with its last one. KEYS[1] nodes, ARGV[3] base of the keys. */
const BURY = `local function bury(node, most)
  local held = ARGV[3]..'held:'..node
  for _, route in ipairs(redis.call('SPOP', held, most)) do redis.call('SREM', ARGV[3]..'route:'..route, node) end
  if redis.call('EXISTS', held) == 0 then redis.call('ZREM', KEYS[1], node) return 0 end
  return 1
end`;

const ANNOUNCE = new LuaScript(`${NOW}
${BURY}
local since = redis.call('ZSCORE', KEYS[1], ARGV[4])
redis.call('ZADD', KEYS[1], now, ARGV[4])
for _, node in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ttl, 'LIMIT', 0, 10)) do bury(node, 500) end
return since and tonumber(since) + ttl > now and 1 or 0`);

/** Dead from the first step on, so that whoever announces finishes a withdrawal that was cut off. */
const WITHDRAW = new LuaScript(`${BURY}
redis.call('ZADD', KEYS[1], 0, ARGV[4])
return bury(ARGV[4], 500)`);

const NODES = new LuaScript(`${NOW}
return redis.call('ZRANGEBYSCORE', KEYS[1], '('..string.format('%.0f', now - ttl), '+inf')`);

const CLAIM = new LuaScript(`redis.call('ZADD', KEYS[1], 'NX', 0, ARGV[4])
for i = 5, #ARGV do
  redis.call('SADD', ARGV[3]..'route:'..ARGV[i], ARGV[4])
  redis.call('SADD', ARGV[3]..'held:'..ARGV[4], ARGV[i])
end`);

const RELEASE = new LuaScript(`for i = 5, #ARGV do
  redis.call('SREM', ARGV[3]..'route:'..ARGV[i], ARGV[4])
  redis.call('SREM', ARGV[3]..'held:'..ARGV[4], ARGV[i])
end`);

const HOLDERS = new LuaScript(`${NOW}
local living = {}
for _, node in ipairs(redis.call('SMEMBERS', ARGV[3]..'route:'..ARGV[4])) do
  local since = redis.call('ZSCORE', KEYS[1], node)
  if since and tonumber(since) + ttl > now then living[#living + 1] = node end
end
return living`);

/** Routes of one script call; more are told in several. */
const BATCH = 500;

const nameOf = ({ kind, id }: Route): string => `${kind}:${id}`;

/**
 * Nodes in a sorted set by the time of their last announcement; for each route the set of its nodes, for each node the
 * set of its routes. Every announcement also ends a part of what dead nodes left behind.
 */
export class RedisConnectionRouter extends ConnectionRouter {
  readonly nodeTtlMs: number;
  private readonly now?: () => number;

  constructor(
    private readonly link: RedisLink,
    { nodeTtlMs = 15_000, now }: ConnectionRouterOptions = {},
  ) {
    super();
    this.nodeTtlMs = nodeTtlMs;
    this.now = now;
  }

  async announce(node: string): Promise<boolean> {
    return (await this.run(ANNOUNCE, node)) === 1;
  }

  async withdraw(node: string): Promise<void> {
    while ((await this.run(WITHDRAW, node)) === 1);
  }

  async nodes(): Promise<readonly string[]> {
    return ((await this.run(NODES)) as string[]).sort();
  }

  claim(node: string, routes: readonly Route[]): Promise<void> {
    return this.tell(CLAIM, node, routes);
  }

  release(node: string, routes: readonly Route[]): Promise<void> {
    return this.tell(RELEASE, node, routes);
  }

  async holders(route: Route): Promise<readonly string[]> {
    return ((await this.run(HOLDERS, nameOf(route))) as string[]).sort();
  }

  /** Nothing of its own to close: it asks over the connection of its link. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  private async tell(script: LuaScript, node: string, routes: readonly Route[]): Promise<void> {
    for (let first = 0; first < routes.length; first += BATCH) {
      await this.run(script, node, ...routes.slice(first, first + BATCH).map(nameOf));
    }
  }

  private run(script: LuaScript, ...more: readonly string[]): Promise<unknown> {
    const clock = this.now ? String(this.now()) : '';
    const base = this.link.key('router', '');
    return ask(() => script.run(this.link.commands, [`${base}nodes`], [clock, String(this.nodeTtlMs), base, ...more]));
  }
}
