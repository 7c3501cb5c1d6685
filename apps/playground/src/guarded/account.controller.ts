import { BadRequestException, Body, Controller, Post, Redirect, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';

import { AccountCookie } from './account.cookie.js';
import { ACCOUNTS } from './account.js';

/** Plain forms: signing in changes who is asking, so the page is loaded anew. */
@Controller()
export class AccountController {
  constructor(private readonly cookie: AccountCookie) {}

  @Post('sign-in')
  @Redirect('/guarded', 303)
  signIn(@Body('as') name: string, @Res({ passthrough: true }) response: ServerResponse): void {
    const account = ACCOUNTS.get(name);
    if (!account) throw new BadRequestException(`Sign in as one of: ${[...ACCOUNTS.keys()].join(', ')}.`);
    response.appendHeader('set-cookie', this.cookie.signIn(account));
  }

  @Post('sign-out')
  @Redirect('/guarded', 303)
  signOut(@Res({ passthrough: true }) response: ServerResponse): void {
    response.appendHeader('set-cookie', this.cookie.signOut());
  }
}
