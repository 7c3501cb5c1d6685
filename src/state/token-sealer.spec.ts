import { readdirSync, readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LiveError } from '../errors/live-error.js';
import { isCanonicalBase64url } from './base64url.js';
import { KeyRing } from './keys.js';
import { SignedValues } from './signed-value.js';
import {
  TokenSealer,
  type TokenExpectation,
  type TokenForm,
  type TokenPayload,
  type TokenPurpose,
} from './token-sealer.js';

const NOW = 1_700_000_000_000;
const SECRET = 'correct-horse-battery-staple-0123456789';
const PURPOSES: readonly TokenPurpose[] = ['mount', 'state', 'sub', 'upload', 'csrf', 'ctl'];
const FORMS: readonly TokenForm[] = ['signed', 'encrypted'];

const ring = new KeyRing([{ kid: 'k1', secret: SECRET }], 'app');
const values = new SignedValues(ring);
const alice = values.principalOf('alice', 's1');
const sealerOf = (keys: KeyRing = ring, now = NOW) => new TokenSealer(keys, { maxTokenChars: 4_096, now: () => now });
/** One makes the tokens, another opens them: nothing is taken on trust of having made it. */
const [issuer, sealer] = [sealerOf(), sealerOf()];
const payload: TokenPayload = {
  pur: 'state',
  n: 'cart',
  i: 'instance-1',
  sh: 1,
  sub: alice,
  iat: NOW,
  exp: NOW + 60_000,
  e: 'b.g',
  v: 3,
  cs: 'cs-1',
};
const expected: TokenExpectation = { purposes: ['state'], name: 'cart', sub: alice };

const refusal = (run: () => unknown): LiveError => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(LiveError);
    return error as LiveError;
  }
  throw new Error('The token was accepted.');
};
const codeOf = (token: unknown, of: TokenExpectation = expected, by = sealer) => refusal(() => by.open(token, of)).code;

