import { LiveSetupError } from '../errors/setup-error.js';
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

/** One render as text, in parts: between each two of them stands the instance's token. */
export class PrintedHtml {
  /** Nothing was rendered. */
  static readonly nothing = new PrintedHtml(['']);

  static of(rendered: Rendered): PrintedHtml {
    if (rendered.dynamics.length === 0) {
      return new PrintedHtml(rendered.statics);
    }
    const parts = [''];
    for (const piece of rendered.pieces()) {
      if (typeof piece === 'string') parts[parts.length - 1] += piece;
      else if (piece instanceof TokenPlace) parts.push('');
    }
    return new PrintedHtml(parts);
  }

  constructor(readonly parts: readonly string[]) {}

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
}
