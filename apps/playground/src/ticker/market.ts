import { randomInt } from 'node:crypto';

import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LivePublisher } from 'nest-live';

export interface Quote {
  readonly symbol: string;
  readonly name: string;
  readonly price: number;
  /** Since the second before, in percent. */
  readonly change: number;
}

const LISTED: readonly Quote[] = [
  { symbol: 'TEA', name: 'Harbour Tea', price: 48.2, change: 0 },
  { symbol: 'KITE', name: 'Paper Kites', price: 12.75, change: 0 },
  { symbol: 'LAMP', name: 'Lamplight Works', price: 133.4, change: 0 },
  { symbol: 'MOSS', name: 'Moss & Daughters', price: 7.9, change: 0 },
];

/** An invented stock exchange that moves once a second and tells everybody. */
@Injectable()
export class Market implements OnApplicationBootstrap, OnModuleDestroy {
  quotes = LISTED;
  time = new Date();
  private timer?: NodeJS.Timeout;

  constructor(private readonly publisher: LivePublisher) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.tick(), 1_000);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  tick(): Promise<void> {
    this.time = new Date();
    this.quotes = this.quotes.map(moved);
    return this.publisher.broadcast('market.tick');
  }
}

function moved(quote: Quote): Quote {
  const change = randomInt(-90, 91) / 100;
  return { ...quote, change, price: Math.max(0.01, quote.price * (1 + change / 100)) };
}
