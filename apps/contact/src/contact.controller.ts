import { Controller, Get, Render } from '@nestjs/common';

@Controller('contact')
export class ContactController {
  @Get()
  @Render('contact')
  page(): { name: string; title: string } {
    return { name: 'contact', title: 'Contact' };
  }
}
