import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { OriginPolicy } from '../../src/transport/origin.policy.js';
import { RUNS } from './runs.js';

const ALLOWED = ['https://shop.example', 'http://localhost:3000'];
const OWN = 'app.example:8080';

const policy = new OriginPolicy({ origins: ALLOWED });

/** What URL itself says, and nothing that URL would quietly repair. */
const isOneOf = (origin: string, allowed: readonly string[]): boolean => {
  if (!URL.canParse(origin)) return false;
  const { protocol, host, origin: exact } = new URL(origin);
  const isBare = origin.toLowerCase().replace(/:(80|443)$/, '') === `${protocol}//${host}`;
  return isBare && allowed.includes(exact);
};

const piece = fc.constantFrom(
  ...['shop', 'app', '.example', 'example', ':443', ':444', ':8080', ':80', '.', '/', '//', '\\', '@', '#', '?', ' '],
  ...[',', 'evil', '\t', '\n', '%2e', 'ſhop', 'xn--', '\u0000', ':', 'https', 'http', 'localhost', ':3000', 'null'],
);
const edit = fc.record({ at: fc.nat(40), cut: fc.nat(3), piece });

/** A good one with a few things added and taken away. */
const lookAlike = fc
  .tuple(fc.constantFrom(...ALLOWED, `http://${OWN}`), fc.array(edit, { maxLength: 3 }))
  .map(([origin, edits]) =>
    edits.reduce((text, { at, cut, piece: added }) => text.slice(0, at) + added + text.slice(at + cut), origin),
  );
const origin = fc.oneof(
  lookAlike,
  lookAlike,
  fc.webUrl(),
  fc.string(),
  fc.constantFrom(...ALLOWED, 'HTTPS://SHOP.EXAMPLE'),
);

describe('an origin', () => {
  it('is let in exactly when it is one of the allowed ones, whatever it looks like', () => {
    const seen = { in: 0, out: 0 };
    const allowed = [...ALLOWED, `http://${OWN}`];
    fc.assert(
      fc.property(origin, (given) => {
        const headers = { origin: given, host: OWN, cookie: 'nest_live=a.b' };
        const isIn = policy.allowsHandshake({ headers, encrypted: false });
        expect({ given, isIn }).toEqual({ given, isIn: isOneOf(given, allowed) });
        expect(policy.allowsRequest({ headers, encrypted: false })).toBe(isIn);
        seen[isIn ? 'in' : 'out'] += 1;
      }),
      { numRuns: RUNS * 10 },
    );
    expect(seen.in).toBeGreaterThan(0);
    expect(seen.out).toBeGreaterThan(0);
  });
});
