import { randomBytes } from 'node:crypto';

/** A component a page asked for while it was rendered. */
export interface PageMount {
  readonly component: string;
  readonly props: Record<string, unknown>;
  readonly slots: Record<string, string>;
  /** `file:line` of the helper. */
  readonly place: string;
}

/**
 * Marks left by synchronous helpers and replaced when the mounts are done. The random part is new for each render, so
 * no data can hold a mark.
 */
export class PagePlaceholders {
  readonly #key = randomBytes(16).toString('hex');
  readonly #mounts: PageMount[] = [];

  leave(mount: PageMount): string {
    this.#mounts.push(mount);
    return `live-${this.#key}-${this.#mounts.length - 1}-`;
  }

  /** Mounts everything in parallel and puts the HTML in place, also inside slots that mounted HTML printed. */
  async fill(html: string, mount: (wanted: PageMount) => Promise<string>): Promise<string> {
    if (this.#mounts.length === 0) return html;
    const mounted = await Promise.all(this.#mounts.map(mount));
    const marks = new RegExp(`live-${this.#key}-(\\d+)-`, 'g');
    // A slot body is rendered before its component asks for a mark: inner marks have smaller numbers, so this ends.
    const splice = (text: string, below: number): string =>
      text.replace(marks, (_mark, digits: string) => {
        const index = Number(digits);
        return index < below ? splice(mounted[index], index) : '';
      });
    return splice(html, mounted.length);
  }
}
