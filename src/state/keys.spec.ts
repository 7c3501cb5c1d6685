import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify, inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KeyRing, resolveKeyRing, SAMPLE_SECRET } from './keys.js';

const SECRET = 'correct-horse-battery-staple-0123456789';
const OTHER = 'another-secret-of-more-than-32-bytes-ok';
const code = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    expect(inspect(error)).not.toContain(SECRET);
    return (error as { code: string }).code;
  }
  return 'none';
};

describe('KeyRing', () => {
  it('signs with the first key whose time has come', () => {
    const keys = [
      { kid: 'next', secret: OTHER, signFrom: 2_000 },
      { kid: 'now', secret: SECRET, verifyUntil: new Date(3_000) },
    ];
    const ring = new KeyRing(keys, 'app');
    expect([1_000, 2_000, 4_000].map((now) => ring.signingKid(now))).toEqual(['now', 'next', 'next']);
    expect([3_000, 3_001].map((now) => ring.verifies('now', now))).toEqual([true, false]);
    expect(ring.verifies('next', 0)).toBe(true);
    expect(ring.verifies('unknown', 0)).toBe(false);
    expect(ring.verifyingKids(3_001)).toEqual(['next']);
  });

  it('refuses to sign when every key is outside its window', () => {
    expect(code(() => new KeyRing([{ kid: 'k', secret: SECRET, signFrom: 10 }], 'app').signingKid(0))).toBe('INTERNAL');
  });

  it('derives another subkey for every purpose, key and application, and each once', () => {
    const bytes = (app: string, secret: string, purpose: string) =>
      new KeyRing([{ kid: 'k', secret }], app).subkey('k', purpose).export().toString('hex');
    const derived = [
      bytes('app', SECRET, 'mount'),
      bytes('app', SECRET, 'state'),
      bytes('app2', SECRET, 'mount'),
      bytes('app', OTHER, 'mount'),
    ];
    expect(new Set(derived).size).toBe(4);
    expect(bytes('app', SECRET, 'mount')).toBe(derived[0]);
    const ring = new KeyRing([{ kid: 'k', secret: SECRET }], 'app');
    expect(ring.subkey('k', 'mount')).toBe(ring.subkey('k', 'mount'));
    expect(code(() => ring.subkey('other', 'mount'))).toBe('INTERNAL');
  });

  it('never shows a secret', () => {
    const ring = new KeyRing([{ kid: 'k', secret: SECRET }], 'app');
    ring.subkey('k', 'mount');
    const shown = [
      inspect(ring, { depth: 9, showHidden: true }),
      JSON.stringify({ ring }),
      // eslint-disable-next-line @typescript-eslint/no-base-to-string -- what it prints is the question
      String(ring),
      inspect({ a: [ring] }),
    ];
    const hex = Buffer.from(SECRET).toString('hex');
    for (const text of shown) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(hex.slice(0, 16));
      expect(text).not.toContain(Buffer.from(SECRET).toString('base64url').slice(0, 12));
    }
    expect(shown[0]).toBe('KeyRing { kids: ["k"] }');
  });

  it('refuses weak, nameless and ambiguous keys', () => {
    const ring = (...keys: ConstructorParameters<typeof KeyRing>[0]) => code(() => new KeyRing(keys, 'app'));
    expect(ring({ kid: 'k', secret: 'x'.repeat(31) })).toBe('KEYS_WEAK');
    expect(ring({ kid: 'k', secret: new Uint8Array(31) })).toBe('KEYS_WEAK');
    expect(ring({ kid: 'k', secret: undefined as unknown as string })).toBe('KEYS_WEAK');
    expect(ring({ kid: 'k', secret: SAMPLE_SECRET })).toBe('KEYS_WEAK');
    expect(ring({ kid: 'k', secret: Buffer.from(SAMPLE_SECRET, 'base64url') })).toBe('KEYS_WEAK');
    expect(ring({ kid: 'a.b', secret: SECRET })).toBe('OPTION_INVALID');
    expect(ring({ kid: 'k', secret: SECRET, signFrom: new Date('never') })).toBe('OPTION_INVALID');
    expect(ring({ kid: 'k', secret: SECRET }, { kid: 'k', secret: OTHER })).toBe('OPTION_INVALID');
    expect(ring()).toBe('KEYS_MISSING');
  });
});

describe('resolveKeyRing', () => {
  let folder: string;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'nest-live-key-')), 'cache');
  });
  afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

  const development = () => resolveKeyRing({ appId: 'app', production: false, env: {}, cacheFolder: folder });
  const bytes = (ring: KeyRing, kid = 'dev') => ring.subkey(kid, 'mount').export().toString('hex');

  it('prefers the option, then the environment', () => {
    const env = { NEST_LIVE_KEYS: `k1:${Buffer.from(SECRET).toString('base64url')}, k2:${'A'.repeat(44)}` };
    const option = resolveKeyRing({ keys: [{ kid: 'o', secret: OTHER }], appId: 'app', production: true, env });
    expect(option.toJSON()).toEqual({ kids: ['o'] });
    const ring = resolveKeyRing({ appId: 'app', production: true, env });
    expect(ring.toJSON()).toEqual({ kids: ['k1', 'k2'] });
    expect(bytes(ring, 'k1')).toBe(bytes(new KeyRing([{ kid: 'k1', secret: SECRET }], 'app'), 'k1'));
  });

  it.each(['k1', 'k1:', ':abc', 'k1:a b', 'k1:YQ:x', 'k1:YWJj,'])('refuses NEST_LIVE_KEYS=%s', (text) => {
    const run = () => resolveKeyRing({ appId: 'app', production: true, env: { NEST_LIVE_KEYS: text } });
    expect(code(run)).toBe('OPTION_INVALID');
  });

  it('refuses a short secret in the environment', () => {
    const run = () => resolveKeyRing({ appId: 'app', production: true, env: { NEST_LIVE_KEYS: 'k1:YWJj' } });
    expect(code(run)).toBe('KEYS_WEAK');
  });

  it('refuses to start in production without keys', () => {
    expect(code(() => resolveKeyRing({ appId: 'app', production: true, env: {}, cacheFolder: folder }))).toBe(
      'KEYS_MISSING',
    );
  });

  it('keeps a development key that outlives a restart, for its owner alone', () => {
    const first = bytes(development());
    expect(bytes(development())).toBe(first);
    expect(statSync(join(folder, 'key')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['key']);
  });

  it('says when the development key is damaged or cannot be kept', () => {
    development();
    writeFileSync(join(folder, 'key'), 'short');
    expect(code(development)).toBe('KEYS_WEAK');
    const file = join(folder, 'key');
    expect(code(() => resolveKeyRing({ appId: 'a', production: false, env: {}, cacheFolder: file }))).toBe(
      'KEYS_MISSING',
    );
  });

  it('agrees on one key when processes start together', async () => {
    // The compiled text of the module itself, so that real processes race on the real code.
    const { transformSync } = await import('esbuild');
    const source = new URL('./development-key.ts', import.meta.url);
    const text = readFileSync(source, 'utf8').replace(/import .*setup-error.*\n/, '');
    const script = join(folder, '..', 'race.mjs');
    const race = `process.stdout.write(Buffer.from(developmentKey(${JSON.stringify(folder)})).toString('hex'));`;
    writeFileSync(script, `${transformSync(text, { loader: 'ts', format: 'esm' }).code}\n${race}`);
    const runs = Array.from({ length: 4 }, () => promisify(execFile)(process.execPath, [script]));
    const keys = (await Promise.all(runs)).map(({ stdout }) => stdout);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(keys).size).toBe(1);
  });
});
