import { Injectable } from '@nestjs/common';

import { CHANNELS, type Sale, tradeAt } from './sales.js';

/** What was traded in a stretch of time. */
export interface Totals {
  readonly orders: number;
  readonly cents: number;
  readonly visitors: number;
  /** Orders, as in `CHANNELS`. */
  readonly byChannel: readonly number[];
}

const NOTHING: Totals = { orders: 0, cents: 0, visitors: 0, byChannel: CHANNELS.map(() => 0) };

/** Stretches that are added up once, in seconds; largest first. */
const PAGES = [3_600, 120];
const MAX_PAGES = 500;

/** Adds up the trade of any stretch of time. */
@Injectable()
export class Ledger {
  private readonly pages = new Map<string, Totals>();

  /** From one second to another; the last one is not in it. */
  between(from: number, to: number): Totals {
    const parts: Totals[] = [];
    for (let second = from; second < to;) {
      const page = PAGES.find((size) => second % size === 0 && second + size <= to);
      parts.push(page ? this.page(second, page) : secondOf(second));
      second += page ?? 1;
    }
    return sum(parts);
  }

  /** The newest sales before a second, newest first. */
  latest(before: number, count: number): readonly Sale[] {
    const found: Sale[] = [];
    for (let second = before - 1; found.length < count; second -= 1) found.push(...tradeAt(second).sales);
    return found;
  }

  private page(from: number, size: number): Totals {
    const key = `${size}:${from}`;
    const known = this.pages.get(key);
    if (known) return known;
    const totals = sum(Array.from({ length: size }, (_, place) => secondOf(from + place)));
    this.pages.set(key, totals);
    const [oldest] = this.pages.keys();
    if (this.pages.size > MAX_PAGES) this.pages.delete(oldest);
    return totals;
  }
}

function secondOf(second: number): Totals {
  const { visitors, sales } = tradeAt(second);
  return {
    orders: sales.length,
    cents: sales.reduce((cents, sale) => cents + sale.cents, 0),
    visitors,
    byChannel: CHANNELS.map((_, channel) => sales.filter((sale) => sale.channel === channel).length),
  };
}

const sum = (parts: readonly Totals[]): Totals =>
  parts.reduce(
    (all, one) => ({
      orders: all.orders + one.orders,
      cents: all.cents + one.cents,
      visitors: all.visitors + one.visitors,
      byChannel: all.byChannel.map((count, channel) => count + one.byChannel[channel]),
    }),
    NOTHING,
  );
