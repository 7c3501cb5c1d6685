import { Module } from '@nestjs/common';

import { Dashboard } from './dashboard.component.js';
import { DashboardController } from './dashboard.controller.js';
import { Ledger } from './ledger.js';
import { Pulse } from './pulse.js';

@Module({ controllers: [DashboardController], providers: [Dashboard, Ledger, Pulse] })
export class DashboardModule {}
