import { Controller, Get, Header, Query, Render, Req } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';

import { AccountCookie } from '../guarded/account.cookie.js';
import type { Account } from '../guarded/account.js';
import { HTMX_POLICY } from './content-security-policy.js';
import type { Demo } from './demo.js';
import { type DemoPage, DemoPages } from './demo.pages.js';

/** Ordinary Nest pages. Only their views know that there are components. */
@Controller()
export class PagesController {
  constructor(
    private readonly pages: DemoPages,
    private readonly accounts: AccountCookie,
  ) {}

  @Get()
  @Render('index')
  index(): { demos: readonly Demo[] } {
    return { demos: this.pages.all };
  }

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
  guarded(@Req() { headers }: IncomingMessage): DemoPage & { account?: Account } {
    return { ...this.pages.find('guarded'), account: this.accounts.read(headers.cookie) };
  }

  @Get('search')
  @Render('search')
  search(): DemoPage {
    return this.pages.find('search');
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

  @Get('htmx')
  @Header('content-security-policy', HTMX_POLICY)
  @Render('htmx')
  htmx(): DemoPage {
    return this.pages.find('htmx');
  }
}
