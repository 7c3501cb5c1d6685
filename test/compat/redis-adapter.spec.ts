import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import { Redis } from 'ioredis';
import { LiveComponent, State } from 'nest-live';
import { io, type Socket } from 'socket.io-client';

import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { RedisServer } from '../redis/redis.server.js';
import { installed } from './packages/installed.js';

const { createAdapter } = await installed<{ createAdapter(pub: Redis, sub: Redis): unknown }>(
  '@socket.io/redis-adapter',
);

interface ChatServer {
  emit(event: string, ...args: unknown[]): void;
  disconnectSockets(close?: boolean): void;
  fetchSockets(): Promise<readonly unknown[]>;
}

@WebSocketGateway({ path: '/chat', transports: ['websocket'] })
class Chat {
  @WebSocketServer() server!: ChatServer;
}

@LiveComponent('shelf', { template: '<p>{{count}}</p>' })
class Shelf {
  @State() count = 0;
}

/** As Nest's own documentation writes it. */
class RedisIoAdapter extends IoAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly made: unknown,
  ) {
    super(app);
  }

  override createIOServer(...made: Parameters<IoAdapter['createIOServer']>): ReturnType<IoAdapter['createIOServer']> {
    const server = super.createIOServer(...made) as { adapter(made: unknown): void };
    server.adapter(this.made);
    return server as never;
  }
}

describe.each(PLATFORMS)('an adapter of socket.io over Redis on %s', (platform) => {
  let redis: RedisServer;
  let clients: Redis[];
  let nodes: RunningApp[];

  beforeAll(async () => {
    redis = await RedisServer.start();
    clients = [];
    const client = (): Redis => {
      const made = new Redis(redis.url);
      clients.push(made);
      return made;
    };
    const start = (): Promise<RunningApp> =>
      RunningApp.start({
        platform,
        providers: [Shelf, Chat],
        configure: (app) => app.useWebSocketAdapter(new RedisIoAdapter(app, createAdapter(client(), client()))),
      });
    nodes = [await start(), await start()];
  });

  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    // With their last answers: the adapter has left its channels without waiting.
    await Promise.all(clients.map((client) => client.quit()));
    await redis.stop();
  });

  const chatter = async ({ url }: RunningApp): Promise<Socket> => {
    const socket = io(url, { path: '/chat', transports: ['websocket'], forceNew: true, reconnection: false });
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    return socket;
  };

  it('carries what the application sends to its own sockets, and to none of ours', async () => {
    const ours = await Promise.all(nodes.map(({ url }) => SocketVisitor.connect(url)));
    const theirs = await Promise.all(nodes.map(chatter));
    const heard: string[] = [];
    ours.forEach(({ socket }) => socket.onAny((event: string) => heard.push(event)));
    await ours[0].open('shelf');
    const { server } = nodes[0].app.get(Chat);
    const said = theirs.map((socket) => new Promise((resolve) => socket.once('said', resolve)));
    server.emit('said', 'to everybody');
    expect(await Promise.all(said)).toEqual(['to everybody', 'to everybody']);
    expect(await server.fetchSockets()).toHaveLength(2);
    const gone = theirs.map((socket) => new Promise((resolve) => socket.once('disconnect', resolve)));
    server.disconnectSockets(true);
    await Promise.all(gone);
    // They answer still: nothing that was on its way before has ended them.
    for (const visitor of ours) expect((await visitor.open('shelf')).ok).toBe(true);
    expect(heard.filter((event) => event === 'said')).toEqual([]);
    expect(ours.map(({ socket }) => socket.connected)).toEqual([true, true]);
    ours.forEach((visitor) => visitor.close());
  });
});
