import { once } from 'node:events';
import { Agent, get, type IncomingMessage, type Server } from 'node:http';
import { connect as connectTwo, type ClientHttp2Session } from 'node:http2';
import { connect } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Res, type INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { WebSocketGateway } from '@nestjs/websockets';
import { Test } from '@nestjs/testing';
import { ComponentsModule, LiveComponent, OnEvent, State } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { RawSocket } from '../security/raw-socket.js';

const cleanup: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of cleanup.splice(0).reverse()) await end();
});

@WebSocketGateway({ path: '/chat', transports: ['websocket'] })
class Chat {}

/** What a test ends when it wants to. */
class Latch {
  readonly opened: Promise<void>;
  open: () => void = () => undefined;

  constructor() {
    this.opened = new Promise((resolve) => (this.open = resolve));
  }
}

const latches: { asked: Latch; may: Latch } = { asked: new Latch(), may: new Latch() };

interface AnyReply {
  readonly raw?: { write(text: string): void; end(text?: string): void };
  hijack?(): void;
  write?(text: string): void;
  end?(text?: string): void;
}

@Controller()
class Slow {
  @Get('slow')
  async slow(): Promise<string> {
    latches.asked.open();
    await latches.may.opened;
    return 'at last';
  }

  @Get('begun')
  async begun(@Res() reply: AnyReply): Promise<void> {
    reply.hijack?.();
    const out = reply.raw ?? (reply as Required<AnyReply>);
    out.write('at ');
    latches.asked.open();
    await latches.may.opened;
    out.end('last');
  }
}

@LiveComponent('stuck', { template: '<div>{{count}}</div>' })
class Stuck {
  @State() count = 0;

  @OnEvent()
  async wait(): Promise<void> {
    latches.asked.open();
    await latches.may.opened;
  }
}

/** Half of what any of these took before it was bounded. */
const IN_TIME_MS = 15_000;

const ending = async (closing: Promise<unknown>): Promise<'closed' | 'late'> => {
  let alarm: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => (alarm = setTimeout(() => resolve('late'), IN_TIME_MS)));
  return Promise.race([closing.then(() => 'closed' as const), late]).finally(() => clearTimeout(alarm));
};

const text = async (response: IncomingMessage): Promise<string> => {
  let all = '';
  for await (const chunk of response) all += String(chunk);
  return all;
};

describe.each(PLATFORMS)('an application on %s that is closed', (platform) => {
  const start = async (drain: object = { graceMs: 200 }): Promise<RunningApp> => {
    latches.asked = new Latch();
    latches.may = new Latch();
    const running = await RunningApp.start({
      platform,
      providers: [Stuck, Chat],
      controllers: [Slow],
      options: { drain, limits: { handlerTimeoutMs: 60_000 } },
    });
    // As long as Fastify's own: a minute and more.
    (running.app.getHttpServer() as Server).keepAliveTimeout = 72_000;
    cleanup.push(() => running.close().catch(() => undefined));
    return running;
  };

  const asking = async (url: string): Promise<IncomingMessage> => {
    const agent = new Agent({ keepAlive: true });
    cleanup.push(() => agent.destroy());
    const request = get(url, { agent });
    request.on('error', () => undefined);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  };

  it('is not held by a peer of another gateway that never says goodbye', async () => {
    const running = await start();
    const mute = await RawSocket.upgrade({ port: running.port, path: '/chat/' });
    cleanup.push(() => mute.end());
    expect(mute.status).toBe(101);
    mute.say('40');
    await mute.until((heard) => heard.includes('40{'));
    mute.deafen();
    expect(await ending(running.close())).toBe('closed');
  });

  it('is not held by a connection that has said nothing, nor by one that has said half', async () => {
    const running = await start();
    for (const said of ['', 'GET /slow HTTP/1.1\r\nHost: half']) {
      const peer = connect(running.port, '127.0.0.1');
      cleanup.push(() => peer.destroy());
      peer.on('error', () => undefined);
      await once(peer, 'connect');
      peer.write(said);
    }
    expect(await new HttpVisitor(running.url).mount('stuck')).toMatchObject({ ok: true });
    expect(await ending(running.close())).toBe('closed');
  });

  it.each(['slow', 'begun'])('answers what was asked before (%s), and ends with it', async (path) => {
    const running = await start();
    const answer = asking(`${running.url}/${path}`);
    await latches.asked.opened;
    const server = running.app.getHttpServer() as Server;
    const closing = running.close();
    while (server.listening) await new Promise((resolve) => setTimeout(resolve, 10));
    latches.may.open();
    expect(await text(await answer)).toBe('at last');
    expect(await ending(closing)).toBe('closed');
  });

  it('cuts an answer without end when its time is over, without a signal, too', async () => {
    const running = await start({ totalMs: 1_500, graceMs: 200 });
    const answer = asking(`${running.url}/begun`).then(text);
    await latches.asked.opened;
    expect(await ending(running.close())).toBe('closed');
    await expect(answer).rejects.toThrow('aborted');
  });

  it('waits for a handler no longer than for all of it', async () => {
    const running = await start({ totalMs: 1_500, graceMs: 200, workMs: 60_000 });
    const visitor = new HttpVisitor(running.url);
    const { state } = await visitor.mount('stuck');
    void visitor.post('stuck', { state, event: 'wait', seq: 1 }).catch(() => undefined);
    await latches.asked.opened;
    expect(await ending(running.close())).toBe('closed');
    latches.may.open();
  });
});

describe('an application that speaks HTTP/2', () => {
  it('is not held by a session that is kept open', async () => {
    const module = await Test.createTestingModule({
      imports: [ComponentsModule.forRoot({ drain: { graceMs: 200 } })],
      providers: [Stuck],
    }).compile();
    const adapter = new FastifyAdapter({ http2: true, http2SessionTimeout: 72_000 } as object);
    const app = module.createNestApplication<INestApplication>(adapter, { logger: false });
    await app.listen(0, '127.0.0.1');
    const session: ClientHttp2Session = connectTwo(await app.getUrl());
    cleanup.push(() => session.destroy());
    session.on('error', () => undefined);
    const request = session.request({ ':path': '/components/stuck' });
    const [headers] = (await once(request, 'response')) as [Record<string, unknown>];
    expect(headers[':status']).toBe(200);
    request.resume();
    await once(request, 'end');
    expect(await ending(app.close())).toBe('closed');
  });
});
