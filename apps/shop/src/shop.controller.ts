import { Controller, Get, Render } from '@nestjs/common';

@Controller('shop')
export class ShopController {
  @Get()
  @Render('shop')
  index(): void {}

  @Get('checkout')
  @Render('shop-checkout')
  checkout(): void {}
}
