/**
 * Every operation on logins in one atomic step. All keys share the hash tag in KEYS[1], so that a session, its user's
 * list and its user's generation are always on the same server. ARGV: operation, clock ('' for the server's own), …
 *
 * i:<id> hash (u user, r roles, c created, x expires, d:<key> values) · u:<user> sorted set of ids by creation ·
 * g:<user> generation · p:<user> hash of grants by resource
 */
export const SESSION_SCRIPT = `
local base = KEYS[1]
local now = tonumber(ARGV[2])
if not now then
  local clock = redis.call('TIME')
  now = clock[1] * 1000 + math.floor(clock[2] / 1000)
end
local GENERATION_MS = 7776000000

local function number(n) return string.format('%.0f', n) end
local function generation(user) return redis.call('GET', base..'g:'..user) or '0' end

local function raise(user)
  local raised = redis.call('INCR', base..'g:'..user)
  redis.call('PEXPIRE', base..'g:'..user, GENERATION_MS)
  return raised
end

local function drop(id, user)
  redis.call('DEL', base..'i:'..id)
  redis.call('ZREM', base..'u:'..user, id)
end

-- The user of a living session.
local function living(id)
  local found = redis.call('HMGET', base..'i:'..id, 'u', 'x')
  if not found[1] then return nil end
  if tonumber(found[2]) > now then return found[1] end
  drop(id, found[1])
  return nil
end

local function show(id, user)
  return {id, generation(user), redis.call('HGETALL', base..'i:'..id)}
end

local function last(id, user, ttl)
  redis.call('HSET', base..'i:'..id, 'x', number(now + ttl))
  redis.call('PEXPIRE', base..'i:'..id, ttl)
  if redis.call('PTTL', base..'u:'..user) < ttl then redis.call('PEXPIRE', base..'u:'..user, ttl) end
end

local function own(user)
  local ids = {}
  for _, id in ipairs(redis.call('ZRANGE', base..'u:'..user, 0, -1)) do
    if living(id) then ids[#ids + 1] = id else redis.call('ZREM', base..'u:'..user, id) end
  end
  return ids
end

local function write(id, from)
  for at = from, #ARGV, 2 do
    if ARGV[at + 1] == '' then redis.call('HDEL', base..'i:'..id, 'd:'..ARGV[at])
    else redis.call('HSET', base..'i:'..id, 'd:'..ARGV[at], ARGV[at + 1]) end
  end
end

local operations = {}

-- id, user, roles, ttl, most, key, value, …
function operations.create(id, user, roles, ttl, most)
  local known = living(id)
  if known then return show(id, known) end
  local ids = own(user)
  for at = 1, #ids + 1 - tonumber(most) do
    if ids[at] then drop(ids[at], user); raise(user) end
  end
  redis.call('HSET', base..'i:'..id, 'u', user, 'r', roles, 'c', number(now))
  redis.call('ZADD', base..'u:'..user, number(now), id)
  last(id, user, tonumber(ttl))
  write(id, 8)
  return show(id, user)
end

function operations.get(id)
  local user = living(id)
  return user and show(id, user)
end

function operations.validate(id)
  local user = living(id)
  return user and generation(user)
end

function operations.refresh(id, ttl)
  local user = living(id)
  if not user then return nil end
  last(id, user, tonumber(ttl))
  return show(id, user)
end

-- id, roles ('' for none), key, value ('' removes), …
function operations.update(id, roles)
  local user = living(id)
  if not user then return nil end
  if roles ~= '' then
    redis.call('HSET', base..'i:'..id, 'r', roles)
    raise(user)
  end
  write(id, 5)
  return show(id, user)
end

function operations.delete(id)
  local user = living(id)
  if not user then return 0 end
  drop(id, user)
  raise(user)
  return 1
end

function operations.list(user)
  local shown = {}
  for at, id in ipairs(own(user)) do shown[at] = show(id, user) end
  return shown
end

function operations.deleteAll(user)
  local ids = own(user)
  for _, id in ipairs(ids) do drop(id, user) end
  raise(user)
  return #ids
end

function operations.revoke(user, resource)
  redis.call('HDEL', base..'p:'..user, resource)
  return raise(user)
end

return operations[ARGV[1]](unpack(ARGV, 3)) or false
`;
