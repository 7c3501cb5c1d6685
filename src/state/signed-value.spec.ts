import { describe, expect, it } from '@jest/globals';
import { KeyRing } from './keys.js';
import { SignedValues } from './signed-value.js';

const OLD = { kid: 'k1', secret: 'correct-horse-battery-staple-0123456789' };
const NEW = { kid: 'k2', secret: 'another-secret-of-more-than-32-bytes-ok' };
const ringOf = (...keys: ConstructorParameters<typeof KeyRing>[0]) => new KeyRing(keys, 'app');

describe('SignedValues', () => {
  const values = new SignedValues(ringOf(OLD), { maxRemembered: 2 });
  const signed = values.signValue('visitor-1', 'sid');

  it('opens what it signed, the first time and from memory', () => {
    expect(signed).toMatch(/^visitor-1\.[\w-]{43}$/);
    expect([1, 2].map(() => values.openValue(signed, 'sid'))).toEqual(['visitor-1', 'visitor-1']);
    for (const value of ['a', 'b', 'c']) expect(values.openValue(values.signValue(value, 'sid'), 'sid')).toBe(value);
    expect(values.openValue(signed, 'sid')).toBe('visitor-1');
  });

  it('refuses every change, every other text and every other application', () => {
    for (let index = 0; index < signed.length; index++) {
      const edited = signed.slice(0, index) + (signed[index] === 'A' ? 'B' : 'A') + signed.slice(index + 1);
      expect(values.openValue(edited, 'sid')).toBeNull();
    }
    for (const text of [undefined, null, 5, {}, '', '.', 'visitor-1', `${signed}=`, `${signed}.x`, 'x'.repeat(600)]) {
      expect(values.openValue(text, 'sid')).toBeNull();
    }
    expect(new SignedValues(new KeyRing([OLD], 'other')).openValue(signed, 'sid')).toBeNull();
  });

  it('signs only what a cookie can carry unchanged', () => {
    for (const value of ['', 'a b', 'a.b', 'ä', 'a;b']) expect(() => values.signValue(value, 'sid')).toThrow(TypeError);
  });

  it('outlives a rotation, and forgets the old key even for values it remembers', () => {
    let now = 0;
    const rotated = new SignedValues(ringOf(NEW, { ...OLD, verifyUntil: 100 }), { now: () => now });
    expect(rotated.openValue(signed, 'sid')).toBe('visitor-1');
    now = 101;
    expect(rotated.openValue(signed, 'sid')).toBeNull();
  });

  it('names a principal in a session by 16 bytes that keep the two apart and survive a rotation', () => {
    const name = values.principalOf('ab', 'c');
    expect(Buffer.from(name, 'base64url')).toHaveLength(16);
    expect(values.principalOf('a', 'bc')).not.toBe(name);
    expect(values.principalOf('ab', 'd')).not.toBe(name);
    expect(new SignedValues(ringOf(NEW, OLD)).principalOf('ab', 'c')).toBe(name);
  });
});
