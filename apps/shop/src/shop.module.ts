import { Module } from '@nestjs/common';

import { ShopCart } from './shop-cart.component.js';
import { ShopController } from './shop.controller.js';
import { ShopShelf } from './shop-shelf.component.js';
import { Warehouse } from './warehouse.js';

@Module({ controllers: [ShopController], providers: [Warehouse, ShopCart, ShopShelf] })
export class ShopModule {}
