/**
 * HTML that a sanitizer has cleaned. Printed as HTML only by `{{safeHtml value}}`; anywhere else it is text.
 * Nothing that comes from a client can be one: the brand is a private field.
 */
export class SafeHtml {
  readonly #html: string;

  constructor(html: string) {
    this.#html = String(html);
    // A `toHTML` property put on it later would print it unescaped.
    Object.freeze(this);
  }

  static is(value: unknown): value is SafeHtml {
    return typeof value === 'object' && value !== null && #html in value;
  }

  toString(): string {
    return this.#html;
  }
}

/** HTML that the framework itself rendered (slots, hidden fields): `{{value}}` prints it as it is. */
export class Markup extends SafeHtml {
  toHTML(): string {
    return this.toString();
  }
}

/** Brands the result of your sanitizer for `{{safeHtml value}}`. It does not clean anything itself. */
export const trustHtml = (sanitized: string): SafeHtml => new SafeHtml(sanitized);