describe.each(FORMS)('TokenSealer, %s', (form) => {
  const token = issuer.seal(payload, form);

  it('opens what it sealed', () => {
    expect(sealer.open(token, expected)).toEqual(payload);
    expect(token.split('.')).toHaveLength(form === 'signed' ? 4 : 3);
  });

  it('refuses a token with any one bit flipped', () => {
    const bytes = Buffer.from(token);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      // Both readings of the bytes: as text that may be broken, and as one character per byte.
      for (const text of [flipped.toString('utf8'), flipped.toString('latin1')])
        expect(codeOf(text)).toBe('STATE_INVALID');
    }
  });

  it('refuses a token of every other purpose', () => {
    for (const pur of PURPOSES) {
      const other = issuer.seal({ ...payload, pur }, form);
      if (pur === 'state') expect(sealer.open(other, expected)).toEqual(payload);
      else expect(codeOf(other)).toBe('STATE_INVALID');
      expect(sealer.open(other, { ...expected, purposes: ['mount', pur] }).pur).toBe(pur);
    }
  });

  it('forgives a minute of clock difference and no more', () => {
    const at = (iat: number, exp: number) => issuer.seal({ ...payload, iat, exp }, form);
    expect(codeOf(at(NOW - 100_000, NOW - 61_000))).toBe('STATE_EXPIRED');
    expect(codeOf(at(NOW + 61_000, NOW + 90_000))).toBe('STATE_EXPIRED');
    expect(sealer.open(at(NOW - 100_000, NOW - 59_000), expected).n).toBe('cart');
    expect(sealer.open(at(NOW + 59_000, NOW + 90_000), expected).n).toBe('cart');
    expect(sealer.open(at(NOW - 100_000, NOW - 61_000), { ...expected, expiry: 'ignored' }).n).toBe('cart');
  });

  it('refuses the token of another principal, session, tenant, component or instance alike', () => {
    const strangers: Partial<TokenExpectation>[] = [
      { sub: values.principalOf('bob', 's1') },
      { sub: values.principalOf('alice', 's2') },
      { sub: values.principalOf('', 'anonymous') },
      { tenant: 't2' },
      { name: 'admin' },
      { instance: 'instance-2' },
    ];
    for (const stranger of strangers) expect(codeOf(token, { ...expected, ...stranger })).toBe('STATE_INVALID');
    const error = refusal(() => sealer.open(token, { ...expected, ...strangers[0] }));
    expect(error.message).toMatch(/^state\.invalid wrong_principal: token of [\w-]{22}, caller is [\w-]{22}$/);
    expect(error.message).not.toContain(alice);
    const tenants = issuer.seal({ ...payload, ten: 't1' }, form);
    expect(codeOf(tenants)).toBe('STATE_INVALID');
    expect(sealer.open(tenants, { ...expected, tenant: 't1', instance: 'instance-1' }).ten).toBe('t1');
  });

  it('tells an older shape only after everything else is in order', () => {
    const old = issuer.seal({ ...payload, st: '{}' }, form);
    const shapes = (shape: number) => shape === 2;
    expect(codeOf(old, { ...expected, shapes })).toBe('STATE_OUTDATED');
    expect(codeOf(old, { ...expected, shapes, name: 'admin' })).toBe('STATE_INVALID');
    expect(codeOf(old, { ...expected, shapes }, sealerOf(ring, NOW + 200_000))).toBe('STATE_EXPIRED');
  });

  it('asks for the shape of the state that is in it, not of one that the store has', () => {
    expect(sealer.open(token, { ...expected, shapes: () => false })).toEqual(payload);
  });

  it('opens any payload it sealed, and nothing after a single edit', () => {
    const edits = fc.record({
      at: fc.nat(),
      kind: fc.constantFrom('insert', 'delete', 'swap', 'case'),
      char: fc.string({ minLength: 1, maxLength: 1 }),
    });
    const edit = (text: string, { at, kind, char }: { at: number; kind: string; char: string }) => {
      const i = at % text.length;
      if (kind === 'insert') return text.slice(0, i) + char + text.slice(i);
      if (kind === 'delete') return text.slice(0, i) + text.slice(i + 1);
      if (kind === 'swap') return text.slice(0, i) + (text[i + 1] ?? '') + text[i] + text.slice(i + 2);
      const other = text[i] === text[i].toLowerCase() ? text[i].toUpperCase() : text[i].toLowerCase();
      return text.slice(0, i) + other + text.slice(i + 1);
    };
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.string(), fc.array(edits, { minLength: 5 }), (p, st, changes) => {
        const data = JSON.parse(JSON.stringify(p)) as unknown;
        const full = issuer.seal({ ...payload, p: data, st }, form);
        expect(sealer.open(full, expected)).toEqual({ ...payload, p: data, st });
        for (const change of changes) {
          const edited = edit(full, change);
          if (edited !== full) expect(codeOf(edited)).toBe('STATE_INVALID');
        }
      }),
    );
  });

  it('never opens the token of another context', () => {
    const rings = ['k1', 'k2'].map((kid) => new KeyRing([{ kid, secret: SECRET + kid }], 'app'));
    const word = fc.constantFrom('a', 'b');
    const context = fc.record({
      name: word,
      instance: word,
      principal: word,
      purpose: fc.constantFrom(...PURPOSES),
      key: fc.constantFrom(0, 1),
    });
    fc.assert(
      fc.property(context, context, (one, two) => {
        const [from, to] = [sealerOf(rings[one.key]), sealerOf(rings[two.key])];
        const sealed = from.seal(
          { ...payload, pur: one.purpose, n: one.name, i: one.instance, sub: one.principal },
          form,
        );
        const open = () =>
          to.open(sealed, { purposes: [two.purpose], name: two.name, sub: two.principal, instance: two.instance });
        if (JSON.stringify(one) === JSON.stringify(two)) expect(open().n).toBe(one.name);
        else expect(refusal(open).code).toBe('STATE_INVALID');
      }),
    );
  });

  it('keeps tokens valid through a rotation, until the old key is past its window', () => {
    const old = { kid: 'k1', secret: SECRET, verifyUntil: NOW + 10 };
    const fresh = { kid: 'k2', secret: 'another-secret-of-more-than-32-bytes-ok' };
    const rotated = new KeyRing([fresh, old], 'app');
    expect(sealerOf(rotated).open(token, expected)).toEqual(payload);
    expect(sealerOf(rotated).seal(payload, form)).toMatch(/^lc1e?\.k2\./);
    expect(codeOf(token, expected, sealerOf(rotated, NOW + 11))).toBe('STATE_INVALID');
    expect(codeOf(token, expected, sealerOf(new KeyRing([fresh], 'app')))).toBe('STATE_INVALID');
    expect(codeOf(token, expected, sealerOf(new KeyRing([{ kid: 'k1', secret: SECRET }], 'other app')))).toBe(
      'STATE_INVALID',
    );
  });
});

