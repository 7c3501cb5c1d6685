export const CHANNELS = ['Web', 'App', 'Market', 'Phone'] as const;
const BUYERS = ['Ada', 'Björn', 'Chiara', 'Dmitri', 'Elif', 'Fionn', 'Greta', 'Hanna', 'Ivo', 'Jun', 'Kofi', 'Lena'];
const TOWNS = ['Bergen', 'Cork', 'Gdańsk', 'Lisbon', 'Malmö', 'Nantes', 'Porto', 'Tallinn'];
const DAY = 86_400;

export interface Sale {
  readonly id: string;
  /** Second since the epoch. */
  readonly at: number;
  readonly buyer: string;
  readonly town: string;
  /** Index into `CHANNELS`. */
  readonly channel: number;
  readonly cents: number;
}

export interface SecondOfTrade {
  readonly visitors: number;
  readonly sales: readonly Sale[];
}

/** An invented business, as a function of the clock: the same second has the same trade, on every node, for ever. */
export function tradeAt(second: number): SecondOfTrade {
  const random = randomOf(second);
  const busy = busyness(second);
  const visitors = Math.floor(random() * 9 * busy);
  const isSale = random() < 0.45 * busy;
  return { visitors, sales: isSale ? [saleOf(second, random)] : [] };
}

function saleOf(second: number, random: () => number): Sale {
  // The square makes dear things rare and the first channels the common ones.
  const [dear, far] = [random() ** 2, random() ** 2];
  return {
    id: second.toString(36),
    at: second,
    buyer: BUYERS[Math.floor(random() * BUYERS.length)],
    town: TOWNS[Math.floor(random() * TOWNS.length)],
    channel: Math.floor(far * CHANNELS.length),
    cents: 890 + Math.floor(dear * 24_000),
  };
}

/** Quiet at night, busy in the evening, and in waves of eleven minutes; between 0.25 and 1. */
function busyness(second: number): number {
  const day = Math.sin(((second % DAY) / DAY) * 2 * Math.PI - 2.4);
  const wave = Math.sin((second / 660) * 2 * Math.PI);
  return 0.6 + 0.28 * day + 0.12 * wave;
}

/** Mulberry32, begun anew for each second. */
function randomOf(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
