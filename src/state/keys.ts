import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import { LiveError } from '../errors/live-error.js';
import { LiveSetupError } from '../errors/setup-error.js';
import { developmentKey } from './development-key.js';
import { TokenMac } from './token-mac.js';

/** One signing key. */
export interface KeyOption {
  /** Name of the key inside tokens: 1 to 32 letters, digits, `-` or `_`. */
  readonly kid: string;
  /** At least 32 random bytes. A string stands for its UTF-8 bytes (in `NEST_LIVE_KEYS` it is base64url). */
  readonly secret: string | Uint8Array;
  /** From when on this key may sign. @default always */
  readonly signFrom?: Date | number;
  /** Until when tokens of this key are accepted. @default always */
  readonly verifyUntil?: Date | number;
}

/** Keys in order of preference: the first usable one signs, all inside their window verify. */
export type KeysOption = ReadonlyArray<KeyOption>;

/** What a subkey is for; every purpose has a key of its own, so that nothing signed for one is good for another. */
export type KeyPurpose = string;

/** The secret of the documentation's examples. It is public, so it is refused as weak. */
export const SAMPLE_SECRET = 'replace-this-sample-with-32-random-bytes-of-your-own';

const MIN_SECRET_BYTES = 32;
const KID = /^[A-Za-z0-9_-]{1,32}$/;
const HOW_TO =
  "Make one with: node -e \"console.log(require('crypto').randomBytes(32).toString('base64url'))\" and pass it as " +
  'ComponentsModule.forRoot({ keys: [{ kid: "k1", secret }] }) or NEST_LIVE_KEYS=k1:<secret>.';

interface RingKey {
  readonly kid: string;
  readonly secret: KeyObject;
  readonly signFrom: number;
  readonly verifyUntil: number;
  readonly subkeys: Map<KeyPurpose, KeyObject>;
  readonly macs: Map<KeyPurpose, TokenMac>;
}

const isSample = (secret: Buffer): boolean =>
  secret.equals(Buffer.from(SAMPLE_SECRET)) || secret.equals(Buffer.from(SAMPLE_SECRET, 'base64url'));

const toRingKey = ({ kid, secret, signFrom, verifyUntil }: KeyOption): RingKey => {
  if (typeof kid !== 'string' || !KID.test(kid)) {
    throw new LiveSetupError('OPTION_INVALID', 'A key id (kid) is not 1 to 32 letters, digits, "-" or "_". Rename it.');
  }
  const bytes = typeof secret === 'string' ? Buffer.from(secret, 'utf8') : Buffer.from(secret ?? []);
  if (bytes.length < MIN_SECRET_BYTES) {
    throw new LiveSetupError(
      'KEYS_WEAK',
      `The secret of key "${kid}" has fewer than ${MIN_SECRET_BYTES} bytes. ${HOW_TO}`,
    );
  }
  if (isSample(bytes)) {
    throw new LiveSetupError('KEYS_WEAK', `The secret of key "${kid}" is the documentation's sample. ${HOW_TO}`);
  }
  const from = signFrom === undefined ? -Infinity : Number(signFrom);
  const until = verifyUntil === undefined ? Infinity : Number(verifyUntil);
  if (Number.isNaN(from) || Number.isNaN(until)) {
    throw new LiveSetupError(
      'OPTION_INVALID',
      `Key "${kid}" has a signFrom or verifyUntil that is not a date. Correct it.`,
    );
  }
  return {
    kid,
    secret: createSecretKey(bytes),
    signFrom: from,
    verifyUntil: until,
    subkeys: new Map(),
    macs: new Map(),
  };
};

/** The keys of an application. Secrets never leave it: not by `inspect`, not by JSON, not in a message. */
export class KeyRing {
  readonly #keys: ReadonlyMap<string, RingKey>;
  readonly #order: readonly RingKey[];
  readonly #appId: string;

