import { describe, expect, it } from '@jest/globals';
import { HttpException } from '@nestjs/common';
import fc from 'fast-check';

import { CATALOGUE } from '../../src/errors/catalogue.js';
import { LiveError } from '../../src/errors/live-error.js';
import { refusal, toLiveError } from '../../src/lifecycle/run/failure.js';
import { RUNS } from './runs.js';

const CANARY = 'hunter2-of-somebody at /srv/app/secret.js:7';

class OwnError extends Error {
  override readonly name = CANARY;
}

const fails = (): never => {
  throw new Error(CANARY);
};

/** Something that fails in one of many ways when it is looked at. */
const hostile = (seed: object, how: string): unknown => {
  if (how === 'proxy') return new Proxy(seed, { get: fails, has: fails, getPrototypeOf: fails, ownKeys: fails });
  if (how === 'revoked') {
    const { proxy, revoke } = Proxy.revocable(seed, {});
    revoke();
    return proxy;
  }
  if (how === 'frozen') return Object.freeze(seed);
  if (how === 'circular') return Object.assign(seed, { self: seed, cause: seed });
  if (how === 'getters') {
    for (const name of ['stack', 'message', 'name', 'code', 'cause', 'status']) {
      Object.defineProperty(seed, name, { get: fails, configurable: true });
    }
  }
  if (how === 'texts') return Object.assign(seed, { toString: fails, toJSON: fails, [Symbol.toPrimitive]: fails });
  return seed;
};

const seeds = fc.constantFrom(
  () => new Error(CANARY),
  () => new OwnError(CANARY),
  () => new RangeError('Maximum call stack size exceeded'),
  () => new AggregateError([new Error(CANARY)], CANARY),
  () => new HttpException(CANARY, 403),
  () => new HttpException({ message: [CANARY, 5, null] }, 400),
  () => new HttpException({ secret: CANARY }, 599),
  () => ({ code: CANARY, status: 418, message: CANARY }),
  () => ({ [CANARY]: 1 }),
  () => Object.create(null) as object,
);
const thrown = fc.oneof(
  fc
    .tuple(seeds, fc.constantFrom('as it is', 'proxy', 'revoked', 'frozen', 'circular', 'getters', 'texts'))
    // Made only when it is thrown: the library looks at its own values.
    .map(
      ([make, how]) =>
        () =>
          hostile(make(), how),
    ),
  fc
    .anything({ withBigInt: true, withMap: true, withNullPrototype: true, withObjectString: true })
    .map((value) => () => value),
  fc.constantFrom(undefined, null, CANARY, Symbol(CANARY), NaN, 1n).map((value) => () => value),
);

describe('whatever is thrown', () => {
  it('has one code, and the client is told the sentence of the catalogue and nothing of it', () => {
    const place = fc.constantFrom('author' as const, 'module' as const);
    fc.assert(
      fc.property(thrown, place, fc.boolean(), (make, where, anonymous) => {
        const failure = toLiveError(make(), { anonymous, place: where });
        expect(failure).toBeInstanceOf(LiveError);
        const reply = refusal(failure, { id: 'i', seq: 1 });
        expect(reply.error.message).toBe(CATALOGUE[failure.code].message);
        const { fields, ...told } = reply.error;
        expect(JSON.stringify(told)).not.toContain('hunter2');
        // A validation's sentences are written for whoever filled the form in.
        if (fields) expect(failure.code).toBe('VALIDATION_FAILED');
      }),
      { numRuns: RUNS * 5 },
    );
  });
});
