import { LiveSetupError } from '../errors/setup-error.js';
import { LongText, type Text } from '../texts/long-text.js';
import type { Piece, Placement } from './placement.js';
import { Rendered } from './rendered.js';
import { RootPlace } from './root-attributes.js';
import { TokenPlace } from './token-place.js';

/**
 * The tree with the token's places in it, wherever a renderer has printed the token as text.
 * @throws LiveSetupError `TEMPLATE_INVALID` for one in a slot
 */
export const withTokenPlaces = (rendered: Rendered, token: TokenPlace): Rendered => {
  if (rendered.dynamics.length > 0) {
    rendered.placements().forEach((placement) => refuseInSlots(placement, token));
  }
  return token.isMarked && rendered !== Rendered.empty
    ? rendered.replace((text) => between(token.cut(text), token))
    : rendered;
};

/** What stands in a slot is kept with the component around it, longer than any token is good. */
const refuseInSlots = ({ component, place = 'a template', slots }: Placement, token: TokenPlace): void => {
  for (const [slot, content] of Object.entries(slots)) {
    const prints = (piece: Piece): boolean =>
      typeof piece === 'string' ? token.cut(piece).length > 1 : piece instanceof TokenPlace;
    if (content.pieces().some(prints)) {
      throw new LiveSetupError(
        'TEMPLATE_INVALID',
        `${place} prints a token into the slot "${slot}" of "${component}". Write it outside of the slot, or into the template of "${component}".`,
      );
    }
    content.placements().forEach((placement) => refuseInSlots(placement, token));
  }
};

const between = (texts: readonly string[], place: TokenPlace) =>
  texts.flatMap((text, i) => (i === 0 ? [text] : [place, text]));

/** A render of fewer pieces is put together. */
const FEWEST_PIECES = 8;

/** One render as text, in parts: between each two of them stands the instance's token. */
export class PrintedHtml {
  /** Nothing was rendered. */
  static readonly nothing = new PrintedHtml(['']);

  static of(rendered: Rendered): PrintedHtml {
    if (rendered.dynamics.length === 0) {
      return new PrintedHtml(rendered.statics);
    }
    const parts: string[][] = [[]];
    for (const leaf of rendered.leaves()) {
      if (typeof leaf !== 'string') {
        if (leaf instanceof TokenPlace) parts.push([]);
      } else if (leaf !== '') parts[parts.length - 1].push(leaf);
    }
    const [texts] = parts;
    if (parts.length > 1 || texts.length < FEWEST_PIECES) return new PrintedHtml(parts.map((part) => part.join('')));
    return PrintedHtml.inPieces(texts);
  }

  private static inPieces(texts: readonly string[]): PrintedHtml {
    const long = new LongText(texts);
    return new PrintedHtml([String(long)], long);
  }

  /** @param long the only part, in pieces */
  constructor(
    readonly parts: readonly string[],
    private readonly long?: LongText,
  ) {}

  /** All of it, without a token. */
  get text(): Text {
    return this.long ?? this.withToken('');
  }

  get isNothing(): boolean {
    return this.parts.length === 1 && this.parts[0] === '';
  }

  get needsToken(): boolean {
    return this.parts.length > 1;
  }

  withToken(token: string): string {
    return this.parts.length === 1 ? this.parts[0] : this.parts.join(token);
  }

  /** @param head attributes, as they stand in a tag */
  withRoot(head: string, place = new RootPlace()): PrintedHtml {
    const long = this.long && this.longWithRoot(this.long, head, place);
    if (long) return long;
    let at = place.in(this.withToken(''));
    if (at < 0) return this;
    if (this.parts.length === 1) {
      const [html] = this.parts;
      return new PrintedHtml([html.slice(0, at) + head + html.slice(at)]);
    }
    const index = this.parts.findIndex((part) => {
      if (at <= part.length) return true;
      at -= part.length;
      return false;
    });
    const part = this.parts[index];
    return new PrintedHtml(this.parts.with(index, part.slice(0, at) + head + part.slice(at)));
  }
  /** Nothing where the root does not begin in the first piece. */
  private longWithRoot(
    { pieces: [first, ...others] }: LongText,
    head: string,
    place: RootPlace,
  ): PrintedHtml | undefined {
    const at = place.in(first);
    return at < 0 ? undefined : PrintedHtml.inPieces([first.slice(0, at) + head + first.slice(at), ...others]);
  }
}
