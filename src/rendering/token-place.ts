import { randomBytes } from 'node:crypto';

/**
 * Where a template prints its instance's token: the token is made after the commit, the HTML before. In a tree it is a
 * place like any other. Whatever can print text only gets a mark, which is random and of this one render, so that no
 * data can hold it.
 */
export class TokenPlace {
  #mark = '';

  toString(): string {
    return (this.#mark ||= `live-token-${randomBytes(16).toString('hex')}-`);
  }

  /** Handlebars prints a value that has it as it is. */
  toHTML(): string {
    return this.toString();
  }

  toJSON(): string {
    return this.toString();
  }

  /** Whether it has been printed as text: no text holds it otherwise. */
  get isMarked(): boolean {
    return this.#mark !== '';
  }

  /** The text in parts: between each two of them stands the token. */
  cut(text: string): readonly string[] {
    return this.isMarked ? text.split(this.#mark) : [text];
  }
}

/** The hidden inputs that htmx and plain forms send back: what is before the token, and what is behind it. */
export class LiveFields {
  readonly before = '<input type="hidden" name="state" value="';
  readonly after: string;

  constructor(
    readonly token: TokenPlace,
    id: string,
  ) {
    this.after = `"><input type="hidden" name="component_id" value="${id}">`;
  }

  toString(): string {
    return this.before + this.token.toString() + this.after;
  }

  toHTML(): string {
    return this.toString();
  }
}
