import { randomBytes } from 'node:crypto';

import { RenderCache, type CachedRender } from 'nest-live/extend';

import { LuaScript } from './lua.script.js';
import type { RedisLink } from './redis.link.js';
import { ask } from './unavailable.js';

/**
 * KEYS render, tags   ARGV html, ttl, a new name. Each tag has a name; a render keeps the names its tags had and is good
 * as long as they have them. A tag without a name gets a new one, so a lost name only costs a render.
 */
const SET = new LuaScript(`
local names = {}
for i = 2, #KEYS do
  redis.call('SET', KEYS[i], ARGV[3], 'NX', 'PX', ARGV[2])
  if redis.call('PTTL', KEYS[i]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
  names[i - 1] = KEYS[i]..'\\n'..redis.call('GET', KEYS[i])
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'html', ARGV[1], 'tags', cjson.encode(names))
redis.call('PEXPIRE', KEYS[1], ARGV[2])`);

const GET = new LuaScript(`
local html, tags = unpack(redis.call('HMGET', KEYS[1], 'html', 'tags'))
if not html then return false end
for _, tag in ipairs(cjson.decode(tags)) do
  local key, name = string.match(tag, '^(.*)\\n([^\\n]*)$')
  if redis.call('GET', key) ~= name then
    redis.call('DEL', KEYS[1])
    return false
  end
end
return html`);

/** Renders with a time to live. Throwing away by a tag is one deletion, however many renders have it. */
export class RedisRenderCache extends RenderCache {
  constructor(private readonly link: RedisLink) {
    super();
  }

  async get(key: string): Promise<string | null> {
    return (await ask(() => GET.run(this.link.commands, [this.keyOf(key)], []))) as string | null;
  }

  async set(key: string, { html, tags }: CachedRender, ttlMs: number): Promise<void> {
    const keys = [this.keyOf(key), ...[...new Set(tags)].map((tag) => this.tagOf(tag))];
    const life = Math.max(1, Math.ceil(ttlMs));
    const name = randomBytes(12).toString('base64url');
    await ask(() => SET.run(this.link.commands, keys, [html, String(life), name]));
  }

  async delete(key: string): Promise<void> {
    await ask(() => this.link.commands.del(this.keyOf(key)));
  }

  async invalidate(tag: string): Promise<void> {
    await ask(() => this.link.commands.del(this.tagOf(tag)));
  }

  /** Nothing of its own to close: it asks over the connection of its link. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  private keyOf(key: string): string {
    return this.link.key('render', key);
  }

  private tagOf(tag: string): string {
    return this.link.key('render-tag', tag);
  }
}
