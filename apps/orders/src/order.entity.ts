import { Column, Entity, ManyToOne, OneToMany, PrimaryGeneratedColumn, VersionColumn, type Relation } from 'typeorm';

import { Customer } from './customer.entity.js';
import { OrderLine } from './order-line.entity.js';

export const STATUSES = ['draft', 'confirmed', 'shipped', 'cancelled'] as const;
export type Status = (typeof STATUSES)[number];

@Entity({ name: 'orders_orders' })
export class Order {
  @PrimaryGeneratedColumn()
  id: number;

  /** What people call it; the form may change it, and no two orders share one. */
  @Column({ type: 'varchar', length: 12, unique: true })
  number: string;

  @ManyToOne(() => Customer, { nullable: false })
  customer: Relation<Customer>;

  @Column({ type: 'varchar', length: 12, default: 'draft' })
  status: Status;

  /** A day, as text: `2026-03-01`. */
  @Column({ type: 'varchar', length: 10 })
  due: string;

  @Column({ type: 'varchar', length: 500, nullable: true })
  note: string | null;

  /** In cents. The server counts it with each save; no form declares it. */
  @Column({ type: 'int', default: 0 })
  total: number;

  @VersionColumn()
  version: number;

  @OneToMany(() => OrderLine, (line) => line.order)
  lines: Relation<OrderLine>[];
}
