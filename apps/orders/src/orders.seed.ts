import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { Customer } from './customer.entity.js';
import { OrderLine } from './order-line.entity.js';
import { Order, type Status } from './order.entity.js';
import { centsOf } from './price.js';

const CUSTOMERS = ['Café Alma', 'Harbour Bakery', 'Kiosk Nine', 'Lighthouse Hotel', 'Tern & Tide'] as const;

type Line = readonly [article: string, quantity: number, price: number];
type Seed = readonly [customer: number, status: Status, due: string, lines: readonly Line[], note?: string];

const ORDERS: readonly Seed[] = [
  [
    0,
    'shipped',
    '2026-11-02',
    [
      ['Espresso beans, 1 kg', 12, 17.5],
      ['Oat milk, 1 l', 48, 1.35],
    ],
  ],
  [
    3,
    'shipped',
    '2026-11-09',
    [
      ['Breakfast tea, 250 g', 20, 6.4],
      ['Sugar sachets, 1,000', 4, 11.9],
    ],
  ],
  [
    1,
    'confirmed',
    '2026-12-01',
    [
      ['Flour T65, 25 kg', 16, 19.8],
      ['Fresh yeast, 1 kg', 10, 3.25],
    ],
    'Back door, before six.',
  ],
  [2, 'cancelled', '2026-11-20', [['Lemonade, 24 bottles', 6, 14.4]], 'Ordered twice by mistake.'],
  [
    4,
    'confirmed',
    '2026-12-04',
    [
      ['Trail mix, 500 g', 60, 4.15],
      ['Enamel mug', 24, 7.8],
      ['Gift bag', 100, 0.35],
    ],
  ],
  [0, 'draft', '2026-12-11', [['Cocoa, 1 kg', 6, 13.2]]],
];

/** Something to look at, where there is nothing yet. */
@Injectable()
export class OrdersSeed implements OnApplicationBootstrap {
  constructor(private readonly source: DataSource) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.source.transaction(async (manager) => {
      if ((await manager.count(Customer)) > 0) return;
      const customers = await manager.save(Customer, [
        ...CUSTOMERS.map((name) => ({ name })),
        { name: 'Old Mill (closed)', active: false },
      ]);
      for (const [index, [customer, status, due, lines, note]] of ORDERS.entries()) {
        const rows = lines.map(([article, quantity, price]) => ({ article, quantity, price: price.toFixed(2) }));
        const total = rows.reduce((sum, line) => sum + centsOf(line), 0);
        const head = { number: `A-${1_041 + index}`, customer: customers[customer], status, due, note: note ?? null };
        const order = await manager.save(Order, { ...head, total });
        await manager.save(
          OrderLine,
          rows.map((row) => ({ ...row, order })),
        );
      }
    });
  }
}
