import { setTimeout as later } from 'node:timers/promises';

import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LivePublisher } from 'nest-live';

import { type Cart, withLine } from './cart.js';
import { CATALOGUE } from './catalogue.js';

/** Slow on purpose: it is what an optimistic cart is for. */
const ASKING_MS = 400;
const HOLD_MS = 15 * 60_000;
const DELIVERY_MS = 5 * 60_000;
const SWEEP_MS = 30_000;

interface Hold extends Cart {
  readonly until: number;
}

interface Delivery {
  readonly article: string;
  readonly count: number;
  readonly at: number;
}

/**
 * What is on the shelves. A cart sets pieces aside for 15 minutes, so that nobody else takes them; what was sold is
 * delivered anew after five. Every change is told to every page.
 */
@Injectable()
export class Warehouse implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly shelves = new Map(CATALOGUE.map(({ id, stock }) => [id, stock]));
  private readonly holds = new Map<string, Hold>();
  private deliveries: readonly Delivery[] = [];
  private timer?: NodeJS.Timeout;

  constructor(private readonly publisher: LivePublisher) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep(), SWEEP_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Pieces that nobody has set aside. */
  left(article: string): number {
    const held = [...this.holds.values()].reduce((sum, { lines }) => sum + (lines[article] ?? 0), 0);
    return Math.max(0, (this.shelves.get(article) ?? 0) - held);
  }

  /** Pieces that are set aside for a cart. */
  held({ id }: Cart, article: string): number {
    return this.holds.get(id)?.lines[article] ?? 0;
  }

  /**
   * Sets exactly so many aside for the cart, and keeps what it has for another 15 minutes. To ask again is harmless: it
   * says how many, not how many more.
   * @returns false when there are not enough; then nothing has changed
   */
  async hold(cart: Cart, article: string, quantity: number): Promise<boolean> {
    await later(ASKING_MS);
    const already = this.held(cart, article);
    if (quantity > already && quantity - already > this.left(article)) return false;
    const hold = withLine(this.holds.get(cart.id) ?? { id: cart.id, lines: {} }, article, quantity);
    this.holds.set(cart.id, { ...hold, until: Date.now() + HOLD_MS });
    await this.tell();
    return true;
  }

  /**
   * Sells a cart: all of it or nothing.
   * @returns articles that there are not enough of; none when it is sold
   */
  async sell(cart: Cart): Promise<readonly string[]> {
    const lines = Object.entries(cart.lines);
    const short = lines.filter(([article, count]) => count > this.left(article) + this.held(cart, article));
    if (short.length > 0) return short.map(([article]) => article);
    const at = Date.now() + DELIVERY_MS;
    for (const [article, count] of lines) this.shelves.set(article, (this.shelves.get(article) ?? 0) - count);
    this.deliveries = [...this.deliveries, ...lines.map(([article, count]) => ({ article, count, at }))];
    this.holds.delete(cart.id);
    await this.tell();
    return [];
  }

  /** Puts back what nobody came for, and what was delivered. */
  async sweep(now = Date.now()): Promise<void> {
    const lapsed = [...this.holds.values()].filter(({ until }) => until <= now);
    const arrived = this.deliveries.filter(({ at }) => at <= now);
    if (lapsed.length + arrived.length === 0) return;
    for (const { id } of lapsed) this.holds.delete(id);
    for (const { article, count } of arrived) this.shelves.set(article, (this.shelves.get(article) ?? 0) + count);
    this.deliveries = this.deliveries.filter(({ at }) => at > now);
    await this.tell();
  }

  private tell(): Promise<void> {
    return this.publisher.broadcast('shop.stock');
  }
}
