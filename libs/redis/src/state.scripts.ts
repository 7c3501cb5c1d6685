import { LuaScript } from './lua.script.js';

/** The only clock the scripts know: Redis' own, the same for every node. */
const SERVER_CLOCK = `
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function keep(key, ms) redis.call('PEXPIRE', key, math.max(1, ms)) end
`;

// KEYS hash, tombstone, client sessions by last activity   ARGV generation, ttl, window, then the function's own
const COMMON = `
local h, stone, active = KEYS[1], KEYS[2], KEYS[3]
local g, ttl, window = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local function here() return redis.call('EXISTS', h) == 1 end

local function enter()
  local x = redis.call('HMGET', h, 'g', 'v')
  if x[1] ~= g then redis.call('HSET', h, 'pg', x[1], 'pv', x[2], 'g', g) end
end

local function contradiction(e, v)
  if v == '' then return nil end
  local b, of = e:match('^(.*)%.([^.]*)$')
  local x = redis.call('HMGET', h, 'b', 'g', 'v', 'pg', 'pv')
  if b ~= x[1] then return 'GONE' end
  local top
  if of == x[2] then top = x[3] elseif of == x[4] then top = x[5] else return 'BACK' end
  if tonumber(v) > tonumber(top) then return 'BACK' end
end

local function touch(cs, least)
  local at = now()
  local life = math.max(ttl, tonumber(redis.call('HGET', h, 'u') or '0') - at)
  if least and least - at > life then
    life = least - at
    redis.call('HSET', h, 'u', least)
  end
  if cs then redis.call('ZADD', active, at, cs) end
  keep(h, life)
  keep(active, life)
end

local function forget(cs)
  local last = tonumber(redis.call('HGET', h, 'q:' .. cs) or '0')
  local fields = { 'q:' .. cs }
  for seq = math.max(1, last - window + 1), last do fields[#fields + 1] = 'r:' .. cs .. ':' .. seq end
  redis.call('HDEL', h, unpack(fields))
  redis.call('ZREM', active, cs)
end

local function forgetIdle(ms, most)
  local idle = redis.call('ZRANGEBYSCORE', active, '-inf', '(' .. now() - ms, 'LIMIT', 0, most)
  for _, cs in ipairs(idle) do forget(cs) end
end

local function born(birth, snapshot, shape)
  redis.call('DEL', active)
  redis.call('HSET', h, 'b', birth, 'g', g, 'v', '0', 'd', snapshot, 'sh', shape)
end

local function opened(cs)
  local x = redis.call('HMGET', h, 'b', 'g', 'v', 'd', 'sh', 'q:' .. cs)
  return { 'OK', x[1] .. '.' .. x[2], x[3], x[4], x[5], x[6] }
end
`;

const ADOPT = `
local page, exp, snapshot, birth, mounted, shape = ARGV[4], tonumber(ARGV[5]), ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local skew, least = tonumber(ARGV[10]), tonumber(ARGV[11])
local adopter, present = redis.call('GET', stone), here()
if adopter then
  if adopter ~= page then return { 'TAKEN' } end
  if not present then return { 'GONE' } end
  enter()
  if redis.call('HEXISTS', h, 'q:' .. page) == 0 then return { 'NOCS' } end
  touch(page)
  return opened(page)
end
-- The server was restarted since the mount: the tombstone may be what was lost.
if mounted ~= g then return { 'EXPIRED' } end
if present and snapshot ~= '' then return { 'EXPIRED' } end
if not present and snapshot == '' then return { 'GONE' } end
-- The same clock ends the tombstone.
if now() > exp + skew then return { 'EXPIRED' } end
if present then
  enter()
  forget(page)
else
  born(birth, snapshot, shape)
end
redis.call('SET', stone, page)
keep(stone, exp + 2 * skew - now())
redis.call('HSET', h, 'q:' .. page, '0')
if redis.call('HEXISTS', h, 'shared') == 0 then redis.call('HSET', h, 'own', '1') end
touch(page, least)
return opened(page)
`;

const OPEN = `
local cs, e, v, grain = ARGV[4], ARGV[5], ARGV[6], tonumber(ARGV[7])
if not here() then return { 'GONE' } end
enter()
local lost = contradiction(e, v)
if lost then return { lost } end
if redis.call('HEXISTS', h, 'q:' .. cs) == 0 then return { 'NOCS' } end
-- Whoever looks mostly commits at once; with appendfsync always, each writing would have the disk wait twice.
local seen = tonumber(redis.call('ZSCORE', active, cs) or '0')
if now() - seen >= grain then touch(cs) end
return opened(cs)
`;

