import { Module } from '@nestjs/common';

import { ShopController } from './shop.controller.js';
import { ShopShelf } from './shop-shelf.component.js';

@Module({ controllers: [ShopController], providers: [ShopShelf] })
export class ShopModule {}
