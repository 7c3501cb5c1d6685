import { afterEach, describe, expect, it } from '@jest/globals';
import {
  All,
  Controller,
  Get,
  Module,
  Post,
  RequestMethod,
  type MiddlewareConsumer,
  type NestModule,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Caller, LiveCaller, LiveComponent, OnEvent, State } from 'nest-live';

import { HttpVisitor } from './http.visitor.js';
import { RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

@LiveComponent('shelf', { template: '<p>{{count}} {{by}}</p>' })
class Shelf {
  @State() count = 0;
  @State() by = '';

  onMount(@Caller() caller: LiveCaller): void {
    this.by = caller.id;
  }

  @OnEvent()
  step(): void {
    this.count += 1;
  }
}

@Controller()
class OnePage {
  @Get('{*path}')
  page(): string {
    return 'the application of one page';
  }
}

@Controller()
class Everything {
  @All('{*path}')
  async everything(): Promise<string> {
    return Promise.resolve('everything');
  }

  @Post('{*path}')
  posted(): string {
    return 'posted';
  }
}

@Controller('components')
class Taken {
  @Get(':name')
  one(): string {
    return 'a controller of the same name';
  }
}

/** As modules for static files do it, of which each is there for its last resort. */
@Module({})
class LastResort implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    const app = this.host.httpAdapter.getInstance<{ get(path: string, handler: (...args: never[]) => void): void }>();
    const send = (_: never, response: { end(text: string): void }): void => response.end('the last resort');
    app.get('{*any}', send);
  }
}

type Next = () => void;

@Module({})
class Middleware implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply((request: { user?: unknown }, _response: unknown, next: Next) => {
        request.user = { id: 'ada' };
        next();
      })
      .forRoutes({ path: '{*path}', method: RequestMethod.GET }, { path: '{*path}', method: RequestMethod.POST });
  }
}

let running: RunningApp | undefined;

afterEach(() => running?.close());

const start = async (controllers: Type[], imports: Type[] = []): Promise<RunningApp> =>
  (running = await RunningApp.start({ controllers, providers: [Shelf], imports: [Middleware, ...imports] }));

const CASES: readonly (readonly [title: string, controllers: Type[], imports: Type[]])[] = [
  ['a GET of everything', [OnePage], []],
  ['everything', [Everything], []],
  ['the same path', [Taken], []],
  ['what is left over, from a module', [], [LastResort]],
];

describe('beside a route of the application that answers, on Express', () => {
  it.each(CASES)('%s, script, mount, event and socket are answered by us', async (_, controllers, imports) => {
    const { url } = await start(controllers, imports);
    const script = await fetch(`${url}/components/-/client.0123456789abcdef.js`);
    expect([script.status, script.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
    const visitor = new HttpVisitor(url);
    const { state, html } = await visitor.mount('shelf');
    // What the application's middleware has found out is known, too.
    expect(html).toContain('ada');
    expect(await visitor.ok('shelf', { state, event: 'step' })).toMatchObject({ version: 1 });
    const socket = await SocketVisitor.connect(url);
    expect((await socket.open('shelf')).html).toContain('ada');
    socket.close();
  });

  it('leaves it the rest', async () => {
    const { url } = await start([OnePage]);
    expect(await (await fetch(`${url}/anything/else`)).text()).toBe('the application of one page');
  });
});
