import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isOwnAddress } from '../../src/protocol/own-address.js';
import { safeUrl } from '../../src/rendering/safe-url.js';
import { RUNS } from './runs.js';

// By a path that is not written out: its types are those of a browser.
const CLIENT: string = '../../libs/client/src/effects.js';
const { isSafeTarget } = (await import(CLIENT)) as { isSafeTarget(to: unknown, origin: string): boolean };

const HERE = 'https://shop.example:8443';
const piece = fc.constantFrom(
  ...['/', '//', '\\', '?', '#', ':', '@', '.', '..', '%2f', '%0a', '%00', '%09', '%5c', 'a', 'evil.example', '&'],
  ...[
    'http:',
    'https:',
    'javascript:',
    'JaVaScRiPt',
    'data:text/html,',
    'vbscript:',
    HERE,
    'shop.example',
    '-',
    '[',
    '%',
  ],
  ...['\t', '\n', '\r', ' ', '\u0000', '\u0001', '\u001f', '\u007f', '\u0085', '\u00a0', '\u00ad', '\u1680', '\u200b'],
  ...['\u2028', '\u2029', '\u202e', '\u3000', '\ufeff', '。', '／', '＼', '\ud800', 'é'],
);
const address = fc.oneof(
  { weight: 3, arbitrary: fc.array(piece, { maxLength: 6 }).map((parts) => parts.join('')) },
  { weight: 3, arbitrary: fc.array(piece, { maxLength: 4 }).map((parts) => `/${parts.join('')}`) },
  fc.webUrl(),
  fc.string({ unit: 'binary' }),
);
const RUNS_AS_SCRIPT = /^(?:javascript|vbscript|data):$/;

describe('an address that redirect() takes', () => {
  it('stays on this site for every browser, and is taken by the client as well', () => {
    const seen = { own: 0, refused: 0 };
    fc.assert(
      fc.property(address, (to) => {
        const isOwn = isOwnAddress(to);
        seen[isOwn ? 'own' : 'refused'] += 1;
        if (!isOwn) return;
        for (const page of [HERE, `${HERE}/a/b`, `${HERE}/a?b#c`, 'http://localhost/']) {
          expect({ to, origin: new URL(to, page).origin }).toEqual({ to, origin: new URL(page).origin });
        }
        // Under an origin that the address does not hold: the client reads its own as the beginning of a full address.
        expect({ to, client: isSafeTarget(to, 'https://nowhere.invalid') }).toEqual({ to, client: true });
      }),
      { numRuns: RUNS * 20 },
    );
    expect(seen.own).toBeGreaterThan(RUNS);
    expect(seen.refused).toBeGreaterThan(RUNS);
  });
});

describe('an address that the client follows', () => {
  it('stays on this site', () => {
    fc.assert(
      fc.property(address, (to) => {
        if (isSafeTarget(to, HERE))
          expect({ to, origin: new URL(to, `${HERE}/a`).origin }).toEqual({ to, origin: HERE });
      }),
      { numRuns: RUNS * 20 },
    );
  });
});

describe('an address in a page', () => {
  it('never runs, whatever is put into its scheme', () => {
    const ignored = fc.constantFrom('', '', '', '\t', '\n', '\r', ' ', '\u0000', '\u0001', '\u001f');
    const scheme = fc.constantFrom('javascript:', 'JAVASCRIPT:', 'vbscript:', 'data:text/html,', 'data:text/xml,');
    const disguised = fc
      .tuple(scheme, fc.array(ignored, { minLength: 20, maxLength: 20 }), fc.string())
      .map(([text, between, rest]) => [...text].map((sign, at) => (between[at] ?? '') + sign).join('') + rest);
    fc.assert(
      fc.property(disguised, (url) => {
        expect({ url, safe: safeUrl(url) }).toEqual({ url, safe: 'about:blank#blocked' });
      }),
      { numRuns: RUNS * 5 },
    );
    fc.assert(
      fc.property(address, (url) => {
        const safe = safeUrl(url);
        const runs = URL.canParse(safe, HERE) && RUNS_AS_SCRIPT.test(new URL(safe, HERE).protocol);
        if (runs) expect(new URL(safe, HERE).href).toMatch(/^data:(?!text\/html)/);
      }),
      { numRuns: RUNS * 20 },
    );
  });
});
