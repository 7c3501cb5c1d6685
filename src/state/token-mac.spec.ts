import { createHmac, createSecretKey, randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { TokenMac } from './token-mac.js';

const key = createSecretKey(randomBytes(32));
const nodes = (text: string): string => createHmac('sha256', key).update(text).digest('base64url');

describe('TokenMac', () => {
  it('is the HMAC of Node, for texts of every length, in any order', () => {
    const mac = new TokenMac(key);
    const lengths = [...Array(260).keys(), 70_000, 2_048, 1, 2_112, 2_113, 140_001, 0];
    for (const length of lengths) {
      const text = randomBytes(length).toString('base64url').slice(0, length);
      const made = { mac: mac.of(text), bytes: mac.bytes(text).toString('base64url') };
      expect({ length, ...made }).toEqual({ length, mac: nodes(text), bytes: nodes(text) });
    }
  });

  it('is another one for each key and each text', () => {
    const [one, other] = [new TokenMac(key), new TokenMac(createSecretKey(randomBytes(32)))];
    const all = [one.of('text'), one.of('texu'), one.of('text '), other.of('text')];
    expect(new Set(all).size).toBe(all.length);
  });
});
