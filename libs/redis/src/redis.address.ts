import type { RedisOptions as ConnectionOptions } from 'ioredis';
import { LiveSetupError } from 'nest-live';

import type { RedisOptions } from './redis.options.js';

/** Settings of ioredis that would break a promise, and what to write instead. */
const NOT_OURS: readonly (readonly [keyof ConnectionOptions, unknown, string])[] = [
  ['keyPrefix', '', 'it changes the names of keys behind our back, and pushes would be lost: use forRoot({ prefix })'],
  ['stringNumbers', false, 'numbers must come as numbers, or rate limits count nothing: remove it'],
  ['readOnly', false, 'every event is a write: remove it'],
  ['role', 'master', 'every event is a write, which a replica refuses: remove it'],
  ['commandTimeout', undefined, 'a reader waits longer than a command may take: use forRoot({ commandTimeoutMs })'],
];

const SHAPE = 'redis://user:password@host:6379/0';

const invalid = (message: string): LiveSetupError => new LiveSetupError('OPTION_INVALID', message);

/** Where Redis is, read once and checked, so that a mistake has a name before anything is dialled. */
export class RedisAddress {
  readonly url?: string;
  readonly connection: ConnectionOptions;
  /** Number of the database. */
  readonly database: number;

  /** @throws LiveSetupError `OPTION_INVALID` when nothing says where Redis is, or what says it cannot be meant */
  constructor({ url, connection = {} }: RedisOptions) {
    this.url = url ?? process.env.NEST_LIVE_REDIS_URL ?? process.env.REDIS_URL;
    const { host, path, sentinels } = connection;
    if (!this.url && !host && !path && !sentinels) {
      throw invalid(
        'RedisModule does not know where Redis is: set NEST_LIVE_REDIS_URL=redis://host:6379, or forRoot({ url }).',
      );
    }
    for (const [name, harmless, reason] of NOT_OURS) {
      if (connection[name] !== undefined && connection[name] !== harmless) {
        throw invalid(`RedisModule cannot work with connection.${name}: ${reason}.`);
      }
    }
    this.connection = connection;
    this.database = (this.url ? databaseOf(this.url) : undefined) ?? connection.db ?? 0;
  }
}

/** The number behind the host, where there is one. Never repeats the address: it may hold a password. */
function databaseOf(url: string): number | undefined {
  const isNamed = /^[a-z][a-z0-9+.-]*:\/\//i.test(url);
  if (isNamed && !/^rediss?:/i.test(url)) {
    throw invalid(
      `the address of Redis begins with "${url.slice(0, url.indexOf(':'))}:": write ${SHAPE}, or rediss:// for TLS.`,
    );
  }
  // The path of a socket file, as ioredis reads it.
  if (url.startsWith('/') && !url.startsWith('//')) return numberOf(new URLSearchParams(url.split('?')[1]).get('db'));
  const full = isNamed ? url : `redis://${url.replace(/^\/\//, '')}`;
  const read = URL.canParse(full) ? new URL(full) : undefined;
  const database = read?.pathname.replace(/^\/$/, '') ?? '';
  if (!read || read.hash || !/^(?:\/\d{1,6})?$/.test(database) || !isDecodable(read.username + read.password)) {
    throw invalid(
      `the address of Redis cannot be read: write ${SHAPE}. In a user name or password "#" is %23, "/" is %2F, "?" is %3F, "@" is %40, "%" is %25.`,
    );
  }
  return numberOf(database.slice(1) || read.searchParams.get('db'));
}

const numberOf = (text: string | null): number | undefined => (text ? Number(text) : undefined);

const isDecodable = (text: string): boolean => {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
};
