import { Controller, Get, Render, Req, type LoggerService } from '@nestjs/common';
import {
  Live,
  LiveComponent,
  LiveContext,
  OnEvent,
  PublicPath,
  redirect,
  State,
  Url,
  type ComponentsOptions,
  type Reply,
} from 'nest-live';

import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { RunningApp, type AppPlan } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

@LiveComponent('gate', {
  template: `<form live-submit="go"><output>{{q}}</output><output>{{who}}</output><input name="to"><button>Go</button>
  <button live-click="find">Find</button></form>`,
})
class Gate {
  @Url() @State() q = '';
  @State() who = '';

  @OnEvent()
  go(@Live() live: LiveContext): void {
    redirect(live, (live.payload as { to: string }).to);
  }

  @OnEvent()
  find(): void {
    this.q = 'tea';
  }

  @OnEvent()
  look(@Live() { request }: LiveContext): void {
    this.who = (request as { visitor?: string }).visitor ?? 'nobody';
  }
}

@Controller()
class Pages {
  constructor(private readonly path: PublicPath) {}

  @Get('page')
  @Render('page')
  page(@Req() request: object): object {
    return { cart: this.path.address(request, '/cart') };
  }
}

export class Warnings implements LoggerService {
  readonly all: string[] = [];
  log(): void {}
  error(): void {}
  warn = (text: unknown): void => void this.all.push(String(text));
}

const folder = new TemporaryFolder({
  'page.hbs': `<html><head>{{liveScripts}}</head><body><a href="{{cart}}">cart</a>{{component 'gate'}}</body></html>`,
});
const rendering = { pages: [folder.path], templates: [] };
/** The page's folder is removed with it. */
export const closeFolder = (): void => folder.remove();

export const startGate = (options: ComponentsOptions, plan: AppPlan = {}): Promise<RunningApp> =>
  RunningApp.start({
    controllers: [Pages],
    providers: [Gate],
    ...plan,
    options: { ...options, rendering, drain: { graceMs: 100 } },
  });

/** Addresses in a page that is asked for with these headers. */
export const addresses = async (url: string, headers: Record<string, string> = {}): Promise<string[]> => {
  const html = await (await fetch(url, { headers })).text();
  return [...html.matchAll(/(?:src|href|action)="([^"]*)"/g)].map(([, address]) =>
    address.replace(/client\.[\w.]+js/, 'script'),
  );
};

export const under = (base: string): string[] => [
  ...new Set([`${base}/components/-/script`, `${base}/cart`, `${base}/components/gate`]),
];

/** What comes of an event on a socket under this path. */
export const socketAt = async (url: string, path: string): Promise<Reply | 'refused'> => {
  const socket = await SocketVisitor.connect(url, { path }).catch(() => undefined);
  if (!socket) return 'refused';
  const { component_id } = await socket.open('gate');
  const reply = await socket.event(component_id, 'look', { seq: 1 });
  socket.close();
  return reply;
};
