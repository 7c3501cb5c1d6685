import { randomBytes } from 'node:crypto';

import { bucketOf, RateCounter, type RateOutcome, type RateRule } from 'nest-live/extend';

import { LuaScript } from './lua.script.js';
import type { RedisLink } from './redis.link.js';
import { ask } from './unavailable.js';

/**
 * KEYS bucket   ARGV now in microseconds ('' = the server's), limit, window in microseconds, name of this call.
 * Answers the calls left, or minus the microseconds to wait.
 */
const TAKE = new LuaScript(`
local t = redis.call('TIME')
local now = ARGV[1] ~= '' and tonumber(ARGV[1]) or t[1] * 1000000 + t[2]
local limit, window = tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
-- Left by a clock that was set back since: they would lock the key for as long.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '('..string.format('%.0f', now), '+inf')
local count = redis.call('ZCARD', KEYS[1])
if count < limit then
  redis.call('ZADD', KEYS[1], now, ARGV[4])
  -- The server ends keys by its own clock, which has nothing to do with a clock that was given.
  redis.call('PEXPIRE', KEYS[1], ARGV[1] == '' and math.ceil(window / 1000) or 600000)
  return {1, limit - count - 1}
end
local frees = limit > 0 and tonumber(redis.call('ZRANGE', KEYS[1], count - limit, count - limit, 'WITHSCORES')[2]) or now
return {0, frees + window - now}`);

export interface RedisRateCounterOptions {
  /** Milliseconds. @default the clock of the server, the same for all nodes */
  readonly now?: () => number;
}

/** Times of the admitted calls in a sorted set for each key and rule, which ends with its window. */
export class RedisRateCounter extends RateCounter {
  private readonly now?: () => number;
  private readonly name = randomBytes(9).toString('base64url');
  private calls = 0;

  constructor(
    private readonly link: RedisLink,
    { now }: RedisRateCounterOptions = {},
  ) {
    super();
    this.now = now;
  }

  async take(key: string, rule: RateRule): Promise<RateOutcome> {
    const bucket = this.link.key('rate', bucketOf(key, rule));
    const now = this.now ? micros(this.now()) : '';
    this.calls += 1;
    const call = `${this.name}${this.calls}`;
    const { commands } = this.link;
    const [admitted, value] = (await ask(() =>
      TAKE.run(commands, [bucket], [now, String(rule.limit), micros(rule.windowMs), call]),
    )) as [number, number];
    return admitted
      ? { admitted: true, remaining: value }
      : { admitted: false, retryAfterMs: Math.ceil(value / 1_000) };
  }

  /** Nothing of its own to close: it asks over the connection of its link. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}

const micros = (ms: number): string => String(Math.round(ms * 1_000));
