import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { LiveError } from '../errors/live-error.js';
import { KeyRing } from './keys.js';
import { lengthened, shortened } from './short-token.js';
import { TokenSealer, type TokenPayload } from './token-sealer.js';

const NOW = 1_700_000_000_000;
const SECRET = 'correct-horse-battery-staple-0123456789';
const ring = new KeyRing([{ kid: 'k1', secret: SECRET }], 'app');
const sealerOf = (keys = ring) => new TokenSealer(keys, { maxTokenChars: 4_096, now: () => NOW });

const payload: TokenPayload = {
  pur: 'state',
  n: 'cart',
  i: 'AAAAAAAAAAAAAAAAAAAAAA',
  sh: 1,
  sub: 'somebody',
  iat: NOW,
  exp: NOW + 43_200_000,
  cs: 'BBBBBBBBBBBBBBBBBBBBBA',
  e: 'CCCCCCCCCCCCCCCCCCCCCA.0123456789abcdef',
  v: 3,
};
const expected = { purposes: ['state', 'mount'], name: 'cart', sub: 'somebody' } as const;
const token = sealerOf().seal(payload);
const short = shortened(token) ?? '';

const codeOf = (text: string, by = sealerOf()): string => {
  try {
    by.open(text, expected);
    return 'opened';
  } catch (error) {
    return error instanceof LiveError ? error.code : String(error);
  }
};

const SPELLINGS = join(import.meta.dirname, '../../test/protocol/cases/tokens.json');

describe('the short spelling of a token', () => {
  it('is opened as the token is, by who has sealed it and by everybody else', () => {
    const own = sealerOf();
    expect(short.length).toBeLessThan(token.length * 0.6);
    expect(shortened(own.seal(payload))).toBe(short);
    for (const sealer of [own, sealerOf()]) {
      for (const spelling of [token, short, token]) expect(sealer.open(spelling, expected)).toEqual(payload);
    }
  });

  it.each(JSON.parse(readFileSync(SPELLINGS, 'utf8')) as { title: string; token: string; short: string }[])(
    'stays what it is, so that nodes of another release read it: $title',
    (spelled) => {
      expect(shortened(spelled.token)).toBe(spelled.short);
      expect(lengthened(spelled.short)).toBe(spelled.token);
    },
  );

  it('is refused with any one bit flipped, any character more or less, and under another key', () => {
    const bytes = Buffer.from(short);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      expect(codeOf(flipped.toString('latin1'))).toBe('STATE_INVALID');
    }
    for (let at = 0; at < short.length; at += 1) {
      expect(codeOf(short.slice(0, at) + short.slice(at + 1))).toBe('STATE_INVALID');
      expect(codeOf(`${short.slice(0, at)}A${short.slice(at)}`)).toBe('STATE_INVALID');
    }
    const others = new KeyRing([{ kid: 'k1', secret: `${SECRET}!` }], 'app');
    expect(codeOf(short, sealerOf(others))).toBe('STATE_INVALID');
  });

  it('opens nothing that its token does not', () => {
    const of = (more: Partial<TokenPayload>) => shortened(sealerOf().seal({ ...payload, ...more })) ?? '';
    expect(codeOf(of({ sub: 'else' }))).toBe('STATE_INVALID');
    expect(codeOf(of({ n: 'admin' }))).toBe('STATE_INVALID');
    expect(codeOf(of({ ten: 't1' }))).toBe('STATE_INVALID');
    expect(codeOf(of({ iat: NOW - 9e8, exp: NOW - 8e8 }))).toBe('STATE_EXPIRED');
    expect(codeOf(of({}))).toBe('opened');
    const strict = new KeyRing([{ kid: 'k1', secret: SECRET, verifyUntil: NOW - 1 }], 'app');
    expect(codeOf(short, sealerOf(strict))).toBe('STATE_INVALID');
  });

  it('is there for every token that only names, and for no other', () => {
    const name = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.uint8Array().map((b) => Buffer.from(b).toString('base64url')),
    );
    const number = fc.nat({ max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(
        fc.record({ n: name, i: name, cs: name, ten: name, sh: fc.nat(), v: number, exp: number }),
        (some) => {
          const sealed = sealerOf().seal({ ...payload, ...some, iat: 0 });
          const spelled = shortened(sealed);
          if (spelled !== undefined) expect(lengthened(spelled)).toBe(sealed);
        },
      ),
    );
    const none: readonly Partial<TokenPayload>[] = [{ st: '{}' }, { p: '{}' }, { pur: 'mount' }, { cs: undefined }, { e: 'e' }, { e: 'a.b.c' }, { v: -1 }, { b: 1 }]; // prettier-ignore
    for (const more of none) expect(shortened(sealerOf().seal({ ...payload, ...more }))).toBeUndefined();
    expect(shortened(sealerOf().seal(payload, 'encrypted'))).toBeUndefined();
  });

  it('takes any bytes for what they are: nothing', () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('base64url')));
    fc.assert(
      fc.property(parts, fc.boolean(), (some, isReal) => {
        const spelled = ['lc1s', ...(isReal ? ['k1'] : []), ...some].join('.');
        expect(codeOf(spelled)).toBe('STATE_INVALID');
      }),
    );
    expect(codeOf(`lc1s.k1.${Buffer.alloc(2_000, 255).toString('base64url')}.${token.slice(-43)}`)).toBe(
      'STATE_INVALID',
    );
  });
});
