import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

import { Customer } from './customer.entity.js';
import { OrderEditor } from './order-editor.component.js';
import { OrderLine } from './order-line.entity.js';
import { OrderList } from './order-list.component.js';
import { Order } from './order.entity.js';
import { OrdersController } from './orders.controller.js';
import { CreateOrders1760000000000 } from './orders.migration.js';
import { OrdersSeed } from './orders.seed.js';
import { Orders } from './orders.js';

@Module({
  imports: [TypeOrmModule.forFeature([Customer, Order, OrderLine])],
  controllers: [OrdersController],
  providers: [Orders, OrdersSeed, OrderEditor, OrderList],
})
export class OrdersModule {
  /** For the data source of the application that mounts it. */
  static readonly migrations = [CreateOrders1760000000000];
}
