import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { resolveLimits } from '../../src/protocol/limits.js';
import { parseCompact, parseRequest } from '../../src/protocol/parse-request.js';
import { RUNS } from './runs.js';

const LIMITS = resolveLimits();
const REACHING = new Set(['__proto__', 'constructor', 'prototype']);
const DECLARED = 'component event component_id page state ticket params fields payload seq at fresh'.split(' ');
const CODES = ['BAD_FRAME', 'TOO_LARGE', 'STATE_INVALID'];

const key = fc.oneof(
  fc.string(),
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'then', 'toJSON', 'event', 'length'),
  fc.constantFrom(...DECLARED),
);
const anything = fc.anything({ key, withNullPrototype: true, withMap: true, withSet: true, withBigInt: true });

/** A request that may well be accepted, with anything in it. */
const request = fc.record(
  {
    component: fc.oneof(fc.constant('counter'), anything),
    event: fc.oneof(fc.constant('increment'), anything),
    component_id: fc.oneof(fc.stringMatching(/^[\w-]{1,64}$/), anything),
    page: fc.oneof(fc.stringMatching(/^[\w-]{16,64}$/), anything),
    seq: fc.oneof(fc.nat(), anything),
    params: fc.oneof(fc.dictionary(key, fc.jsonValue()), anything),
    fields: fc.oneof(fc.dictionary(key, fc.jsonValue()), anything),
    payload: fc.oneof(fc.jsonValue(), anything),
    at: anything,
    [`ignored`]: anything,
  },
  { requiredKeys: [] },
);

/** Own keys at any depth of plain data. */
function* keysIn(value: unknown): Iterable<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) yield name;
    yield* keysIn(inner);
  }
}

const outcomeOf = <T>(run: () => T): T | string => {
  try {
    return run();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

const pristine = (): readonly PropertyKey[] => Reflect.ownKeys(Object.prototype);

describe('whatever comes in', () => {
  it('becomes declared fields of plain data, or a coded refusal; prototypes stay as they are', () => {
    const before = pristine();
    const accepted = { count: 0 };
    fc.assert(
      fc.property(fc.oneof(anything, request, request), (raw) => {
        const envelope = outcomeOf(() => parseRequest(raw, LIMITS));
        expect(pristine()).toEqual(before);
        if (typeof envelope === 'string') {
          expect(CODES).toContain(envelope);
          return;
        }
        accepted.count += 1;
        expect(DECLARED).toEqual(expect.arrayContaining(Object.keys(envelope)));
        expect(Object.getPrototypeOf(envelope)).toBe(Object.prototype);
        for (const descriptor of Object.values(Object.getOwnPropertyDescriptors(envelope))) {
          expect(descriptor).toHaveProperty('value');
        }
        for (const part of [envelope.params, envelope.fields, envelope.payload]) {
          for (const name of keysIn(part)) expect(REACHING.has(name)).toBe(false);
        }
      }),
      { numRuns: RUNS * 5 },
    );
    // Worth something only if it gets through at all.
    expect(accepted.count).toBeGreaterThan(0);
  });

  it('in compact form becomes an event of a handle, or a coded refusal', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(5), fc.constant('increment'), anything), { maxLength: 6 }), (raw) => {
        const read = outcomeOf(() => parseCompact(raw, LIMITS));
        if (typeof read === 'string') expect(CODES).toContain(read);
        else expect(Object.keys(read)).toEqual(['handle', 'envelope']);
      }),
      { numRuns: RUNS * 5 },
    );
  });

  it('is looked at no longer than its limits allow, however large it is', () => {
    let reads = 0;
    const watched = (depth: number): object =>
      new Proxy(
        { a: 1, b: 2 },
        {
          get: (target, name, self): unknown => {
            reads += 1;
            return depth > 0 && name === 'a' ? watched(depth - 1) : Reflect.get(target, name, self);
          },
        },
      );
    for (const size of [2_000, 200_000]) {
      reads = 0;
      const wide = Array.from({ length: size }, () => watched(1));
      expect(outcomeOf(() => parseRequest({ payload: wide }, LIMITS))).toBe('BAD_FRAME');
      // A list too long is refused before its items are read; a depth too great after as many levels.
      expect(reads).toBe(0);
      expect(outcomeOf(() => parseRequest({ payload: watched(size) }, LIMITS))).toBe('BAD_FRAME');
      expect(reads).toBeLessThan(100 * LIMITS.maxDepth);
    }
  });
});
