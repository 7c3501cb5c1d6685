import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import { describe, expect, it } from '@jest/globals';

import { withHabits } from './handshake.habits.js';

type Asked = IncomingMessage & { cookies: unknown; query: unknown; path: string };

const handshake = (put: Readonly<Record<string, unknown>> = {}): Asked => {
  const request = new IncomingMessage(new Socket()) as Asked;
  request.url = '/live?room=1';
  request.headers = { cookie: 'a=1' };
  for (const [name, value] of Object.entries(put)) Object.defineProperty(request, name, { value });
  return withHabits(request);
};

describe('what a handshake lacks of a request', () => {
  it('stands once between all of them and their framework, and nothing of it on any', () => {
    const [one, other] = [handshake(), handshake()];
    expect(Object.getPrototypeOf(one)).toBe(Object.getPrototypeOf(other));
    expect(Object.getOwnPropertyNames(one)).not.toContain('cookies');
    expect(one).toBeInstanceOf(IncomingMessage);
    expect([one.cookies, one.query, one.path]).toEqual([{ a: '1' }, { room: '1' }, '/live']);
  });

  it('is what middleware has put there, where it has', () => {
    expect(handshake({ cookies: { signed: 'yes' } }).cookies).toEqual({ signed: 'yes' });
  });

  it('may be written, on one request alone', () => {
    const [one, other] = [handshake(), handshake()];
    one.cookies = { mine: 'yes' };
    expect([one.cookies, other.cookies]).toEqual([{ mine: 'yes' }, { a: '1' }]);
  });
});
