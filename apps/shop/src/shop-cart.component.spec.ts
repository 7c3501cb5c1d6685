import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LiveTest } from 'nest-live/testing';

import { EMPTY_CART } from './cart.js';
import { ShopCart } from './shop-cart.component.js';
import { Warehouse } from './warehouse.js';

const TEMPLATES = join(import.meta.dirname, '../templates');

describe('the cart', () => {
  let live: LiveTest;

  beforeAll(async () => {
    live = await LiveTest.create({
      providers: [ShopCart, Warehouse],
      options: { rendering: { templates: [TEMPLATES] } },
    });
  });

  afterAll(() => live.close());

  it('is a visitor’s own, also where an event names what is not in it', async () => {
    const carts = [await live.mount(ShopCart), await live.mount(ShopCart)];
    for (const cart of carts) await cart.emit('step', { article: 'mug', by: 1 });
    const warehouse = live.app.get(Warehouse);
    expect(warehouse.left('mug')).toBe(38);
    expect(warehouse.held(EMPTY_CART, 'mug')).toBe(0);
  });

  it.each([
    { article: 'nothing', by: 1 },
    { article: 'mug', by: 7 },
  ])('refuses %j', async (step) => {
    const cart = await live.mount(ShopCart);
    await cart.emit('step', step);
    expect(cart.error?.code).toBe('VALIDATION_FAILED');
  });
});
