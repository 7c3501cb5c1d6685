import { describe, expect, it } from '@jest/globals';
import type { LivePublisher } from 'nest-live';

import type { Delivery } from './delivery.js';
import { Orders, type PlacedOrder } from './orders.js';
import { Warehouse } from './warehouse.js';

const DELIVERY: Delivery = {
  name: 'Ada',
  email: 'ada@example.org',
  street: '1 Pier Road',
  postcode: 'T12',
  town: 'Cork',
  way: 'post',
};

describe('orders', () => {
  it('sell a cart once for one event, however often it is tried', async () => {
    const warehouse = new Warehouse({ broadcast: async () => {} } as unknown as LivePublisher);
    const orders = new Orders(warehouse);
    const cart = { id: 'ada', lines: { mug: 3 } };
    const [first, again] = [await orders.place('one', cart, DELIVERY), await orders.place('one', cart, DELIVERY)];
    expect(again).toBe(first);
    expect(warehouse.left('mug')).toBe(37);
    expect(first as PlacedOrder).toMatchObject({ number: 'TT-1041', total: '€42.40', isPickedUp: false });
    expect(await orders.place('two', { id: 'ada', lines: { mug: 38 } }, DELIVERY)).toEqual(['mug']);
  });
});
