import type { ServerResponse } from 'node:http';

import { Controller, Get, HttpStatus, Param, Render, Res } from '@nestjs/common';

import type { Order } from './order.entity.js';
import { Orders } from './orders.js';

interface OrderPage {
  readonly title: string;
  /** Absent where there is none of this id. */
  readonly order?: Order;
  readonly isNew?: boolean;
}

/** Ordinary pages. Which order an editor is on is decided here, and sealed. */
@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: Orders) {}

  @Get()
  @Render('orders')
  index(): void {}

  @Get('new')
  @Render('order')
  create(): OrderPage {
    return { title: 'New order', isNew: true };
  }

  @Get(':id')
  @Render('order')
  async edit(@Param('id') id: string, @Res({ passthrough: true }) response: ServerResponse): Promise<OrderPage> {
    const order = await this.orders.byId(Number(id));
    if (!order) {
      response.statusCode = HttpStatus.NOT_FOUND;
      return { title: 'No such order' };
    }
    return { title: `Order ${order.number}`, order };
  }
}
