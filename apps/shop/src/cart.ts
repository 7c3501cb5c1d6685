import { randomUUID } from 'node:crypto';

/** What one visitor wants. It is kept in the visitor's session, and the warehouse knows it by its id. */
export interface Cart {
  /** Empty until something is put in. */
  readonly id: string;
  /** How many, by article, in the order in which they were put in. */
  readonly lines: Readonly<Record<string, number>>;
}

export const EMPTY_CART: Cart = { id: '', lines: {} };

/** The cart under an id that nobody else can guess or share. */
export const named = (cart: Cart): Cart => (cart.id === '' ? { ...cart, id: randomUUID() } : cart);

/** The cart with so many of an article; none takes the line away. */
export const withLine = ({ id, lines }: Cart, article: string, quantity: number): Cart => {
  const changed = Object.entries({ ...lines, [article]: quantity });
  return { id, lines: Object.fromEntries(changed.filter(([, count]) => count > 0)) };
};

export const piecesIn = ({ lines }: Cart): number => Object.values(lines).reduce((sum, count) => sum + count, 0);
