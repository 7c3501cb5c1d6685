/**
 * A text in pieces, of which many are those of another one: it is compared with that piece by piece, and never written anew as a
 * whole unless somebody asks for all of it.
 */
export class LongText {
  readonly length: number;
  private readonly ends: readonly number[];
  private whole?: string;
  /** The piece in which somebody has begun to read last. */
  private near = 0;

  constructor(readonly pieces: readonly string[]) {
    let length = 0;
    this.ends = pieces.map((piece) => (length += piece.length));
    this.length = length;
  }

  slice(from: number, to = this.length): string {
    const { pieces, ends } = this;
    let text = '';
    for (let n = from < to ? this.pieceAt(from) : pieces.length; n < pieces.length; n += 1) {
      const start = ends[n] - pieces[n].length;
      if (start >= to) break;
      text += from <= start && ends[n] <= to ? pieces[n] : pieces[n].slice(Math.max(from - start, 0), to - start);
    }
    return text;
  }

  toString(): string {
    return (this.whole ??= this.pieces.reduce((text, piece) => text + piece, ''));
  }

  private pieceAt(place: number): number {
    const { ends, near } = this;
    if (place < ends[near] && place >= ends[near] - this.pieces[near].length) return near;
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle] <= place) low = middle + 1;
      else high = middle;
    }
    this.near = low;
    return low;
  }
}

/** Text as it is, or in pieces. */
export type Text = string | LongText;

export const isSameText = (one: Text, other: Text): boolean => {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  if (typeof one === 'string' || typeof other === 'string') return String(one) === String(other);
  const isCutAlike = one.pieces.length === other.pieces.length && one.pieces.every(isAsLong, other.pieces);
  return isCutAlike ? one.pieces.every(isAt, other.pieces) : String(one) === String(other);
};

function isAsLong(this: readonly string[], piece: string, at: number): boolean {
  return this[at].length === piece.length;
}

function isAt(this: readonly string[], piece: string, at: number): boolean {
  return this[at] === piece;
}
