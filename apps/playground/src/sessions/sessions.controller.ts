import type { IncomingMessage, ServerResponse } from 'node:http';

import { BadRequestException, Body, Controller, Post, Redirect, Req, Res } from '@nestjs/common';
import { Sessions } from 'nest-live';

/** What a login page posts to. A real one checks a password first. */
@Controller('sessions')
export class SessionsController {
  constructor(private readonly sessions: Sessions) {}

  @Post('sign-in')
  @Redirect('/sessions', 303)
  async signIn(
    @Body('as') role: string,
    @Req() request: IncomingMessage,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<void> {
    if (role !== 'editor' && role !== 'viewer') throw new BadRequestException('Sign in as editor or viewer.');
    await this.sessions.signIn(request, response, { userId: role, roles: [role] });
  }

  /** Every other tab and browser of this user ends within a moment, without asking for anything. */
  @Post('sign-out-everywhere')
  @Redirect('/sessions', 303)
  async signOutEverywhere(
    @Req() request: IncomingMessage,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<void> {
    const session = await this.sessions.of(request);
    await this.sessions.signOut(request, response);
    if (session) await this.sessions.endAll(session.userId);
  }
}
