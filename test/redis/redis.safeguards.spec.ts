import { LuaScript } from '../../libs/redis/src/lua.script.js';
import { stateScripts, type StateScripts } from '../../libs/redis/src/state.scripts.js';
import { benchOf } from '../../src/state/state-store.contract.js';
import { STORIES, type Safeguard } from '../../src/state/state-store.stories.js';
import { MOVED_CLOCK, MovedStateStore } from './moved.state-store.js';
import { RedisServer } from './redis.server.js';

let server: RedisServer;
beforeAll(async () => {
  server = await RedisServer.start();
});
afterAll(() => server.stop());

type Cut = readonly [script: keyof StateScripts, safeguard: string, instead: string];

/** Where each safeguard stands in the scripts. The floor is none of Redis': it has room for every tombstone. */
const CUTS: Readonly<Record<Exclude<Safeguard, 'floor'>, readonly Cut[]>> = {
  tombstone: [['adopt', "redis.call('SET', stone, page)", '']],
  tombstoneLife: [['adopt', 'keep(stone, exp + 2 * skew - now())', 'keep(stone, ttl)']],
  tombstoneKept: [['leave', "redis.call('DEL', h,", "redis.call('DEL', stone, h,"]],
  pageBinding: [['adopt', "if adopter ~= page then return { 'TAKEN' } end", 'page = adopter']],
  tokenGeneration: [['adopt', 'if mounted ~= g', 'if false']],
  birth: [
    ['adopt', "'b', birth", "'b', 'same'"],
    ['create', "'b', birth", "'b', 'same'"],
  ],
  nocs: [['open', "redis.call('HEXISTS', h, 'q:' .. cs) == 0", "redis.call('HSETNX', h, 'q:' .. cs, '0') == 2"]],
  generation: [
    ['open', 'if x[1] ~= g', 'if false'],
    ['join', 'if x[1] ~= g', 'if false'],
    ['commit', ' or x[2] ~= g', ''],
  ],
  evidence: [['open', "if tonumber(v) > tonumber(top) then return 'BACK' end", '']],
  commitEpoch: [['commit', "x[1] .. '.' .. x[2] ~= epoch or ", '']],
  commitGeneration: [['commit', ' or x[2] ~= g', '']],
  cas: [['commit', 'if tonumber(v) ~= tonumber(version)', 'if false']],
  dedupe: [['commit', 'if seq <= last', 'if false']],
  gap: [['commit', 'if seq ~= last + 1 ', 'if seq < last + 1 ']],
  once: [['commit', 'if cause == once', 'if false']],
};

const scriptsWithout = (cuts: readonly Cut[]): StateScripts => {
  const scripts = stateScripts(MOVED_CLOCK);
  for (const [name, safeguard, instead] of cuts) {
    const { text } = scripts[name];
    if (!text.includes(safeguard)) throw new Error(`${name} has no ${safeguard}`);
    scripts[name] = new LuaScript(text.replace(safeguard, () => instead));
  }
  return scripts;
};

describe('a script without a safeguard', () => {
  it.each(Object.entries(CUTS))('fails the story of %s', async (safeguard, cuts) => {
    const { options, run } = STORIES[safeguard as Safeguard];
    const bench = await benchOf(
      (given) => MovedStateStore.make(server.url, given, scriptsWithout(cuts)),
      options,
      (store) => store as MovedStateStore,
    );
    await expect(run(bench).finally(() => bench.store.close())).rejects.toMatchObject({ code: 'ERR_ASSERTION' });
  });
});
