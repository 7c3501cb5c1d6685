import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';
import type { INestApplication, LoggerService } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { ComponentsModule, LiveComponent, State } from 'nest-live';

import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

@LiveComponent('shelf', { template: '<p>{{count}}</p>' })
class Shelf {
  @State() count = 0;
}

class Warnings implements LoggerService {
  readonly all: string[] = [];
  log(): void {}
  error(): void {}
  warn = (text: unknown): void => void this.all.push(String(text));
}

interface FastifyLike {
  ready(): Promise<void>;
  readonly routing: RequestListener;
}

let app: INestApplication;
let server: Server;

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await app.close();
});

describe.each(PLATFORMS)('a server made by hand on %s', (platform) => {
  const start = async (logger: LoggerService): Promise<string> => {
    const limits = { maxLoopLagMs: 0 };
    const module = await Test.createTestingModule({
      imports: [ComponentsModule.forRoot({ limits, drain: { graceMs: 100 } })],
      providers: [Shelf],
    }).compile();
    app =
      platform === 'fastify'
        ? module.createNestApplication(new FastifyAdapter(), { logger })
        : module.createNestApplication({ logger });
    await app.init();
    const instance: unknown = app.getHttpAdapter().getInstance();
    if (platform === 'fastify') await (instance as FastifyLike).ready();
    server = createServer(platform === 'fastify' ? (instance as FastifyLike).routing : (instance as RequestListener));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('is told of when a socket comes to it, once, and pages go on over HTTP', async () => {
    const logger = new Warnings();
    const url = await start(logger);
    for (const tried of [1, 2]) {
      const outcome = await SocketVisitor.connect(url).then(
        () => 'connected',
        () => 'refused',
      );
      expect([tried, outcome]).toEqual([tried, 'refused']);
    }
    expect(logger.all.filter((text) => text.includes("server.on('upgrade'"))).toHaveLength(1);
    expect(await new HttpVisitor(url).mount('shelf')).toMatchObject({ ok: true });
  });

  it('has sockets when it hands its upgrades on', async () => {
    const logger = new Warnings();
    const url = await start(logger);
    server.on('upgrade', (...upgrade) => (app.getHttpServer() as Server).emit('upgrade', ...upgrade));
    const visitor = await SocketVisitor.connect(url);
    expect((await visitor.open('shelf')).ok).toBe(true);
    visitor.close();
    expect(logger.all.filter((text) => text.includes("server.on('upgrade'"))).toEqual([]);
  });
});
