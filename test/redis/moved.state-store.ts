import { type Redis } from 'ioredis';
import { RedisLink, RedisStateStore } from 'nest-live/redis';

import type { LuaScript } from '../../libs/redis/src/lua.script.js';
import { ServerInfo } from '../../libs/redis/src/server.info.js';
import { stateScripts, type StateScripts } from '../../libs/redis/src/state.scripts.js';
import type { StoryOptions } from '../../src/state/state-store.stories.js';

/** Real milliseconds that stand for one of the story, so that the time a test takes is none of the story's. */
const SCALE = 100_000;

/** In place of the server's clock: one that stands still until it is moved, and ends of life that move with it. */
export const MOVED_CLOCK = `
local function now() return tonumber(redis.call('GET', 'story:now')) end
local function keep(key, ms) redis.call('PEXPIRE', key, math.max(1, ms) * ${SCALE} + ${SCALE / 2}) end
`;

const MOVE = `
local by = (tonumber(ARGV[1]) - tonumber(redis.call('GET', 'story:now') or ARGV[1])) * ${SCALE}
redis.call('SET', 'story:now', ARGV[1])
for _, key in ipairs(redis.call('KEYS', ARGV[2])) do
  local left = redis.call('PTTL', key)
  if left >= 0 then redis.call('PEXPIRE', key, left - by) end
end`;

const SAVE = `
local saved = {}
for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
  saved[#saved + 1] = { key, redis.call('DUMP', key), tostring(redis.call('PTTL', key)) }
end
return saved`;

interface Saved {
  readonly at: number;
  readonly rows: Promise<readonly (readonly [key: Buffer, dump: Buffer, left: Buffer])[]>;
}

/** Says another generation after each restore, as a server does that was started from a copy. */
class RestoredLink extends RedisLink {
  restores = 0;

  override get generation(): string {
    return this.restores > 0 ? `copy${this.restores}` : super.generation;
  }

  override async identified(): Promise<ServerInfo> {
    const info = await super.identified();
    return this.restores > 0 ? new ServerInfo(`run_id:${this.generation}`) : info;
  }
}

/** The Redis store on the clock of a story, with copies of its data. Everything but the clock is what users get. */
export class MovedStateStore extends RedisStateStore {
  static async make(
    url: string,
    { now = Date.now, tombstoneCap: _, ...options }: StoryOptions,
    scripts = stateScripts(MOVED_CLOCK),
  ) {
    const link = new RestoredLink({ url, prefix: 'story:{x}:' });
    await link.connect();
    await link.commands.flushall();
    return new MovedStateStore(link, now, options, scripts);
  }

  private moved = Number.NaN;

  private constructor(
    private readonly restored: RestoredLink,
    private readonly now: () => number,
    options: StoryOptions,
    scripts: StateScripts,
  ) {
    super(restored, options, scripts);
  }

  get commands(): Redis {
    return this.restored.commands;
  }

  save(): Saved {
    void this.move();
    return { at: this.now(), rows: this.commands.callBuffer('EVAL', SAVE, 0, `${this.keys}*`) as Saved['rows'] };
  }

  async restore(saved: unknown): Promise<void> {
    const { at, rows } = saved as Saved;
    const copies = await rows;
    await this.commands.flushall();
    this.moved = Number.NaN;
    this.restored.restores += 1;
    await this.move();
    for (const [key, dump, left] of copies) {
      const rest = Number(left.toString()) - (this.now() - at) * SCALE;
      if (rest > 0) await this.commands.restore(key, rest, dump);
    }
  }

  override async close(): Promise<void> {
    await super.close();
    this.restored.close();
  }

  override positions(ids: readonly string[]) {
    void this.move();
    return super.positions(ids);
  }

  override sweep() {
    void this.move();
    return super.sweep();
  }

  protected override run(script: LuaScript, id: string, args: readonly (string | number)[]): Promise<unknown> {
    void this.move();
    return super.run(script, id, args);
  }

  // Not waited for: the server takes the commands of one connection in order.
  private async move(): Promise<void> {
    const now = this.now();
    if (now === this.moved) return;
    this.moved = now;
    await this.commands.eval(MOVE, 0, String(now), `${this.keys}*`);
  }

  private get keys(): string {
    return this.restored.prefix;
  }
}
