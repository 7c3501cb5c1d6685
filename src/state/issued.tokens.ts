import type { TokenPayload } from './token.js';

/** What was sealed, and under which key. */
export interface Sealed {
  readonly kid: string;
  readonly payload: TokenPayload;
}

const MAX_ISSUED = 1_000;
/** Of all their text; what was sealed into them is held beside it. */
const MAX_ISSUED_CHARS = 2 * 1024 * 1024;

/**
 * The newest tokens of this process. In two generations: the older one is dropped as a whole, because taking the oldest
 * entry out of a map walks over all that were taken out before it.
 */
export class IssuedTokens {
  #young = new Map<unknown, Sealed>();
  #old: ReadonlyMap<unknown, Sealed> = new Map();
  #chars = 0;

  get(token: unknown): Sealed | undefined {
    return this.#young.get(token) ?? this.#old.get(token);
  }

  add(token: string, sealed: Sealed): void {
    if (this.#young.size >= MAX_ISSUED / 2 || this.#chars + token.length > MAX_ISSUED_CHARS / 2) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#chars = 0;
    }
    this.#young.set(token, sealed);
    this.#chars += token.length;
  }
}
