/**
 * Text that may stand where a browser or a library in the page runs it, or loads what it runs. Printed there only by
 * `{{safeCode value}}`. Nothing that comes from a client can be one: the brand is a private field.
 */
export class SafeCode {
  readonly #text: string;

  constructor(text: string) {
    this.#text = String(text);
    Object.freeze(this);
  }

  static is(value: unknown): value is SafeCode {
    return typeof value === 'object' && value !== null && #text in value;
  }

  toString(): string {
    return this.#text;
  }
}

/** Brands what you have written or chosen yourself for `{{safeCode value}}`. It does not clean anything itself. */
export const trustCode = (text: string): SafeCode => new SafeCode(text);
