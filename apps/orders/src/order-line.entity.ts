import { Column, Entity, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';

import { Order } from './order.entity.js';

/** Stored in cents; in euros everywhere else, as text that ends in cents: `19.80`. */
const EUROS = {
  to: (euros: string | number) => Math.round(Number(euros) * 100),
  from: (cents: number) => (cents / 100).toFixed(2),
};

@Entity({ name: 'orders_lines' })
export class OrderLine {
  @PrimaryGeneratedColumn()
  id: number;

  @ManyToOne(() => Order, (order) => order.lines, { nullable: false, onDelete: 'CASCADE' })
  order: Relation<Order>;

  @Column({ type: 'varchar', length: 80 })
  article: string;

  @Column({ type: 'int' })
  quantity: number;

  /** Of one. */
  @Column({ type: 'int', transformer: EUROS })
  price: string;
}
