import { Placement, type Piece, type Tree } from './placement.js';
import type { TokenPlace } from './token-place.js';

/** A place in a rendered tree that may change: text, a subtree, a component that is not mounted yet, the token. */
export type Dynamic = string | Rendered | Placement | TokenPlace;

/**
 * One render as a tree: `statics[0] dynamics[0] statics[1] … statics[n]`. A renderer that only knows strings returns
 * an opaque leaf and still works.
 */
export class Rendered implements Tree {
  static readonly empty = new Rendered([''], []);

  static opaque(html: string): Rendered {
    return new Rendered([html], []);
  }

  /** Texts, one behind the other. */
  static texts(texts: readonly string[]): Rendered {
    return new Rendered(texts, new Array<string>(texts.length - 1).fill(''));
  }

  /** A flat tree. */
  static of(pieces: Iterable<Piece>): Rendered {
    const statics = [''];
    const dynamics: Piece[] = [];
    for (const piece of pieces) {
      if (typeof piece === 'string') statics[statics.length - 1] += piece;
      else {
        dynamics.push(piece);
        statics.push('');
      }
    }
    return new Rendered(statics, dynamics);
  }

  constructor(
    readonly statics: readonly string[],
    readonly dynamics: readonly Dynamic[],
  ) {}

  /** Text as it is, and what else stands in it; no two texts are neighbours. */
  pieces(): readonly Piece[] {
    const found: Piece[] = [];
    for (const leaf of this.leaves()) add(found, leaf);
    return found;
  }

  /** The same, each text as the renderer has left it. */
  leaves(): readonly Piece[] {
    const found: Piece[] = [];
    gather(this, found);
    return found;
  }

  /** Components that the template asked for are left out, and so is the token. */
  toHtml(): string {
    return this.pieces()
      .filter((piece) => typeof piece === 'string')
      .join('');
  }

  /** The components that the template asked for, in their order; not those in their slots. */
  placements(): readonly Placement[] {
    return this.dynamics.flatMap((dynamic) => {
      if (dynamic instanceof Placement) return [dynamic];
      return dynamic instanceof Rendered ? dynamic.placements() : [];
    });
  }

  /** The same with `html` for each placement in turn. */
  fill(html: readonly string[]): Rendered {
    let next = 0;
    return Rendered.of(this.pieces().map((piece) => (piece instanceof Placement ? (html[next++] ?? '') : piece)));
  }

  /** The same with what `cut` makes of each text. */
  replace(cut: (text: string) => readonly Piece[]): Rendered {
    return Rendered.of(this.pieces().flatMap((piece) => (typeof piece === 'string' ? cut(piece) : [piece])));
  }
}

// A private method that tests `instanceof` its own class makes TypeScript 6.0 set up the static field too early.
const gather = ({ statics, dynamics }: Rendered, found: Piece[]): void => {
  found.push(statics[0] ?? '');
  for (const [i, dynamic] of dynamics.entries()) {
    if (dynamic instanceof Rendered) gather(dynamic, found);
    else found.push(dynamic);
    found.push(statics[i + 1] ?? '');
  }
};

const add = (found: Piece[], piece: Piece): void => {
  const last = found.length - 1;
  if (piece === '') return;
  if (typeof piece === 'string' && typeof found[last] === 'string') found[last] += piece;
  else found.push(piece);
};
