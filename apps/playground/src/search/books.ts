export interface Book {
  readonly title: string;
  readonly author: string;
  readonly year: number;
}

const FIRST =
  'Amber Borrowed Clockwork Distant Eleventh Forgotten Glass Hollow Ivory Lantern Midnight Northern Paper Quiet River Salt Tin Unwritten Velvet Winter'.split(
    ' ',
  );
const SECOND = 'Archive Bridge Cartographer Garden Harbour Letters Orchard Piano Station Weather'.split(' ');
const AUTHORS = [
  'Ines Halloway',
  'Tomasz Brandt',
  'Ada Okonjo',
  'Ruben Castell',
  'Mei Larsson',
  'Farid Noor',
  'Clara Whitlock',
];

/** Two hundred books that nobody has written. */
export const BOOKS: readonly Book[] = FIRST.flatMap((first, row) =>
  SECOND.map((second, column) => ({
    title: `The ${first} ${second}`,
    author: AUTHORS[(row * 3 + column) % AUTHORS.length],
    year: 1900 + ((row * 37 + column * 11) % 125),
  })),
);
