import { randomBytes } from 'node:crypto';

/** A component a page asked for while it was rendered. */
export interface PageMount {
  readonly component: string;
  readonly props: Record<string, unknown>;
  readonly slots: Record<string, string>;
  /** Shows this shared instance instead of making a new one. */
  readonly instance?: string;
  /** `file:line` of the helper. */
  readonly place: string;
}

const MARKS = /live-([0-9a-f]{32})-(\d+)-/g;

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

  /**
   * Mounts everything and puts the HTML in place: side by side, but what stands in a slot before the component around
   * it, because slot contents are sealed with their component.
   */
  async fill(html: string, mount: (wanted: PageMount) => Promise<string>): Promise<string> {
    // A slot body is rendered before its component asks for a mark, so inner marks have smaller numbers.
    const mounted: Promise<string>[] = [];
    for (const wanted of this.#mounts) {
      mounted.push(this.#withSlots(wanted, mounted).then(mount));
    }
    await Promise.all(mounted);
    return this.#splice(html, mounted);
  }

  async #withSlots(wanted: PageMount, mounted: readonly Promise<string>[]): Promise<PageMount> {
    const slots: Record<string, string> = {};
    for (const [name, html] of Object.entries(wanted.slots)) {
      slots[name] = await this.#splice(html, mounted);
    }
    return { ...wanted, slots };
  }

  async #splice(html: string, mounted: readonly Promise<string>[]): Promise<string> {
    const parts: Promise<string>[] = [];
    let end = 0;
    for (const { 0: mark, 1: key, 2: digits, index } of html.matchAll(MARKS)) {
      if (key !== this.#key) continue;
      parts.push(Promise.resolve(html.slice(end, index)), mounted[Number(digits)]);
      end = index + mark.length;
    }
    return [...(await Promise.all(parts)), html.slice(end)].join('');
  }
}
