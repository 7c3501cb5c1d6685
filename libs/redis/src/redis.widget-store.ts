import { lifeOf, WidgetStore, type ClaimOutcome, type WidgetRecord, type WidgetStoreOptions } from 'nest-live/extend';

import type { RedisLink } from './redis.link.js';

/* Two keys: a hash of records by id, and a sorted set that says when each is over. Both hold the same ids at all times,
   because every script writes both. KEYS 1 records, 2 ends   ARGV 1 now */

const CLAIM = `
local now, id, record, over, ends, most = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
local present = redis.call('HGET', KEYS[1], id)
if present then
  local live = tonumber(redis.call('ZSCORE', KEYS[2], id)) >= tonumber(now)
  if live and cjson.decode(present)['birth'] ~= over then return {'TAKEN', present, redis.call('ZSCORE', KEYS[2], id)} end
elseif redis.call('HLEN', KEYS[1]) >= most then
  return {'FULL'}
end
redis.call('HSET', KEYS[1], id, record)
redis.call('ZADD', KEYS[2], ends, id)
return {'OK'}`;

const CHANGE = `
local now, id, birth, ends = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]
local present = redis.call('HGET', KEYS[1], id)
if not present or cjson.decode(present)['birth'] ~= birth then return false end
local known = tonumber(redis.call('ZSCORE', KEYS[2], id))
if known < now then return false end
if ends == '' then
  redis.call('HDEL', KEYS[1], id)
  redis.call('ZREM', KEYS[2], id)
  return ''
end
if tonumber(ends) > known then redis.call('ZADD', KEYS[2], ends, id) end
return redis.call('ZSCORE', KEYS[2], id)`;

const LIST = `
local live = redis.call('ZRANGEBYSCORE', KEYS[2], ARGV[1], '+inf', 'WITHSCORES')
local found = {}
for i = 1, #live, 2 do
  found[i] = redis.call('HGET', KEYS[1], live[i])
  found[i + 1] = live[i + 1]
end
return found`;

const TAKE_EXPIRED = `
local over = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[2])
local taken = {}
for i = 1, #over, 2 do
  taken[i] = redis.call('HGET', KEYS[1], over[i])
  taken[i + 1] = over[i + 1]
  redis.call('HDEL', KEYS[1], over[i])
  redis.call('ZREM', KEYS[2], over[i])
end
return taken`;

type Pair = readonly [record: string, until: string];

/** Widgets of all nodes of an application. Times are those of the nodes' clocks: a widget's life is minutes, not milliseconds. */
export class RedisWidgetStore extends WidgetStore {
  private readonly maxWidgets: number;
  private readonly now: () => number;
  private readonly keys: readonly [string, string];

  constructor(
    private readonly link: RedisLink,
    { maxWidgets = 10_000, now = Date.now }: WidgetStoreOptions = {},
  ) {
    super();
    this.maxWidgets = maxWidgets;
    this.now = now;
    this.keys = [link.key('{widgets}', 'records'), link.key('{widgets}', 'ends')];
  }

  async claim(record: WidgetRecord, over = ''): Promise<ClaimOutcome> {
    const { until, ...kept } = record;
    const given = [this.now(), record.id, JSON.stringify(kept), over, until, this.maxWidgets];
    const [kind, ...present] = await this.run<['OK' | 'FULL'] | ['TAKEN', ...Pair]>(CLAIM, given);
    return kind === 'TAKEN' ? { kind, record: recordOf(present as unknown as Pair) } : { kind };
  }

  async get(id: string): Promise<WidgetRecord | null> {
    const [records, ends] = this.keys;
    const [[, record], [, until]] = (await this.link.commands.multi().hget(records, id).zscore(ends, id).exec()) as [
      [Error | null, string | null],
      [Error | null, string | null],
    ];
    return record !== null && until !== null && Number(until) >= this.now() ? recordOf([record, until]) : null;
  }

  async list(): Promise<readonly WidgetRecord[]> {
    const records = recordsOf(await this.run<string[]>(LIST, [this.now()]));
    return records.sort((a, b) => a.made - b.made);
  }

  async touch(id: string, birth: string): Promise<number | null> {
    const record = await this.get(id);
    if (record?.birth !== birth) return null;
    const now = this.now();
    const until = await this.run<string | null>(CHANGE, [now, id, birth, lifeOf(record, now)]);
    return until === null ? null : Number(until);
  }

  async delete(id: string, birth: string): Promise<boolean> {
    return (await this.run<string | null>(CHANGE, [this.now(), id, birth, ''])) !== null;
  }

  async takeExpired(most: number): Promise<readonly WidgetRecord[]> {
    return recordsOf(await this.run<string[]>(TAKE_EXPIRED, [this.now(), most]));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private run<T>(script: string, given: readonly (string | number)[]): Promise<T> {
    return this.link.commands.eval(script, 2, ...this.keys, ...given) as Promise<T>;
  }
}

const recordOf = ([record, until]: Pair): WidgetRecord => ({
  ...(JSON.parse(record) as Omit<WidgetRecord, 'until'>),
  until: Number(until),
});

const recordsOf = (flat: readonly string[]): WidgetRecord[] =>
  Array.from({ length: flat.length / 2 }, (_, i) => recordOf([flat[2 * i], flat[2 * i + 1]]));