describe('TokenSealer', () => {
  const token = issuer.seal(payload);
  const [version, kid, body, mac] = token.split('.') as [string, string, string, string];
  const join = (...parts: string[]) => parts.join('.');
  const macBytes = Buffer.from(mac, 'base64url');

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['an object', { token }],
    ['a list', [token]],
    ['no text', ''],
    ['text under the limit', 'a'.repeat(4_096)],
    ['text over the limit', 'a'.repeat(4_097)],
    ['three parts', join(version, kid, body)],
    ['five parts', join(token, 'x')],
    ['an empty part', join(version, '', body, mac)],
    ['padding', `${token}=`],
    ['other base64', join(version, kid, body, macBytes.toString('base64'))],
    ['a byte order mark', `\uFEFF${token}`],
    ['a NUL', `${token}\0`],
    ['a line end', `${token}\n`],
    ['a space', ` ${token}`],
    ['an older version', join('lc0', kid, body, mac)],
    ['no version', join('none', kid, body, mac)],
    ['the other form', join('lc1e', kid, body)],
    ['an upper-case version', join('LC1', kid, body, mac)],
    ['an unknown key', join(version, 'k9', body, mac)],
    ['a prototype key', join(version, '__proto__', body, mac)],
    ...[0, 16, 31, 33, 64].map((n): [string, unknown] => [
      `a MAC of ${n} bytes`,
      join(version, kid, body, Buffer.concat([macBytes, macBytes]).subarray(0, n).toString('base64url')),
    ]),
    ['unused bits', token.slice(0, -1) + String.fromCharCode(token.charCodeAt(token.length - 1) + 1)],
    ['a short ciphertext', join('lc1e', kid, 'AAAA')],
  ])('refuses %s', (_, given) => {
    expect(codeOf(given)).toBe('STATE_INVALID');
  });

  it('opens what it has sealed itself as a stranger opens it, and no longer than its key is good', () => {
    const strict = new KeyRing([{ kid: 'k1', secret: SECRET, verifyUntil: NOW + 50 }], 'app');
    let now = NOW;
    const own = new TokenSealer(strict, { maxTokenChars: 4_096, now: () => now });
    const mine = own.seal(payload);
    expect(own.open(mine, expected)).toEqual(sealerOf(strict).open(mine, expected));
    expect(codeOf(mine, { ...expected, purposes: ['mount'] }, own)).toBe('STATE_INVALID');
    expect(codeOf(mine, { ...expected, sub: 'bob' }, own)).toBe('STATE_INVALID');
    expect(codeOf(mine, { ...expected, name: 'admin' }, own)).toBe('STATE_INVALID');
    now = NOW + 51;
    expect(codeOf(mine, expected, own)).toBe('STATE_INVALID');
  });

  it('refuses a well-signed text that is not a payload of its purpose', () => {
    const forge = (data: unknown) => issuer.seal({ ...(data as TokenPayload), pur: 'state' });
    for (const wrong of [{ v: 1.5 }, { n: 1 }, { sh: '1' }, { iat: null }, { exp: undefined }, { cs: 5 }, { st: {} }]) {
      const error = refusal(() => sealer.open(forge({ ...payload, ...wrong }), expected));
      expect([error.code, error.message]).toEqual(['STATE_INVALID', 'state.invalid schema']);
    }
  });

  it('does not make a token that nobody would accept', () => {
    expect(refusal(() => issuer.seal({ ...payload, st: 'x'.repeat(4_096) })).code).toBe('STATE_TOO_LARGE');
  });

  it('hides the content of an encrypted token and repeats nothing', () => {
    const [one, two] = [1, 2].map(() => issuer.seal({ ...payload, st: 'confidential' }, 'encrypted'));
    expect(Buffer.from(one.split('.')[2], 'base64url').toString('latin1')).not.toContain('confidential');
    expect(one).not.toBe(two);
  });

  it('shows the page neither the principal nor its unkeyed name', () => {
    const clear = Buffer.from(body, 'base64url').toString();
    expect(clear).not.toContain(alice);
    expect(clear).not.toContain('alice');
  });

  it('never shows a secret', () => {
    expect(inspect(sealer, { depth: 9, showHidden: true })).not.toContain(SECRET);
    expect(JSON.stringify({ sealer, values })).not.toContain(SECRET);
    expect(inspect(values, { depth: 9, showHidden: true })).not.toContain(SECRET);
  });

  it('compares MACs in constant time, after their length', () => {
    const folder = new URL('.', import.meta.url);
    const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
    const plain =
      /\b\w*(?:mac|Mac|tag|sent|digest)\w*(?:\(\w*\))?\s*[!=]==?(?!=?\s*undefined\b)|[!=]==?\s*\w*(?:[mM]ac|digest)\b|\.equals\(/;
    expect('if (mac === other)').toMatch(plain);
    expect('other !== mac').toMatch(plain);
    for (const name of sources) {
      const text = readFileSync(new URL(name, folder), 'utf8');
      if (!text.includes('createHmac') || name === 'keys.ts') continue;
      expect({ name, found: text.match(plain)?.[0] }).toEqual({ name, found: undefined });
      expect(text).toMatch(/length !== MAC_BYTES[\s\S]*timingSafeEqual\(bytes/);
    }
  });

  it('knows canonical text without encoding it again', () => {
    const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
    const text = fc.array(fc.constantFrom(...alphabet), { minLength: 1, maxLength: 9 }).map((chars) => chars.join(''));
    const encodedAgain = (given: string) => Buffer.from(given, 'base64url').toString('base64url') === given;
    fc.assert(
      fc.property(text, (given) => isCanonicalBase64url(given) === encodedAgain(given)),
      { numRuns: 3_000 },
    );
  });
});
