import { LiveComponent, OnEvent, Payload, Session } from 'nest-live';

import { TEAS } from './teas.js';

@LiveComponent('tea-shop')
export class TeaShop {
  /** The visitor's, not this component's: whatever else is named “basket” has the same. */
  @Session() basket: Record<string, number> = {};
  @Session({ key: 'tea-currency' }) currency: 'EUR' | 'JPY' = 'EUR';

  @OnEvent()
  add(@Payload('tea') name: string): void {
    if (TEAS.some((tea) => tea.name === name)) {
      this.basket = { ...this.basket, [name]: Math.min(99, (this.basket[name] ?? 0) + 1) };
    }
  }

  @OnEvent()
  choose(@Payload('value') currency: string): void {
    this.currency = currency === 'JPY' ? 'JPY' : 'EUR';
  }

  beforeRender() {
    const isYen = this.currency === 'JPY';
    const price = (euros: number): string => (isYen ? `¥${Math.round(euros * 160)}` : `€${euros.toFixed(2)}`);
    return { teas: TEAS.map(({ name, euros }) => ({ name, price: price(euros) })), isYen };
  }
}
