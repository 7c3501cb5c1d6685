import { Module } from '@nestjs/common';

import { Orders } from './orders.js';
import { ShopCart } from './shop-cart.component.js';
import { ShopCheckout } from './shop-checkout.component.js';
import { ShopController } from './shop.controller.js';
import { ShopShelf } from './shop-shelf.component.js';
import { Warehouse } from './warehouse.js';

@Module({ controllers: [ShopController], providers: [Orders, Warehouse, ShopCart, ShopCheckout, ShopShelf] })
export class ShopModule {}