const JOIN = `
local cs, e, v, drop, page = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local idleMs, most = tonumber(ARGV[9]), tonumber(ARGV[10])
if not here() then return { 'GONE' } end
if page ~= '' and redis.call('GET', stone) ~= page then return { 'TAKEN' } end
enter()
local lost = contradiction(e, v)
if lost then return { lost } end
if drop ~= '' then forget(drop) end
forgetIdle(idleMs, 16)
if redis.call('HSETNX', h, 'q:' .. cs, '0') == 1 then
  local surplus = redis.call('ZCARD', active) + 1 - most
  if surplus > 0 then
    for _, oldest in ipairs(redis.call('ZRANGE', active, 0, surplus - 1)) do forget(oldest) end
  end
end
touch(cs)
return opened(cs)
`;

const COMMIT = `
local version, epoch, cs, number, reply = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local isChange, snapshot, shape, once, least = ARGV[9] == '1', ARGV[10], ARGV[11], ARGV[12], tonumber(ARGV[13])
local kept = tonumber(ARGV[14]) or window
local x = redis.call('HMGET', h, 'b', 'g', 'v', 'q:' .. cs)
if not x[1] then return { 'GONE' } end
-- The second half: nobody has looked at this instance since the server's generation changed.
if x[1] .. '.' .. x[2] ~= epoch or x[2] ~= g then return { 'EPOCH' } end
local v, last, seq = x[3], x[4], nil
if number ~= '' then
  if not last then return { 'NOCS' } end
  last = tonumber(last)
  seq = number == 'next' and last + 1 or tonumber(number)
  if seq <= last then
    return { 'DUP', v, redis.call('HGET', h, 'd'), tostring(last), redis.call('HGET', h, 'r:' .. cs .. ':' .. seq) }
  end
  if seq ~= last + 1 then return { 'GAP', tostring(last) } end
end
local causes
if once ~= '' then
  local known = redis.call('HGET', h, 'once')
  causes = known and cmsgpack.unpack(known) or {}
  for _, cause in ipairs(causes) do
    if cause == once then return { 'DONE', v, redis.call('HGET', h, 'd') } end
  end
end
if isChange then
  if tonumber(v) ~= tonumber(version) then return { 'CONFLICT', v, unpack(redis.call('HMGET', h, 'd', 'sh')) } end
  v = tostring(tonumber(v) + 1)
  redis.call('HSET', h, 'v', v, 'd', snapshot, 'sh', shape)
end
if causes then
  causes[#causes + 1] = once
  if #causes > 32 then table.remove(causes, 1) end
  redis.call('HSET', h, 'once', cmsgpack.pack(causes))
end
if seq then
  redis.call('HSET', h, 'q:' .. cs, seq, 'r:' .. cs .. ':' .. seq, reply)
  if seq > kept then redis.call('HDEL', h, 'r:' .. cs .. ':' .. seq - kept) end
end
touch(seq and cs, least)
return { 'OK', v, seq and tostring(seq) }
`;

const CREATE = `
local birth, snapshot, shape, isShared = ARGV[4], ARGV[5], ARGV[6], ARGV[7] == '1'
local kind = 'EXISTS'
if here() then
  enter()
else
  kind = 'OK'
  born(birth, snapshot, shape)
  if isShared then redis.call('HSET', h, 'shared', '1') end
  touch()
end
local x = redis.call('HMGET', h, 'b', 'g', 'v')
return { kind, x[1] .. '.' .. x[2], x[3] }
`;

const PEEK = `
if not here() then return false end
enter()
local x = redis.call('HMGET', h, 'b', 'g', 'v', 'd', 'sh')
return { x[1] .. '.' .. x[2], x[3], x[4], x[5] }
`;

const LEAVE = `
if not here() then return { 'STAYS' } end
forget(ARGV[4])
if redis.call('HEXISTS', h, 'own') == 0 or redis.call('ZCARD', active) > 0 then return { 'STAYS' } end
local snapshot = redis.call('HGET', h, 'd')
redis.call('DEL', h, active)
return { 'GONE', snapshot }
`;

const END = `
local present = redis.call('EXISTS', h)
redis.call('DEL', h, active)
return present
`;

const REST = `
forgetIdle(tonumber(ARGV[4]), -1)
return 0
`;

const POSITIONS = `
local found = {}
for n, hash in ipairs(KEYS) do
  local x = redis.call('HMGET', hash, 'b', 'g', 'v')
  found[n] = x[1] and { x[1] .. '.' .. x[2], x[3] }
end
return found
`;

/** The functions of the state store, each one script, on a clock. */
export const stateScripts = (clock: string = SERVER_CLOCK) => {
  const script = (body: string) => new LuaScript(clock + COMMON + body);
  return {
    adopt: script(ADOPT),
    open: script(OPEN),
    join: script(JOIN),
    commit: script(COMMIT),
    create: script(CREATE),
    peek: script(PEEK),
    leave: script(LEAVE),
    end: script(END),
    /** Forgets the idle client sessions of one instance. */
    rest: script(REST),
    positions: new LuaScript(POSITIONS),
  };
};

export type StateScripts = ReturnType<typeof stateScripts>;
