/** A place in a rendered tree that may change: text, a subtree, or a keyed list of subtrees. */
export type Dynamic = string | Rendered;

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

  toHtml(): string {
    let html = this.statics[0] ?? '';
    for (let i = 0; i < this.dynamics.length; i += 1) {
      const dynamic = this.dynamics[i];
      html += typeof dynamic === 'string' ? dynamic : dynamic.toHtml();
      html += this.statics[i + 1] ?? '';
    }
    return html;
  }
}
