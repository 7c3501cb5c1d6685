import { Controller, Get, Render } from '@nestjs/common';

@Controller('wizard')
export class WizardController {
  @Get()
  @Render('wizard')
  page(): { name: string; title: string } {
    return { name: 'wizard', title: 'Workshop booking' };
  }
}
