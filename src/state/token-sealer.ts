import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { LiveError } from '../errors/live-error.js';
import { isCanonicalBase64url } from './base64url.js';
import { IssuedTokens, type Sealed } from './issued.tokens.js';
import type { KeyRing } from './keys.js';
import { lengthened, SHORT } from './short-token.js';
import {
  isTokenPayload,
  type TokenExpectation,
  type TokenForm,
  type TokenPayload,
  type TokenPurpose,
} from './token.js';

export type { TokenExpectation, TokenForm, TokenPayload, TokenPurpose } from './token.js';

const MAC_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MAX_PRINCIPALS = 10_000;
const SHAPE = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+){2,3}$/;

export interface TokenSealerOptions {
  /** Longest token made or accepted, in characters. */
  readonly maxTokenChars: number;
  /** Clock difference between nodes that is forgiven, in milliseconds. @default 60_000 */
  readonly skewMs?: number;
  readonly now?: () => number;
}

interface Opened {
  readonly kid: string;
  readonly purpose: TokenPurpose;
  readonly text: string;
}

/** The reason goes to the log; the client cannot tell one invalid token from another. */
const invalid = (reason: string): LiveError => new LiveError('STATE_INVALID', `state.invalid ${reason}`);

const encryptionOf = (purpose: TokenPurpose): string => `${purpose}/encrypt`;

/** Makes the tokens that pages hold, and opens them again. */
export class TokenSealer {
  readonly #keys: KeyRing;
  readonly #maxTokenChars: number;
  readonly #skewMs: number;
  readonly #now: () => number;
  /** By the key's name and by the principal: its keyed form, so that the hot path derives it once. */
  readonly #principals = new Map<string, Map<string, string>>();
  readonly #issued = new IssuedTokens();

  constructor(keys: KeyRing, { maxTokenChars, skewMs = 60_000, now = Date.now }: TokenSealerOptions) {
    this.#keys = keys;
    this.#maxTokenChars = maxTokenChars;
    this.#skewMs = skewMs;
    this.#now = now;
  }

  /** Clock difference between nodes that is forgiven, in milliseconds. */
  get skewMs(): number {
    return this.#skewMs;
  }

  /** Longest token made or accepted, in characters. */
  get maxTokenChars(): number {
    return this.#maxTokenChars;
  }

  /** Name of the key that seals now. */
  get kid(): string {
    return this.#keys.signingKid(this.#now());
  }

