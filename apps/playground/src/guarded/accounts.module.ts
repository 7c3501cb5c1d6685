import { Module } from '@nestjs/common';

import { AccountController } from './account.controller.js';
import { AccountCookie } from './account.cookie.js';

@Module({ controllers: [AccountController], providers: [AccountCookie], exports: [AccountCookie] })
export class AccountsModule {}
