import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { ACCOUNTS, type Account } from './account.js';

const COOKIE = 'playground_account';
const ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Lax';

/** Who is signed in, as a signed cookie. A real application has its own session or token here. */
@Injectable()
export class AccountCookie {
  private readonly key = process.env.NEST_LIVE_KEYS || randomBytes(32).toString('base64url');

  signIn({ id }: Account): string {
    return `${COOKIE}=${id}.${this.signature(id)}; ${ATTRIBUTES}`;
  }

  signOut(): string {
    return `${COOKIE}=; ${ATTRIBUTES}; Max-Age=0`;
  }

  read(cookies = ''): Account | undefined {
    const pair = cookies.split(/; */).find((cookie) => cookie.startsWith(`${COOKIE}=`));
    const [id = '', signature = ''] = pair?.slice(COOKIE.length + 1).split('.') ?? [];
    return isEqual(signature, this.signature(id)) ? ACCOUNTS.get(id) : undefined;
  }

  private signature(id: string): string {
    return createHmac('sha256', this.key).update(`${COOKIE}:${id}`).digest('base64url');
  }
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
