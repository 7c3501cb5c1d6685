import { Controller, Get, Header, Query, Render, Req } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { Sessions } from 'nest-live';
import type { SessionRecord } from 'nest-live/extend';

import { AccountCookie } from '../guarded/account.cookie.js';
import type { Account } from '../guarded/account.js';
import { WallKeeper } from '../widgets/wall.keeper.js';
import { HTMX_POLICY } from './content-security-policy.js';
import { type DemoPage, DemoPages } from './demo.pages.js';

/** Ordinary Nest pages. Only their views know that there are components. */
@Controller()
export class PagesController {
  constructor(
    private readonly pages: DemoPages,
    private readonly accounts: AccountCookie,
    private readonly sessions: Sessions,
    private readonly walls: WallKeeper,
  ) {}

  @Get()
  @Render('index')
  index(): void {}

  @Get('counter')
  @Render('counter')
  counter(): DemoPage {
    return this.pages.find('counter');
  }

  @Get('todo')
  @Render('todo')
  todo(): DemoPage {
    return this.pages.find('todo');
  }

  @Get('ticker')
  @Render('ticker')
  ticker(): DemoPage {
    return this.pages.find('ticker');
  }

  @Get('guarded')
  @Render('guarded')
  async guarded(@Req() request: IncomingMessage): Promise<DemoPage & { account?: Account }> {
    return { ...this.pages.find('guarded'), account: await this.accountOf(request) };
  }

  @Get('sessions')
  @Render('sessions')
  async signedIn(@Req() request: IncomingMessage): Promise<DemoPage & { session: SessionRecord | null }> {
    return { ...this.pages.find('sessions'), session: await this.sessions.of(request) };
  }

  @Get('rate-limit')
  @Render('rate-limit')
  rateLimit(): DemoPage {
    return this.pages.find('rate-limit');
  }

  @Get('search')
  @Render('search')
  search(): DemoPage {
    return this.pages.find('search');
  }

  @Get('forms')
  @Render('forms')
  forms(): DemoPage {
    return this.pages.find('forms');
  }

  @Get('streaming')
  @Render('streaming')
  streaming(): DemoPage {
    return this.pages.find('streaming');
  }

  @Get('uploads')
  @Render('uploads')
  uploads(): DemoPage {
    return this.pages.find('uploads');
  }

  @Get('client-held')
  @Render('client-held')
  clientHeld(): DemoPage {
    return this.pages.find('client-held');
  }

  @Get('navigation')
  @Render('navigation')
  navigation(): DemoPage {
    return this.pages.find('navigation');
  }

  @Get('navigation/served')
  @Render('served')
  served(@Query('name') name = 'somebody', @Query('tea') tea = 'tea'): DemoPage & { guest: string; tea: string } {
    return { ...this.pages.find('navigation'), guest: name, tea };
  }

  @Get('url-state')
  @Render('url-state')
  urlState(): DemoPage {
    return this.pages.find('url-state');
  }

  @Get('optimistic')
  @Render('optimistic')
  optimistic(): DemoPage {
    return this.pages.find('optimistic');
  }

  @Get('queue')
  @Render('queue')
  queue(): DemoPage {
    return this.pages.find('queue');
  }

  @Get('session-state')
  @Render('session-state')
  sessionState(): DemoPage {
    return this.pages.find('session-state');
  }

  @Get('presence')
  @Render('presence')
  async presence(@Req() request: IncomingMessage): Promise<DemoPage & { account?: Account }> {
    return { ...this.pages.find('presence'), account: await this.accountOf(request) };
  }

  @Get('safety')
  @Render('safety')
  safety(): DemoPage {
    return this.pages.find('safety');
  }

  @Get('slots')
  @Render('slots')
  slots(): DemoPage {
    return this.pages.find('slots');
  }

  @Get('widgets')
  @Render('widgets')
  async widgets(): Promise<DemoPage & { wall: string }> {
    return { ...this.pages.find('widgets'), wall: await this.walls.putUp() };
  }

  @Get('cache')
  @Render('cache')
  cache(): DemoPage {
    return this.pages.find('cache');
  }

  @Get('htmx')
  @Header('content-security-policy', HTMX_POLICY)
  @Render('htmx')
  htmx(): DemoPage {
    return this.pages.find('htmx');
  }

  /** A login of the site stands above the cookie, as in the resolver. */
  private async accountOf(request: IncomingMessage): Promise<Account | undefined> {
    const login = await this.sessions.of(request);
    return login ? undefined : this.accounts.read(request.headers.cookie);
  }
}
