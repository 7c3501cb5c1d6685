import { flat } from './flat.js';

/** Of so many rows, or so much text, a piece is not added to any more. An engine has another, slow way for texts of 128 KB. */
const ROWS = 64;
const CHARS = 24_576;
/** One that was added to is cut in two where it has more than this many times as much. */
const MOST = 1.5;

/** The text of some rows, one behind the other, and where in it each ends. */
interface Piece {
  readonly text: string;
  readonly ends: readonly number[];
}

/**
 * The texts of rows in pieces. Where one row changes the others keep theirs, so that neither all text is written anew for
 * it nor compared: the same piece is the same string.
 */
export class RowTexts {
  static readonly none = new RowTexts([]);

  /** @param pieces as a writer has made them */
  constructor(readonly pieces: readonly Piece[]) {}

  get texts(): readonly string[] {
    return this.pieces.map(({ text }) => text);
  }

  get length(): number {
    return this.pieces.reduce((sum, { text }) => sum + text.length, 0);
  }
}

/** Writes the texts of rows one after the other: new ones, and such as stand in others. */
export class RowTextsWriter {
  private readonly pieces: Piece[] = [];
  private text = '';
  private ends: number[] = [];
  /** A run of rows that are as they were. */
  private from = 0;
  private to = 0;
  /** The piece in which a run has begun last. */
  private near = 0;
  /** By the number of a piece before, that of its first row. */
  private readonly firsts: readonly number[];

  constructor(private readonly before: RowTexts = RowTexts.none) {
    let rows = 0;
    this.firsts = before.pieces.map(({ ends }) => (rows += ends.length) - ends.length);
  }

  /** The next ones are those rows of before, up to `to`. */
  keep(from: number, to = from + 1): void {
    if (from !== this.to) {
      this.endRun();
      this.from = from;
    }
    this.to = to;
  }

  add(text: string): void {
    this.endRun();
    this.from = this.to = 0;
    this.text += text;
    this.ends.push(this.text.length);
    if (isFull(this.ends.length, this.text.length)) this.endPiece();
  }

  end(): RowTexts {
    this.endRun();
    this.endPiece();
    return new RowTexts(this.pieces);
  }

  private endRun(): void {
    const { firsts, from, to } = this;
    const { pieces } = this.before;
    for (let place = from, n = from < to ? this.pieceOf(from) : 0; place < to; n += 1) {
      const piece = pieces[n];
      const first = firsts[n];
      const end = first + piece.ends.length;
      const isWhole = place === first && end <= to;
      if (isWhole && this.mayEnd(piece, n === pieces.length - 1)) {
        this.endPiece();
        this.pieces.push(piece);
      } else this.copy(piece, place - first, Math.min(end, to) - first);
      place = end;
    }
  }

  /** Whether what is written may end where this piece begins: or there would be more and more small ones. */
  private mayEnd({ ends, text }: Piece, isLast: boolean): boolean {
    if (this.ends.length === 0) return isLast || isFull(2 * ends.length, 2 * text.length);
    return isFull(2 * this.ends.length, 2 * this.text.length);
  }

  private copy({ text, ends }: Piece, from: number, to: number): void {
    const start = from === 0 ? 0 : ends[from - 1];
    const moved = this.text.length - start;
    this.text += text.slice(start, ends[to - 1]);
    for (let row = from; row < to; row += 1) this.ends.push(ends[row] + moved);
    if (isFull(this.ends.length, this.text.length)) this.endPiece();
  }

  private endPiece(): void {
    const { ends } = this;
    if (ends.length === 0) return;
    const text = flat(this.text);
    const half = ends.length >> 1;
    if (half > 0 && isFull(ends.length / MOST, text.length / MOST)) {
      const cut = ends[half - 1];
      this.pieces.push({ text: flat(text.slice(0, cut)), ends: ends.slice(0, half) });
      this.pieces.push({ text: flat(text.slice(cut)), ends: ends.slice(half).map((end) => end - cut) });
    } else this.pieces.push({ text, ends });
    this.text = '';
    this.ends = [];
  }

  /** The piece in which a row stands. */
  private pieceOf(place: number): number {
    const { firsts, near } = this;
    if (place >= firsts[near] && place < (firsts[near + 1] ?? 0)) return near;
    let [low, high] = [0, firsts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (firsts[middle] <= place) low = middle;
      else high = middle;
    }
    this.near = low;
    return low;
  }
}

const isFull = (rows: number, chars: number): boolean => rows >= ROWS || chars >= CHARS;
