import type { IncomingMessage, ServerResponse } from 'node:http';

import { BadRequestException, Body, Controller, Get, Post, Redirect, Render, Req, Res } from '@nestjs/common';
import { Sessions } from 'nest-live';

import { PEOPLE, roleNameOf, type Person } from './people.js';

interface SupportPage {
  readonly name: 'support';
  readonly title: string;
  /** Who is signed in, if it is somebody of the desk. */
  readonly person?: Person;
  readonly others: readonly Person[];
}

/** The page, and the switch of who one is. A real desk has its login here; the rest would be the same. */
@Controller('support')
export class SupportController {
  constructor(private readonly sessions: Sessions) {}

  @Get()
  @Render('support')
  async page(@Req() request: IncomingMessage): Promise<SupportPage> {
    const session = await this.sessions.of(request);
    const person = PEOPLE.get(session?.userId ?? '');
    const others = [...PEOPLE.values()].filter((other) => other !== person);
    return { name: 'support', title: 'Support desk', person, others };
  }

  @Post('sign-in')
  @Redirect('/support', 303)
  async signIn(
    @Body('as') id: string,
    @Req() request: IncomingMessage,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<void> {
    const person = PEOPLE.get(id);
    if (!person) throw new BadRequestException(`Sign in as one of: ${[...PEOPLE.keys()].join(', ')}.`);
    await this.sessions.signIn(request, response, { userId: person.id, roles: [roleNameOf(person)] });
  }

  @Post('sign-out')
  @Redirect('/support', 303)
  signOut(@Req() request: IncomingMessage, @Res({ passthrough: true }) response: ServerResponse): Promise<void> {
    return this.sessions.signOut(request, response);
  }
}
