import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { KeyRing } from '../../src/state/keys.js';
import { SignedValues } from '../../src/state/signed-value.js';
import { TokenSealer } from '../../src/state/token-sealer.js';
import type { TokenForm, TokenPayload, TokenPurpose } from '../../src/state/token.js';
import { RUNS } from './runs.js';

const NOW = 1_700_000_000_000;
const SECRETS = ['correct-horse-battery-staple-0123456789', 'another-horse-with-another-staple-9876'];
const PURPOSES: readonly TokenPurpose[] = ['mount', 'state', 'sub', 'upload', 'csrf', 'ctl'];

/** Whoever opens a token has not made it: nothing is taken on trust of having sealed it. */
const sealerOf = (...kids: readonly number[]): TokenSealer => {
  const ring = new KeyRing(
    kids.map((kid) => ({ kid: `k${kid}`, secret: SECRETS[kid] })),
    'app',
  );
  return new TokenSealer(ring, { maxTokenChars: 100_000, now: () => NOW });
};

const principals = new SignedValues(new KeyRing([{ kid: 'k0', secret: SECRETS[0] }], 'app'));

/** Everything a token is bound to. */
interface Context {
  readonly name: string;
  readonly id: string;
  readonly who: string;
  readonly session: string;
  readonly tenant?: string;
  readonly purpose: TokenPurpose;
  readonly kid: number;
}

const word = fc.constantFrom('a', 'b', 'ab', '__proto__', 'cart');
const context: fc.Arbitrary<Context> = fc.record({
  name: word,
  id: word,
  who: word,
  session: word,
  tenant: fc.option(word, { nil: undefined }),
  purpose: fc.constantFrom(...PURPOSES),
  kid: fc.nat(1),
});
const form: fc.Arbitrary<TokenForm> = fc.constantFrom('signed', 'encrypted');

const payloadOf = ({ name, id, who, session, tenant, purpose }: Context, props?: unknown): TokenPayload => ({
  ...(props === undefined ? {} : { p: props }),
  pur: purpose,
  n: name,
  i: id,
  sh: 1,
  sub: principals.principalOf(who, session),
  ...(tenant === undefined ? {} : { ten: tenant }),
  iat: NOW,
  exp: NOW + 60_000,
});

const expectedOf = ({ name, id, who, session, tenant, purpose }: Context) => ({
  purposes: [purpose],
  name,
  instance: id,
  sub: principals.principalOf(who, session),
  tenant,
});

const edit = fc.record({
  how: fc.constantFrom('insert', 'delete', 'replace', 'swap', 'case'),
  at: fc.nat(),
  char: fc.constantFrom(...'AZaz09-_.=+/ \0é'),
});

/** One change as a hand or a broken wire makes it. */
const edited = (token: string, { how, at, char }: { how: string; at: number; char: string }): string => {
  const place = at % token.length;
  const [before, here, after] = [token.slice(0, place), token[place], token.slice(place + 1)];
  if (how === 'insert') return before + char + here + after;
  if (how === 'delete') return before + after;
  if (how === 'replace') return before + char + after;
  if (how === 'swap') return before + (after[0] ?? '') + here + after.slice(1);
  return before + (here === here.toLowerCase() ? here.toUpperCase() : here.toLowerCase()) + after;
};

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return 'accepted';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

describe('any token', () => {
  it('opens to what was sealed, and not at all after any one edit', () => {
    fc.assert(
      fc.property(
        context,
        form,
        fc.jsonValue(),
        fc.array(edit, { minLength: 1, maxLength: 20 }),
        (of, as, data, edits) => {
          // JSON has no minus zero: a state with one is written by the codec.
          const payload = payloadOf(of, JSON.parse(JSON.stringify({ data })));
          const token = sealerOf(of.kid).seal(payload, as);
          expect(sealerOf(of.kid).open(token, expectedOf(of))).toMatchObject({ p: payload.p, n: of.name, i: of.id });
          for (const each of edits) {
            const other = edited(token, each);
            if (other !== token)
              expect(codeOf(() => sealerOf(of.kid).open(other, expectedOf(of)))).toBe('STATE_INVALID');
          }
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('is good in its own context alone: component, instance, principal, tenant, purpose and key', () => {
    fc.assert(
      fc.property(context, context, form, (made, asked, as) => {
        const token = sealerOf(made.kid).seal(payloadOf(made), as);
        const isSame = JSON.stringify(made) === JSON.stringify(asked);
        const code = codeOf(() => sealerOf(asked.kid).open(token, expectedOf(asked)));
        expect(code).toBe(isSame ? 'accepted' : 'STATE_INVALID');
      }),
      { numRuns: RUNS },
    );
  });

  it('is refused for each single difference of its context', () => {
    const keys = ['name', 'id', 'who', 'session', 'tenant', 'purpose', 'kid'] as const;
    fc.assert(
      fc.property(context, context, form, fc.constantFrom(...keys), (made, other, as, key) => {
        fc.pre(made[key] !== other[key]);
        const asked = { ...made, [key]: other[key] };
        const token = sealerOf(made.kid).seal(payloadOf(made), as);
        expect(codeOf(() => sealerOf(asked.kid).open(token, expectedOf(asked)))).toBe('STATE_INVALID');
      }),
      { numRuns: RUNS },
    );
  });
});
