import type { LongText, Text } from '../texts/long-text.js';

/** How many characters are the same at the beginning and, behind those, at the end of two texts. */
export interface SameEnds {
  readonly head: number;
  readonly tail: number;
}

export const sameAtBothEnds = (one: Text, other: Text): SameEnds => {
  const most = Math.min(one.length, other.length);
  const isInPieces = typeof one !== 'string' && typeof other !== 'string';
  const step = isInPieces ? SMALL_STEP : STEP;
  const ahead = isInPieces ? samePieces(one, other, false) : 0;
  const head = longest({ at: ahead, most, step }, (from, to) => one.slice(from, to) === other.slice(from, to));
  const [end, otherEnd] = [one.length, other.length];
  const behind = isInPieces ? samePieces(one, other, true) : 0;
  const tail = longest(
    { at: Math.min(behind, most - head), most: most - head, step },
    (from, to) => one.slice(end - to, end - from) === other.slice(otherEnd - to, otherEnd - from),
  );
  return { head, tail };
};

const STEP = 32_768;
/** Where what is different is known to stand in one piece. */
const SMALL_STEP = 4_096;

/** Characters in pieces that are the same, from the beginning on or from the end. */
const samePieces = (one: LongText, other: LongText, isAtEnd: boolean): number => {
  const [pieces, others] = [one.pieces, other.pieces];
  const most = Math.min(pieces.length, others.length);
  let length = 0;
  for (let n = 0; n < most; n += 1) {
    const piece = isAtEnd ? pieces[pieces.length - 1 - n] : pieces[n];
    if (piece !== (isAtEnd ? others[others.length - 1 - n] : others[n])) break;
    length += piece.length;
  }
  return length;
};

/** Compared in pieces, which become smaller where they are different. */
const longest = (
  { at: first, most, step: widest }: { readonly at: number; readonly most: number; readonly step: number },
  isSame: (from: number, to: number) => boolean,
): number => {
  let at = first;
  for (let step = widest; step >= 1 && at < most;) {
    const to = Math.min(at + step, most);
    if (isSame(at, to)) at = to;
    else step >>= 3;
  }
  return at;
};
