import { Module } from '@nestjs/common';

import { WizardController } from './wizard.controller.js';
import { WorkshopBooking } from './workshop-booking.component.js';
import { Workshops } from './workshops.js';

@Module({ controllers: [WizardController], providers: [Workshops, WorkshopBooking] })
export class WizardModule {}
