import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { LivePublisher } from 'nest-live';

import type { Cart } from './cart.js';
import { Warehouse } from './warehouse.js';

const MINUTE = 60_000;

const cart = (id: string, lines: Cart['lines'] = {}): Cart => ({ id, lines });

describe('the warehouse', () => {
  const broadcast = jest.fn(() => Promise.resolve());
  let warehouse: Warehouse;

  beforeEach(() => {
    broadcast.mockClear();
    warehouse = new Warehouse({ broadcast } as unknown as LivePublisher);
  });

  it('sets aside what is there, once, however often it is asked', async () => {
    const ada = cart('ada');
    expect([await warehouse.hold(ada, 'stove', 2), await warehouse.hold(ada, 'stove', 2)]).toEqual([true, true]);
    expect([warehouse.left('stove'), warehouse.held(ada, 'stove')]).toEqual([1, 2]);
  });

  it('gives the last one to one of two who ask at once, and tells everybody', async () => {
    const given = await Promise.all([cart('ada'), cart('ben')].map((one) => warehouse.hold(one, 'compass', 1)));
    expect(given.filter(Boolean)).toHaveLength(1);
    expect(broadcast.mock.calls).toEqual([['shop.stock']]);
  });

  it('puts back what nobody came for after a quarter of an hour', async () => {
    await warehouse.hold(cart('ada'), 'compass', 1);
    await warehouse.sweep(Date.now() + 14 * MINUTE);
    expect(warehouse.left('compass')).toBe(0);
    await warehouse.sweep(Date.now() + 16 * MINUTE);
    expect(warehouse.left('compass')).toBe(1);
  });

  it('sells all of a cart or nothing, and has it delivered anew', async () => {
    await warehouse.hold(cart('ben'), 'compass', 1);
    expect(await warehouse.sell(cart('ada', { mug: 2, compass: 1 }))).toEqual(['compass']);
    expect(warehouse.left('mug')).toBe(40);

    expect(await warehouse.sell(cart('ben', { mug: 2, compass: 1 }))).toEqual([]);
    expect([warehouse.left('mug'), warehouse.left('compass')]).toEqual([38, 0]);
    await warehouse.sweep(Date.now() + 6 * MINUTE);
    expect([warehouse.left('mug'), warehouse.left('compass')]).toEqual([40, 1]);
  });
});
