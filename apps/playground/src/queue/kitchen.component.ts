import { setTimeout as later } from 'node:timers/promises';

import { Computed, Concurrency, LiveComponent, LiveError, OnEvent, Payload, State } from 'nest-live';

const SLOW_MS = 900;
const SHOWN = 6;
const ORDERS_AT_ONCE = 2;
const REST_MS = 8_000;

interface Line {
  readonly id: number;
  readonly text: string;
}

@LiveComponent('kitchen')
export class Kitchen {
  @State() lines: Line[] = [];
  @State() cups = 0;
  @State() orders: number[] = [];

  @Computed()
  get newest(): readonly Line[] {
    return this.lines.slice(-SHOWN).reverse();
  }

  /** Each click is one cup, however many there are. */
  @OnEvent()
  async brew(): Promise<void> {
    await later(SLOW_MS / 3);
    this.note(`cup ${++this.cups} is ready`);
  }

  /** A second ring while the first one sounds is no ring. */
  @OnEvent()
  @Concurrency('drop')
  async ring(): Promise<void> {
    await later(SLOW_MS);
    this.note('the bell has rung');
  }

  /** While one spice is looked for, only the newest one typed waits. */
  @OnEvent()
  @Concurrency('latest')
  async look(@Payload('value') spice: string): Promise<void> {
    await later(SLOW_MS);
    this.note(`looked for “${spice}”`);
  }

  /** Two orders, then a pause: a `RATE_LIMITED` with its time rests the button. */
  @OnEvent()
  order(): void {
    const now = Date.now();
    this.orders = this.orders.filter((time) => time > now - REST_MS);
    if (this.orders.length >= ORDERS_AT_ONCE) {
      throw new LiveError('RATE_LIMITED', 'the milkman is on his way', {
        retryAfterMs: this.orders[0] + REST_MS - now,
      });
    }
    this.orders.push(now);
    this.note('milk is ordered');
  }

  private note(text: string): void {
    this.lines = [...this.lines.slice(1 - SHOWN), { id: (this.lines.at(-1)?.id ?? 0) + 1, text }];
  }
}
