import { RedisBackend, type RedisOptions } from 'nest-live/redis';

describe('the address of Redis', () => {
  it.each([
    ['a raw # in the password', 'redis://:pa#ss@127.0.0.1:6379'],
    ['a raw # that cuts the address short', 'redis://user:12#x@127.0.0.1:6379'],
    ['a raw / in the password', 'redis://user:1/b@127.0.0.1:6379'],
    ['a bad escape', 'redis://user:1%zz@127.0.0.1:6379'],
    ['another protocol', 'http://127.0.0.1:6379'],
    ['a database that is no number', 'redis://127.0.0.1:6379/shop'],
  ])('is not looked for at an address that cannot be meant: %s', (_, url) => {
    expect(() => new RedisBackend({ url })).toThrow(/address of Redis.*OPTION_INVALID/);
    expect(() => new RedisBackend({ url })).not.toThrow(/pa#ss|12#x|1\/b|1%zz/);
  });

  it.each<[keyof NonNullable<RedisOptions['connection']>, NonNullable<RedisOptions['connection']>]>([
    ['keyPrefix', { keyPrefix: 'mine:' }],
    ['stringNumbers', { stringNumbers: true }],
    ['readOnly', { readOnly: true }],
    ['role', { role: 'slave' }],
    ['commandTimeout', { commandTimeout: 10 }],
  ])('is not used with a setting that breaks a promise: %s', (name, connection) => {
    const make = () => new RedisBackend({ url: 'redis://127.0.0.1:6379', connection });
    expect(make).toThrow(new RegExp(`connection\\.${name}: .*OPTION_INVALID`));
  });
});
