import { describe, expect, it } from '@jest/globals';

import { AccountCookie } from './account.cookie.js';
import { ACCOUNTS, type Account } from './account.js';

describe('AccountCookie', () => {
  const cookie = new AccountCookie();
  const staff = ACCOUNTS.get('staff') as Account;
  const [signed] = cookie.signIn(staff).split(';');

  it('knows whom it signed in, among other cookies', () => {
    expect(cookie.read(`nest_live=abc; ${signed}; theme=dark`)).toBe(staff);
  });

  it.each([
    ['no cookie', undefined],
    ['an empty one', 'playground_account='],
    ['another name under the signature', signed.replace('=staff.', '=user.')],
    ['a changed signature', `${signed}x`],
    ['none at all', 'playground_account=staff'],
    ['a longer name of a cookie', `not_${signed}`],
  ])('knows nobody by %s', (_, cookies) => {
    expect(cookie.read(cookies)).toBeUndefined();
  });

  it('keeps scripts away from it', () => {
    expect(cookie.signIn(staff)).toContain('HttpOnly; SameSite=Lax');
    expect(cookie.signOut()).toContain('Max-Age=0');
  });
});
