import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { ComponentsModule, LivePublisher, type ErrorReply, type OkReply, type Reply } from 'nest-live';
import { io, type Socket } from 'socket.io-client';

import { Counter } from './counter.component.js';

const PLATFORMS = { express: (): undefined => undefined, fastify: () => new FastifyAdapter() };

describe.each(Object.entries(PLATFORMS))('components over the official socket.io-client on %s', (_name, adapter) => {
  let app: INestApplication;
  let url: string;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    const imports = [ComponentsModule.forRoot()];
    const module = await Test.createTestingModule({ imports, providers: [Counter] }).compile();
    const platform = adapter();
    app = platform ? module.createNestApplication(platform) : module.createNestApplication();
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });

  afterEach(() => {
    sockets.splice(0).forEach((socket) => socket.disconnect());
  });

  afterAll(() => app.close());

  const connect = async (): Promise<Socket> => {
    const socket = io(url, {
      path: '/components/-/socket',
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    sockets.push(socket);
    await new Promise((resolve, reject) => socket.on('connect', () => resolve(undefined)).on('connect_error', reject));
    return socket;
  };

  const ask = (socket: Socket, message: string, body: object): Promise<Reply> =>
    socket.timeout(2_000).emitWithAck(message, body) as Promise<Reply>;

  const mountAndJoin = async (socket: Socket): Promise<OkReply> => {
    const mounted = (await ask(socket, 'mount', { component: 'counter', params: { start: 5 } })) as OkReply;
    const { state, component_id } = mounted;
    return (await ask(socket, 'join', { component: 'counter', component_id, state, page: 'p'.repeat(22) })) as OkReply;
  };

  it('mounts, joins, and counts in readable and in compact form', async () => {
    const socket = await connect();
    const joined = await mountAndJoin(socket);
    expect(joined).toMatchObject({ ok: true, h: 1, version: 0 });
    expect(joined.html).toBeUndefined();

    const { component_id } = joined;
    const first = await ask(socket, 'component_event', { component_id, event: 'increment', seq: 1 });
    expect(first).toMatchObject({ ok: true, version: 1, seq: 1, render: 2 });

    const compact = await new Promise<OkReply>((resolve) => {
      (socket as unknown as { emit(...args: unknown[]): void }).emit(1, 2, 'add', { by: 4 }, resolve);
    });
    expect(compact).toMatchObject({ ok: true, version: 2, seq: 2 });
    expect(compact.html).toContain('<output>10</output>');
  });

  it('renders again for every viewer when the server says so', async () => {
    const socket = await connect();
    const { component_id } = await mountAndJoin(socket);
    const update = new Promise((resolve) => socket.once('component_update', resolve));
    await app.get(LivePublisher).push({ instance: component_id });
    expect(await update).toMatchObject({ component_id, h: 1, render: 2, version: 0 });
  });

  it('answers every message with exactly one coded ack', async () => {
    const socket = await connect();
    const unknown = (await ask(socket, 'broadcast', {})) as ErrorReply;
    expect(unknown.error.code).toBe('BAD_FRAME');
    const missing = (await ask(socket, 'component_event', { component: 'counter', event: 'increment' })) as ErrorReply;
    expect(missing.error.code).toBe('STATE_INVALID');
    const stranger = (await ask(socket, 'mount', { component: 'nobody' })) as ErrorReply;
    expect(stranger.error.code).toBe('UNKNOWN_COMPONENT');
  });
});
