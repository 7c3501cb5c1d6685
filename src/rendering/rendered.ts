import { Placement } from './placement.js';

/** A place in a rendered tree that may change: text, a subtree, or a component that is not mounted yet. */
export type Dynamic = string | Rendered | Placement;

/**
 * One render as a tree: `statics[0] dynamics[0] statics[1] … statics[n]`. A renderer that only knows strings returns
 * an opaque leaf and still works.
 */
export class Rendered {
  static readonly empty = new Rendered([''], []);

  static opaque(html: string): Rendered {
    return new Rendered([html], []);
  }

  constructor(
    readonly statics: readonly string[],
    readonly dynamics: readonly Dynamic[],
  ) {}

  /** Components that the template asked for are left out; `fill` puts them in. */
  toHtml(): string {
    return this.#join(() => '');
  }

  /** The components that the template asked for, in their order; not those in their slots. */
  placements(): readonly Placement[] {
    return this.dynamics.flatMap((dynamic) => {
      if (typeof dynamic === 'string') return [];
      return dynamic instanceof Placement ? [dynamic] : dynamic.placements();
    });
  }

  /** The HTML, with `html` for each placement in turn. */
  fill(html: readonly string[]): string {
    let next = 0;
    return this.#join(() => html[next++] ?? '');
  }

  #join(placed: () => string): string {
    let html = this.statics[0] ?? '';
    for (let i = 0; i < this.dynamics.length; i += 1) {
      const dynamic = this.dynamics[i];
      if (typeof dynamic === 'string') html += dynamic;
      else html += dynamic instanceof Placement ? placed() : dynamic.#join(placed);
      html += this.statics[i + 1] ?? '';
    }
    return html;
  }
}
