import { isSafeTarget } from './effects.js';

const ORIGIN = 'https://good.example';

describe('isSafeTarget', () => {
  it.each(['/', '/orders/7?x=1#y', '?page=2', '#top', `${ORIGIN}/orders`, '/search?q=https://other.example'])(
    'accepts %s',
    (to) => {
      expect(isSafeTarget(to, ORIGIN)).toBe(true);
      expect(new URL(to, `${ORIGIN}/here`).origin).toBe(ORIGIN);
    },
  );

  it.each([
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https:evil.example',
    'https://evil.example/',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    '/%0d%0aSet-Cookie:a=b',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    '/a\u2028b',
    'https://good.example@evil.example/',
    'https://good.example.evil.example/',
    `/${ORIGIN.slice(0, 0)}/evil.example`,
    `${ORIGIN}//evil.example`,
    `${ORIGIN}`,
    '',
    undefined,
    null,
    {},
  ])('refuses %p', (to) => {
    expect(isSafeTarget(to, ORIGIN)).toBe(false);
  });
});
