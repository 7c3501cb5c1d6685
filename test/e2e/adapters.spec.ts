import type { IncomingMessage } from 'node:http';

import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Render, type INestApplication, type LoggerService } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AbstractWsAdapter } from '@nestjs/websockets';
import { LiveComponent, State } from 'nest-live';

import { PLATFORMS, RunningApp } from './running-app.js';

@LiveComponent('shelf', { template: '<p>{{count}}</p>' })
class Shelf {
  @State() count = 0;
}

@Controller()
class Pages {
  @Get('page')
  @Render('page')
  page(): object {
    return {};
  }
}

/** A server of plain WebSockets, as `WsAdapter` of `@nestjs/platform-ws` makes it, with as much of it as Nest asks for. */
class WebSocketServer {
  readonly clients = new Set<object>();
  on(): this {
    return this;
  }
  close(): void {}
  handleUpgrade(_request: IncomingMessage): void {}
}

class PlainAdapter extends AbstractWsAdapter {
  create(): WebSocketServer {
    return new WebSocketServer();
  }
  bindMessageHandlers(): void {}
  override bindClientConnect(): void {}
}

class Warnings implements LoggerService {
  readonly all: string[] = [];
  log(): void {}
  error(): void {}
  warn = (text: unknown): void => void this.all.push(String(text));
}

let running: RunningApp | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

describe.each(PLATFORMS)('an adapter of the application on %s', (platform) => {
  it('that does not speak socket.io is refused at start, with what to do', async () => {
    const starting = RunningApp.start({
      platform,
      providers: [Shelf],
      configure: (app) => app.useWebSocketAdapter(new PlainAdapter(app)),
    });
    await expect(starting).rejects.toMatchObject({
      code: 'SOCKET_ADAPTER_UNSUPPORTED',
      message: expect.stringMatching(/WebSocketServer.*IoAdapter/s),
    });
  });

  it('for views beside ours is told at start, and nothing is told without one', async () => {
    for (const own of [true, false]) {
      const logger = new Warnings();
      const configure = (app: INestApplication): void => {
        if (!own) return;
        const instance = app.getHttpAdapter().getInstance() as { decorateReply(name: string, value: unknown): void };
        if (platform === 'express') (app as NestExpressApplication).setViewEngine('pug');
        else instance.decorateReply('view', () => '');
      };
      const app = await RunningApp.start({
        platform,
        providers: [Shelf],
        controllers: [Pages],
        logger,
        configure,
      });
      await app.close();
      const told = logger.all.filter((text) => text.includes('view engine of its own'));
      expect({ own, told: told.length }).toEqual({ own, told: own ? 1 : 0 });
    }
  });
});