  constructor(keys: KeysOption, appId: string) {
    this.#order = keys.map(toRingKey);
    this.#keys = new Map(this.#order.map((key) => [key.kid, key]));
    this.#appId = appId;
    if (this.#order.length === 0) throw new LiveSetupError('KEYS_MISSING', `The list of keys is empty. ${HOW_TO}`);
    if (this.#keys.size < this.#order.length) {
      throw new LiveSetupError('OPTION_INVALID', 'Two keys have the same kid. Give each key a kid of its own.');
    }
  }

  get appId(): string {
    return this.#appId;
  }

  /** Kid of the key that signs at this time, in milliseconds. Throws `INTERNAL` when every key is outside its window. */
  signingKid(now: number): string {
    for (const key of this.#order) if (key.signFrom <= now && now <= key.verifyUntil) return key.kid;
    throw new LiveError('INTERNAL', 'No key may sign now: every key is before its signFrom or past its verifyUntil.');
  }

  /** Whether tokens of this key are accepted at this time, in milliseconds. */
  verifies(kid: string, now: number): boolean {
    const key = this.#keys.get(kid);
    return key !== undefined && now <= key.verifyUntil;
  }

  /** Kids whose tokens are accepted at this time, in milliseconds, in order of preference. */
  verifyingKids(now: number): string[] {
    return this.#order.filter((key) => now <= key.verifyUntil).map((key) => key.kid);
  }

  /** What seals for one purpose, made once. The kid must be one of the ring's. */
  mac(kid: string, purpose: KeyPurpose): TokenMac {
    const known = this.#keys.get(kid)?.macs.get(purpose);
    if (known) return known;
    const mac = new TokenMac(this.subkey(kid, purpose));
    this.#keys.get(kid)?.macs.set(purpose, mac);
    return mac;
  }

  /** The key for one purpose, derived once. The kid must be one of the ring's. */
  subkey(kid: string, purpose: KeyPurpose): KeyObject {
    const key = this.#keys.get(kid);
    if (!key) throw new LiveError('INTERNAL', 'A subkey was asked of a key that is not in the ring.');
    const cached = key.subkeys.get(purpose);
    if (cached) return cached;
    const info = `nest-live/${purpose}/1`;
    const derived = createSecretKey(Buffer.from(hkdfSync('sha256', key.secret, this.#appId, info, 32)));
    key.subkeys.set(purpose, derived);
    return derived;
  }

  toJSON(): { kids: string[] } {
    return { kids: [...this.#keys.keys()] };
  }

  [inspect.custom](): string {
    return `KeyRing { kids: ${JSON.stringify(this.toJSON().kids)} }`;
  }
}

export interface KeyRingSource {
  readonly keys?: KeysOption;
  /** Separates applications that share a secret. */
  readonly appId: string;
  /** In production a missing key is an error instead of a key made on the spot. */
  readonly production: boolean;
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Folder that keeps the development key. @default node_modules/.cache/nest-live in the working directory */
  readonly cacheFolder?: string;
}

const BASE64URL = /^[A-Za-z0-9_-]+$/;

const parseEnvironmentKeys = (text: string): KeysOption =>
  text.split(',').map((entry, index) => {
    const [kid, secret, ...rest] = entry.trim().split(':');
    if (!kid || !secret || rest.length > 0 || !BASE64URL.test(secret)) {
      const place = `Entry ${index + 1} of NEST_LIVE_KEYS`;
      throw new LiveSetupError('OPTION_INVALID', `${place} is not "kid:base64url-secret". Separate entries by commas.`);
    }
    return { kid, secret: Buffer.from(secret, 'base64url') };
  });

/**
 * The ring of an application: the option, else `NEST_LIVE_KEYS`, else in development a key that outlives restarts.
 * Throws `KEYS_MISSING` in production without keys, `KEYS_WEAK` for a secret under 32 bytes or the sample.
 */
export const resolveKeyRing = ({ keys, appId, production, env = process.env, cacheFolder }: KeyRingSource): KeyRing => {
  if (keys) return new KeyRing(keys, appId);
  if (env.NEST_LIVE_KEYS) return new KeyRing(parseEnvironmentKeys(env.NEST_LIVE_KEYS), appId);
  if (production)
    throw new LiveSetupError('KEYS_MISSING', `Production needs a key of its own to sign state. ${HOW_TO}`);
  return new KeyRing([{ kid: 'dev', secret: developmentKey(cacheFolder) }], appId);
};
