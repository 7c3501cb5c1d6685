import type { IncomingMessage, ServerResponse } from 'node:http';

import { BadRequestException, Body, Controller, Post, Query, Redirect, Req, Res } from '@nestjs/common';
import { Sessions } from 'nest-live';

import { AccountCookie } from './account.cookie.js';
import { ACCOUNTS } from './account.js';

/** Plain forms: signing in changes who is asking, so the page is loaded anew. */
@Controller()
export class AccountController {
  constructor(
    private readonly cookie: AccountCookie,
    private readonly sessions: Sessions,
  ) {}

  @Post('sign-in')
  @Redirect('/guarded', 303)
  async signIn(
    @Body('as') name: string,
    @Query('to') page: string | undefined,
    @Req() request: IncomingMessage,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<{ url: string }> {
    const account = ACCOUNTS.get(name);
    if (!account) throw new BadRequestException(`Sign in as one of: ${[...ACCOUNTS.keys()].join(', ')}.`);
    // One is one person at a time: who signed in last counts.
    if (await this.sessions.of(request)) await this.sessions.signOut(request, response);
    response.appendHeader('set-cookie', this.cookie.signIn(account));
    return backTo(page);
  }

  @Post('sign-out')
  @Redirect('/guarded', 303)
  signOut(
    @Query('to') page: string | undefined,
    @Res({ passthrough: true }) response: ServerResponse,
  ): { url: string } {
    response.appendHeader('set-cookie', this.cookie.signOut());
    return backTo(page);
  }
}

/** One of the two pages that have the forms, and no address that a link could bring along. */
const backTo = (page: string | undefined): { url: string } => ({ url: page === 'presence' ? '/presence' : '/guarded' });
