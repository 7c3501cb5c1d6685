import type { TokenPayload } from './token.js';

/** What was sealed, and under which key. */
export interface Sealed {
  readonly token: string;
  readonly kid: string;
  readonly payload: TokenPayload;
}

/** A token ends with its MAC or its cipher's tag: to find it by that is to digest no long text. */
const TAIL_CHARS = 43;
const MAX_ISSUED = 1_000;
/** Of all their text; what was sealed into them is held beside it. */
const MAX_ISSUED_CHARS = 2 * 1024 * 1024;

/**
 * The newest tokens of this process. In two generations: the older one is dropped as a whole, because taking the oldest
 * entry out of a map walks over all that were taken out before it.
 */
export class IssuedTokens {
  #young = new Map<string, Sealed>();
  #old: ReadonlyMap<string, Sealed> = new Map();
  #chars = 0;

  get(token: unknown): Sealed | undefined {
    if (typeof token !== 'string') return undefined;
    const tail = token.slice(-TAIL_CHARS);
    const sealed = this.#young.get(tail) ?? this.#old.get(tail);
    return sealed?.token === token ? sealed : undefined;
  }

  add(sealed: Sealed): void {
    const { token } = sealed;
    if (this.#young.size >= MAX_ISSUED / 2 || this.#chars + token.length > MAX_ISSUED_CHARS / 2) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#chars = 0;
    }
    this.#young.set(token.slice(-TAIL_CHARS), sealed);
    this.#chars += token.length;
  }
}
