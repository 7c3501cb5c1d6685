import { Body, Controller, HttpCode, Post, Req, Res, UseGuards, type Provider } from '@nestjs/common';
import {
  IsAuthenticated,
  LiveComponent,
  OnEvent,
  OnTopic,
  RequirePermissions,
  SessionCallerResolver,
  Sessions,
  State,
  type ComponentsOptions,
} from 'nest-live';

import { HttpVisitor } from './http.visitor.js';
import { RunningApp, type AppPlan } from './running-app.js';
import type { SharedBackend } from './shared-backend.js';
import { SocketVisitor } from './socket.visitor.js';
import { StreamVisitor } from './stream.visitor.js';

/** What an application's own login page posts to. */
@Controller()
export class LoginController {
  constructor(private readonly sessions: Sessions) {}

  @Post('sign-in')
  @HttpCode(204)
  async signIn(
    @Body() { userId, roles }: { userId: string; roles?: string[] },
    @Req() request: object,
    @Res({ passthrough: true }) response: object,
  ): Promise<void> {
    await this.sessions.signIn(request, response, { userId, roles });
  }

  @Post('sign-out')
  @HttpCode(204)
  signOut(@Req() request: object, @Res({ passthrough: true }) response: object): Promise<void> {
    return this.sessions.signOut(request, response);
  }
}

/** Everybody who is signed in may look; editors may write. */
@UseGuards(IsAuthenticated)
@LiveComponent('vault', { template: '<p><output>{{opened}}</output></p>' })
export class Vault {
  static release: () => void = () => {};

  @State() opened = 0;

  @OnEvent()
  open(): void {
    this.opened += 1;
  }

  @OnEvent()
  hold(): Promise<void> {
    this.opened += 10;
    return new Promise((resolve) => (Vault.release = resolve));
  }

  @OnTopic('tick')
  onTick(): void {
    this.opened += 100;
  }
}

@RequirePermissions('orders:read')
@LiveComponent('orders', { template: '<p><output>{{written}}</output></p>' })
export class Orders {
  @State() written = 0;

  @OnEvent()
  @RequirePermissions('orders:write')
  write(): void {
    this.written += 1;
  }

  @OnTopic('orders')
  onOrders(): void {
    this.written += 100;
  }
}

interface NodeExtras {
  readonly options?: ComponentsOptions;
  /** Components besides those of this file. */
  readonly extra?: readonly Provider[];
}

/** A node with a login page of its own; nodes on one backend are one application. */
export const startNode = (
  backend: SharedBackend,
  { options, extra = [], ...plan }: Omit<AppPlan, 'options'> & NodeExtras = {},
): Promise<RunningApp> =>
  RunningApp.start({
    ...plan,
    imports: [backend.module],
    controllers: [LoginController],
    providers: [Vault, Orders, ...extra],
    options: { callerResolver: SessionCallerResolver, ...options },
  });

/** A browser: one cookie jar, and as many sockets and streams as it has tabs. */
export class Browser {
  private readonly http: HttpVisitor;
  private readonly tabs: (SocketVisitor | StreamVisitor)[] = [];

  constructor(url: string) {
    this.http = new HttpVisitor(url);
  }

  get visitor(): HttpVisitor {
    return this.http;
  }

  async signIn(userId: string, ...roles: readonly string[]): Promise<this> {
    await this.post('/sign-in', { userId, roles });
    return this;
  }

  signOut(): Promise<unknown> {
    return this.post('/sign-out', {});
  }

  async tab(url: string = this.http.url): Promise<SocketVisitor> {
    const tab = await SocketVisitor.connect(url, { headers: { cookie: this.http.cookie } });
    this.tabs.push(tab);
    return tab;
  }

  /** Reads the pushes of a new instance as server-sent events. */
  async stream(component: string, url: string = this.http.url): Promise<StreamVisitor> {
    const { state } = await this.http.mount(component);
    const query = new URLSearchParams({ sub: `${component}:${state}`, page: this.http.page });
    const { cookie } = this.http;
    const tab = await StreamVisitor.open({ url: `${url}/components/-/pushes?${query.toString()}`, cookie });
    this.tabs.push(tab);
    await tab.got('joined');
    return tab;
  }

  close(): void {
    this.tabs.forEach((tab) => tab.close());
  }

  async post(path: string, body: object): Promise<Headers> {
    const headers = { 'content-type': 'application/json' };
    const {
      status,
      text,
      headers: answered,
    } = await this.http.send('POST', path, {
      body: JSON.stringify(body),
      headers,
    });
    if (status !== 204) throw new Error(`${path} answered ${status}: ${text}`);
    return answered;
  }
}
