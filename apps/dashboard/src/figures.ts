import type { Ledger, Totals } from './ledger.js';
import { CHANNELS } from './sales.js';
import type { Range } from './range.js';

const EURO = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });
const COUNT = new Intl.NumberFormat('en-IE');
const PERCENT = new Intl.NumberFormat('en-IE', { style: 'percent', maximumFractionDigits: 1 });
const CHANGE = new Intl.NumberFormat('en-IE', {
  style: 'percent',
  maximumFractionDigits: 1,
  signDisplay: 'exceptZero',
});

export const euros = (cents: number): string => EURO.format(cents / 100);

export const timeOf = (second: number, withSeconds = true): string =>
  new Date(second * 1_000).toISOString().slice(11, withSeconds ? 19 : 16);

/** A number in large figures, against the same stretch of time before. */
export interface Tile {
  readonly name: string;
  readonly value: string;
  readonly change: string;
  readonly trend: 'up' | 'down' | 'flat';
}

/** What is drawn: a number, and the text that a table shows for it. */
export interface Mark {
  readonly value: number;
  readonly text: string;
}

export interface Point {
  readonly at: string;
  readonly now: Mark;
  readonly before: Mark;
}

export const tilesOf = (now: Totals, before: Totals): readonly Tile[] => [
  tile('Revenue', euros, now.cents, before.cents),
  tile('Orders', (orders) => COUNT.format(orders), now.orders, before.orders),
  tile('Average order', euros, rate(now.cents, now.orders), rate(before.cents, before.orders)),
  tile('Visitors who buy', (share) => PERCENT.format(share), rate(now.orders, now.visitors), rate(before.orders, before.visitors)), // prettier-ignore
];

/** The steps that are over: one that is under way would let the line fall at its end. */
export function pointsOf(ledger: Ledger, { length, step }: Range, now: number): readonly Point[] {
  const end = now - (now % step);
  return Array.from({ length: length / step }, (_, place) => {
    const from = end - length + place * step;
    return {
      at: timeOf(from, step < 60),
      now: revenue(ledger.between(from, from + step)),
      before: revenue(ledger.between(from - length, from - length + step)),
    };
  });
}

export const channelsOf = ({ byChannel }: Totals): readonly (Mark & { readonly name: string })[] =>
  CHANNELS.map((name, channel) => ({ name, value: byChannel[channel], text: COUNT.format(byChannel[channel]) }));

const revenue = ({ cents }: Totals): Mark => ({ value: cents / 100, text: euros(cents) });

const rate = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

const tile = (name: string, say: (value: number) => string, now: number, before: number): Tile => {
  const change = before === 0 ? 0 : now / before - 1;
  return {
    name,
    value: say(now),
    change: CHANGE.format(change),
    trend: Math.abs(change) < 0.0005 ? 'flat' : change > 0 ? 'up' : 'down',
  };
};
