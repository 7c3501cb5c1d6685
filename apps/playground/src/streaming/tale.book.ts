import { Injectable } from '@nestjs/common';

const WHO = [
  'A lighthouse keeper',
  'The youngest clerk',
  'A retired cartographer',
  'My neighbour’s cat',
  'A travelling baker',
];
const DID = [
  'found a door',
  'kept a list of every storm',
  'borrowed a ladder',
  'wrote to the harbour',
  'lost one shoe',
];
const WHERE = [
  'behind the tide',
  'in the attic of the post office',
  'under the third bridge',
  'on a Tuesday',
  'by the sea',
];
const THEN = [
  'Nobody asked why.',
  'It rained until spring.',
  'The kettle was on, as always.',
  'That was the first mistake.',
  'Everyone agreed it was for the best.',
];
const LAST = 'And the lamp has burnt ever since.';

/** Tales that nobody has written. The same number gives the same tale. */
@Injectable()
export class TaleBook {
  /** Word by word, each with the space before it. */
  *tell(number: number): Generator<string> {
    const choose = chooser(number);
    const sentences = Array.from(
      { length: 5 },
      () => `${choose(WHO)} ${choose(DID)} ${choose(WHERE)}. ${choose(THEN)}`,
    );
    const words = [...sentences, LAST].join(' ').split(' ');
    for (const [place, word] of words.entries()) {
      yield place === 0 ? word : ` ${word}`;
    }
  }
}

/** Mulberry32: small, and the same everywhere. */
const chooser = (seed: number): ((from: readonly string[]) => string) => {
  let state = seed;
  return (from) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return from[((mixed ^ (mixed >>> 14)) >>> 0) % from.length];
  };
};
