import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { ILike, type FindOptionsWhere, type Repository } from 'typeorm';

import { Order, type Status } from './order.entity.js';

export interface OrderQuery {
  readonly search: string;
  readonly status: Status | 'all';
}

const SHOWN = 100;

/** What is asked about orders beside the form. */
@Injectable()
export class Orders {
  constructor(@InjectRepository(Order) private readonly orders: Repository<Order>) {}

  /** The newest first. */
  find({ search, status }: OrderQuery): Promise<Order[]> {
    const same: FindOptionsWhere<Order> = status === 'all' ? {} : { status };
    const text = ILike(`%${search.replace(/[%_\\]/g, '')}%`);
    const where = search
      ? [
          { ...same, number: text },
          { ...same, customer: { name: text } },
        ]
      : same;
    return this.orders.find({ where, relations: { customer: true }, order: { id: 'DESC' }, take: SHOWN });
  }

  count(): Promise<number> {
    return this.orders.count();
  }

  byId(id: number): Promise<Order | null> {
    return Number.isSafeInteger(id) && id > 0 && id < 2 ** 31 ? this.orders.findOneBy({ id }) : Promise.resolve(null);
  }

  /** One that nobody has. */
  async nextNumber(): Promise<string> {
    const [last] = await this.orders.find({ order: { id: 'DESC' }, take: 1 });
    return `A-${1_040 + (last?.id ?? 0) + 1}`;
  }
}
