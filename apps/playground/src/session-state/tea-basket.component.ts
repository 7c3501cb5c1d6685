import { LiveComponent, OnEvent, Payload, Session } from 'nest-live';

import { TEAS } from './teas.js';

@LiveComponent('tea-basket')
export class TeaBasket {
  @Session() basket: Record<string, number> = {};
  @Session({ key: 'tea-currency' }) currency: 'EUR' | 'JPY' = 'EUR';

  @OnEvent()
  remove(@Payload('tea') name: string): void {
    this.basket = Object.fromEntries(Object.entries(this.basket).filter(([tea]) => tea !== name));
  }

  @OnEvent()
  empty(): void {
    this.basket = {};
  }

  beforeRender() {
    const lines = TEAS.flatMap(({ name, euros }) => {
      const count = this.basket[name] ?? 0;
      return count > 0 ? [{ name, count, euros: count * euros }] : [];
    });
    const euros = lines.reduce((sum, line) => sum + line.euros, 0);
    const total = this.currency === 'JPY' ? `¥${Math.round(euros * 160)}` : `€${euros.toFixed(2)}`;
    return { lines, total };
  }
}
