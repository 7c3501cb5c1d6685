import { randomUUID } from 'node:crypto';

const MARK = /live-([0-9a-f]{32})-(\d+)-/g;

/**
 * Marks that a synchronous template leaves for what takes longer. The random part is new for each render, so no data can
 * hold a mark; a render that leaves none costs nothing.
 */
export class Marks<T> {
  #key = '';
  readonly #left: T[] = [];

  /** Nothing was left. */
  get isNone(): boolean {
    return this.#left.length === 0;
  }

  /** @returns the text to print in its place */
  leave(what: T): string {
    this.#key ||= randomUUID().replaceAll('-', '');
    this.#left.push(what);
    return `live-${this.#key}-${this.#left.length - 1}-`;
  }

  /** `texts[0] found[0] texts[1] … texts[n]`. */
  split(html: string): { readonly texts: readonly string[]; readonly found: readonly T[] } {
    if (this.isNone) return { texts: [html], found: [] };
    const texts: string[] = [];
    const found: T[] = [];
    let end = 0;
    for (const { 0: mark, 1: key, 2: digits, index } of html.matchAll(MARK)) {
      if (key !== this.#key) continue;
      texts.push(html.slice(end, index));
      found.push(this.#left[Number(digits)]);
      end = index + mark.length;
    }
    texts.push(html.slice(end));
    return { texts, found };
  }
}
