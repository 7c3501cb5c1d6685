import { randomUUID } from 'node:crypto';

import { LuaScript } from './lua.script.js';
import type { RedisLink } from './redis.link.js';

/** First parts of all keys in use: permissions may be given for some of them only. */
const FAMILIES = [
  'lc:',
  'router',
  'rate',
  'render',
  'render-tag',
  'feed',
  'feed-count',
  '{widgets}',
  '{sessions}',
  'probe',
];

/** Writes and reads back in every family of keys, and uses every kind of value once. */
const WRITE = new LuaScript(`local at = redis.call('TIME')[1]
for _, key in ipairs(KEYS) do
  redis.call('SET', key, at, 'PX', 10000)
  if redis.call('GET', key) ~= at then return redis.error_reply('a written key reads otherwise') end
  redis.call('DEL', key)
end
local function once(write, read, ...)
  redis.call(write, KEYS[1], ...)
  if read then redis.call(unpack(read)) end
  redis.call('DEL', KEYS[1])
end
once('HSET', { 'HGET', KEYS[1], 'f' }, 'f', '1')
once('ZADD', { 'ZRANGE', KEYS[1], 0, -1 }, '1', 'm')
once('SADD', { 'SMEMBERS', KEYS[1] }, 'm')
once('XADD', { 'XREVRANGE', KEYS[1], '+', '-' }, '*', 'f', '1')
once('INCR')
return at`);

/** One key for a sign of life: a server that answers PING may still refuse every write. */
const TOUCH = new LuaScript(`return redis.call('SET', KEYS[1], '1', 'PX', 10000)`);

/** Tries once what the backend will need: a script, a key of each family, a stream, a channel. */
export class StartProbe {
  private readonly name = randomUUID();

  constructor(private readonly link: RedisLink) {}

  /** @throws Error what the server says of the first thing it does not do */
  async run(): Promise<void> {
    const { commands } = this.link;
    const keys = FAMILIES.map((family) => this.link.key(family, `probe-${this.name}`));
    await WRITE.run(commands, keys, []);
    const [[refusal]] = (await commands.multi().get(keys[0]).exec()) ?? [[null]];
    if (refusal) throw refusal;
    await commands.xread('COUNT', 1, 'STREAMS', keys[0], '0-0');
    await commands.scan(0, 'MATCH', keys[0], 'COUNT', 1);
    await this.listen();
  }

  /** @throws Error when the server does not write any more */
  async touch(): Promise<void> {
    await TOUCH.run(this.link.commands, [this.link.key('probe', this.name)], []);
  }

  private async listen(): Promise<void> {
    const channel = this.link.channel(`probe-${this.name}`);
    const reader = this.link.reader();
    try {
      await reader.subscribe(channel);
      await this.link.commands.publish(channel, '');
      await reader.ping();
    } finally {
      this.link.release(reader);
    }
  }
}