  /** Seals a payload under the key that signs now. Throws `STATE_TOO_LARGE` when no receiver would accept the token. */
  seal(payload: TokenPayload, form: TokenForm = 'signed'): string {
    const kid = this.#keys.signingKid(this.#now());
    const sealed = { ...payload, sub: this.#principal(kid, payload.sub) };
    const text = JSON.stringify(sealed);
    const token = form === 'signed' ? this.#sign(kid, payload.pur, text) : this.#encrypt(kid, payload.pur, text);
    if (token.length <= this.#maxTokenChars) {
      this.#issued.add({ token, kid, payload: sealed });
      return token;
    }
    const sizes = `${token.length} characters, the limit is ${this.#maxTokenChars}`;
    throw new LiveError('STATE_TOO_LARGE', `The token of component "${payload.n}" has ${sizes}.`);
  }

  /** Opens a token. Throws `STATE_INVALID`, then `STATE_EXPIRED`, then `STATE_OUTDATED`; nothing else. */
  open(token: unknown, expected: TokenExpectation): TokenPayload {
    const payload = this.#agree(this.#read(token, expected.purposes), expected);
    const { adoptedMs } = expected;
    const isAdopted = payload.pur === 'mount' && adoptedMs !== undefined;
    const { iat, exp } = payload;
    if (expected.expiry !== 'ignored')
      this.#checkTime(isAdopted ? { ...payload, exp: Math.max(exp, iat + adoptedMs) } : payload);
    // A token that only names its instance says nothing of the state: the store knows the shape.
    if (payload.st !== undefined && !isAdopted && expected.shapes?.(payload.sh) === false) {
      throw new LiveError('STATE_OUTDATED', `state.outdated token of "${payload.n}" has state of shape ${payload.sh}`);
    }
    return payload;
  }

  /** What a token of ours says, whoever holds it and however old it is; undefined for any other text. */
  peek(token: unknown, { purposes, name }: Pick<TokenExpectation, 'purposes' | 'name'>): TokenPayload | undefined {
    try {
      const { payload } = this.#read(token, purposes);
      return payload.n === name ? payload : undefined;
    } catch {
      // Not ours: whoever opens it is told why.
      return undefined;
    }
  }

  /** What this very process has sealed or proved a moment ago needs no second proof: most events bring back the newest token. */
  #read(token: unknown, purposes: readonly TokenPurpose[]): Sealed {
    const issued = this.#issued.get(token);
    if (issued && purposes.includes(issued.payload.pur) && this.#keys.verifies(issued.kid, this.#now())) return issued;
    const { kid, purpose, text } = this.#authenticate(token, purposes);
    const payload = parse(text);
    if (payload.pur !== purpose) throw invalid('purpose');
    const opened = { token: token as string, kid, payload };
    this.#issued.add(opened);
    return opened;
  }

  #authenticate(token: unknown, purposes: readonly TokenPurpose[]): Opened {
    if (typeof token !== 'string') throw invalid('not text');
    if (token.length === 0 || token.length > this.#maxTokenChars) throw invalid('length');
    if (!SHAPE.test(token)) throw invalid('form');
    const parts = token.split('.') as [string, string, string, string?];
    for (let part = 2; part < parts.length; part++) {
      if (!isCanonicalBase64url(parts[part]!)) throw invalid('encoding');
    }
    const [version, kid, body, sent] = parts;
    if (version === 'lc1' && sent !== undefined) {
      this.#checkKid(kid);
      return { kid, ...this.#verify(token, body, sent, kid, purposes) };
    }
    if (version === 'lc1e' && sent === undefined) {
      this.#checkKid(kid);
      return { kid, ...this.#decrypt(kid, body, purposes) };
    }
    if (version === SHORT && sent !== undefined) {
      return this.#authenticate(lengthened(token), purposes);
    }
    throw invalid('version');
  }

  #checkKid(kid: string): void {
    if (!this.#keys.verifies(kid, this.#now())) throw invalid('key unknown or past its window');
  }

  #sign(kid: string, purpose: TokenPurpose, text: string): string {
    const head = `lc1.${kid}.${Buffer.from(text).toString('base64url')}`;
    return `${head}.${this.#keys.mac(kid, purpose).of(head)}`;
  }

  #verify(token: string, body: string, sent: string, kid: string, purposes: readonly TokenPurpose[]) {
    const bytes = Buffer.from(sent, 'base64url');
    if (bytes.length !== MAC_BYTES) throw invalid('mac length');
    const head = token.slice(0, token.length - sent.length - 1);
    for (const purpose of purposes) {
      if (timingSafeEqual(bytes, this.#keys.mac(kid, purpose).bytes(head))) {
        return { purpose, text: Buffer.from(body, 'base64url').toString('utf8') };
      }
    }
    throw invalid('mac, or another purpose');
  }

  #encrypt(kid: string, purpose: TokenPurpose, text: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#keys.subkey(kid, encryptionOf(purpose)), nonce);
    cipher.setAAD(Buffer.from(`lc1e.${kid}.${purpose}`));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `lc1e.${kid}.${sealed.toString('base64url')}`;
  }

  #decrypt(kid: string, body: string, purposes: readonly TokenPurpose[]) {
    const bytes = Buffer.from(body, 'base64url');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) throw invalid('ciphertext length');
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const ciphertext = bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES);
    const tag = bytes.subarray(bytes.length - TAG_BYTES);
    for (const purpose of purposes) {
      const key = this.#keys.subkey(kid, encryptionOf(purpose));
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(`lc1e.${kid}.${purpose}`)).setAuthTag(tag);
      const clear = decipher.update(ciphertext);
      try {
        return { purpose, text: Buffer.concat([clear, decipher.final()]).toString('utf8') };
      } catch {
        // Not this purpose: the next one may be.
      }
    }
    throw invalid('ciphertext, or another purpose');
  }

  #agree({ kid, payload }: Sealed, expected: TokenExpectation): TokenPayload {
    if (payload.ten !== expected.tenant) throw invalid('tenant');
    const principal = this.#principal(kid, expected.sub);
    const isAlias =
      payload.sub !== principal && payload.sub === (expected.alias && this.#principal(kid, expected.alias()));
    if (payload.sub !== principal && !isAlias)
      throw invalid(`wrong_principal: token of ${payload.sub}, caller is ${principal}`);
    if (payload.n !== expected.name) throw invalid('component name');
    if (expected.instance !== undefined && payload.i !== expected.instance) throw invalid('instance');
    return { ...payload, sub: expected.sub };
  }

  #checkTime({ n, iat, exp }: TokenPayload): void {
    const now = this.#now();
    if (now > exp + this.#skewMs) throw new LiveError('STATE_EXPIRED', `state.expired token of "${n}" is past its end`);
    if (iat > now + this.#skewMs)
      throw new LiveError('STATE_EXPIRED', `state.expired token of "${n}" is from the future`);
  }

  // Keyed by the token's own kid: the page learns nothing about the principal, and a rotation leaves old tokens valid.
  #principal(kid: string, sub: string): string {
    const known = this.#principals.get(kid)?.get(sub);
    if (known !== undefined) return known;
    const mac = createHmac('sha256', this.#keys.subkey(kid, 'principal')).update(sub).digest();
    const keyed = mac.subarray(0, 16).toString('base64url');
    let ofKey = this.#principals.get(kid);
    if (!ofKey || ofKey.size >= MAX_PRINCIPALS) this.#principals.set(kid, (ofKey = new Map<string, string>()));
    ofKey.set(sub, keyed);
    return keyed;
  }
}

const parse = (text: string): TokenPayload => {
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch {
    throw invalid('json');
  }
  if (!isTokenPayload(payload)) throw invalid('schema');
  return payload;
};
