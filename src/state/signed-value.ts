import { createHmac, timingSafeEqual } from 'node:crypto';
import { isCanonicalBase64url } from './base64url.js';
import type { KeyRing } from './keys.js';

const MAC_BYTES = 32;
const SIGNED = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const VALUE = /^[A-Za-z0-9_-]+$/;

export interface SignedValuesOptions {
  /** Verified values and names remembered, so that a cookie is not checked again on every event. @default 1_000 */
  readonly maxRemembered?: number;
  /** Longest text accepted, in characters. @default 512 */
  readonly maxChars?: number;
  readonly now?: () => number;
}

/** What a value is kept for: the session of an anonymous caller, or what a form's page is to show next. */
export type SignedPurpose = 'sid' | 'form';

/** A value that one of our keys has signed. */
export interface SignedValue {
  readonly value: string;
  readonly kid: string;
}

/** Short values the browser keeps for us (`value.mac`), and the names under which principals are compared. */
export class SignedValues {
  readonly #keys: KeyRing;
  readonly #maxRemembered: number;
  readonly #maxChars: number;
  readonly #now: () => number;
  /** Signed text → the key that verified it; least recently used first. */
  readonly #verified = new Map<string, string>();
  readonly #principals = new Map<string, string>();

  constructor(keys: KeyRing, { maxRemembered = 1_000, maxChars = 512, now = Date.now }: SignedValuesOptions = {}) {
    this.#keys = keys;
    this.#maxRemembered = maxRemembered;
    this.#maxChars = maxChars;
    this.#now = now;
  }

  /** Signs a base64url value for a first-party cookie. */
  signValue(value: string, purpose: SignedPurpose): string {
    if (!VALUE.test(value)) throw new TypeError('A signed value consists of base64url characters.');
    const kid = this.#keys.signingKid(this.#now());
    return `${value}.${this.#mac(kid, purpose, value).toString('base64url')}`;
  }

  /** The value, or `null` when it was not signed by one of our keys for this purpose. */
  openValue(text: unknown, purpose: SignedPurpose): string | null {
    return this.openSigned(text, purpose)?.value ?? null;
  }

  /** The same, with the key that has signed it: for whoever remembers the value as long as it `stands`. */
  openSigned(text: unknown, purpose: SignedPurpose): SignedValue | null {
    if (typeof text !== 'string' || text.length > this.#maxChars || !SIGNED.test(text)) return null;
    const dot = text.indexOf('.');
    const value = text.slice(0, dot);
    const remembered = `${purpose}:${text}`;
    const known = this.#verified.get(remembered);
    const isKnown = known !== undefined && this.#keys.verifies(known, this.#now());
    const kid = isKnown ? known : this.#verify(value, text.slice(dot + 1), purpose);
    if (kid === null) return null;
    this.#remember(remembered, kid);
    return { value, kid };
  }

  /** Whether what this key has signed is accepted now. */
  stands({ kid }: Pick<SignedValue, 'kid'>): boolean {
    return this.#keys.verifies(kid, this.#now());
  }

  /**
   * Name under which a principal in a session is compared: 16 bytes, base64url. It does not depend on the signing
   * key, so that it survives a rotation; tokens carry it keyed (see the token sealer).
   */
  principalOf(principalId: string, sessionId: string): string {
    // The length in front keeps ("ab", "c") and ("a", "bc") apart.
    const both = `${principalId.length}:${principalId}${sessionId}`;
    const known = this.#principals.get(both);
    if (known !== undefined) return known;
    const mac = createHmac('sha256', `nest-live/principal/${this.#keys.appId}`).update(both).digest();
    const name = mac.subarray(0, 16).toString('base64url');
    if (this.#principals.size >= this.#maxRemembered) this.#principals.clear();
    this.#principals.set(both, name);
    return name;
  }

  #verify(value: string, sent: string, purpose: SignedPurpose): string | null {
    if (!isCanonicalBase64url(sent)) return null;
    const bytes = Buffer.from(sent, 'base64url');
    if (bytes.length !== MAC_BYTES) return null;
    for (const kid of this.#keys.verifyingKids(this.#now())) {
      if (timingSafeEqual(bytes, this.#mac(kid, purpose, value))) return kid;
    }
    return null;
  }

  #mac(kid: string, purpose: SignedPurpose, value: string): Buffer {
    return createHmac('sha256', this.#keys.subkey(kid, purpose)).update(value).digest();
  }

  #remember(text: string, kid: string): void {
    this.#verified.delete(text);
    this.#verified.set(text, kid);
    if (this.#verified.size <= this.#maxRemembered) return;
    const oldest = this.#verified.keys().next();
    if (!oldest.done) this.#verified.delete(oldest.value);
  }
}
