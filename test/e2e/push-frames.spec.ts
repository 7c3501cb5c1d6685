import { createRequire } from 'node:module';

import { afterEach, describe, expect, it } from '@jest/globals';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { LiveComponent, LivePublisher, OnTopic, State } from 'nest-live';

import { SendWindows } from '../../src/transport/socket/send-windows.js';
import { RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

@LiveComponent('ticker', { template: '<section><h1>Prices of this day</h1><b>{{price}}</b><i>{{words}}</i></section>' })
class Ticker {
  @State() price = 0;
  @State() words = '';

  @OnTopic('ticks')
  hear(price: number): void {
    this.price = price;
  }

  @OnTopic('essays')
  read(price: number): void {
    this.words = `${price}: ${'long '.repeat(200)}`;
  }
}

interface Packet {
  readonly data?: unknown;
}

/** Socket.io's own parser, as its client has it. */
const clients = createRequire(createRequire(import.meta.url).resolve('socket.io-client'));
const plain = clients('socket.io-parser') as { Encoder: new () => { encode(packet: Packet): unknown[] } };

interface Push {
  /** What is sent, without the function that confirms it. */
  readonly said: readonly unknown[];
  readonly confirm?: () => void;
}

type Server = ReturnType<IoAdapter['createIOServer']> & {
  on(event: 'connection', listener: (socket: Outgoing) => void): void;
};

interface Outgoing {
  onAnyOutgoing(listener: (...said: unknown[]) => void): void;
}

/** The application's own adapter. */
const adapterWith = (options: object, made: (server: Server) => void = () => undefined) =>
  class extends IoAdapter {
    override createIOServer(...[port, given]: Parameters<IoAdapter['createIOServer']>): Server {
      const server = super.createIOServer(port, { ...given, ...options } as typeof given) as Server;
      made(server);
      return server;
    }
  };

const until = async (holds: () => boolean): Promise<void> => {
  for (const end = Date.now() + 20_000; !holds() && Date.now() < end;) await new Promise((go) => setTimeout(go, 20));
};

describe('pushes to a client that takes patches in their short spelling', () => {
  let running: RunningApp;
  let visitors: SocketVisitor[] = [];

  const start = async (Adapter?: ReturnType<typeof adapterWith>): Promise<void> => {
    running = await RunningApp.start({
      providers: [Ticker],
      configure: (app) => (Adapter ? app.useWebSocketAdapter(new Adapter(app)) : undefined),
    });
  };

  const open = async (): Promise<Push[]> => {
    const visitor = await SocketVisitor.connect(running.url, { auth: { acks: true, patches: 3, takes: 4 } });
    visitors.push(visitor);
    const pushes: Push[] = [];
    visitor.socket.onAny((name: unknown, ...said: unknown[]) => {
      if (typeof name !== 'number') return;
      const last = said.at(-1);
      pushes.push(typeof last === 'function' ? { said: said.slice(0, -1), confirm: last as () => void } : { said });
    });
    await visitor.open('ticker');
    return pushes;
  };

  const tell = async (topic: string, from: number, to: number): Promise<void> => {
    for (let price = from; price <= to; price += 1) await running.app.get(LivePublisher).broadcast(topic, price);
  };

  const windows = (): SendWindows => running.app.get(SendWindows, { strict: false });

  const asked = (pushes: readonly Push[]): number[] => pushes.flatMap(({ confirm }, i) => (confirm ? [i + 1] : []));

  afterEach(async () => {
    visitors.forEach((visitor) => visitor.close());
    visitors = [];
    await running.close();
  });

  it('are asked for with one of thirty-two, where they are small', async () => {
    await start();
    const pushes = await open();
    await tell('ticks', 1, 80);
    await until(() => windows().coalesced === 16 && pushes.length === 64);
    expect(asked(pushes)).toEqual([32, 64]);
    expect(windows().unacked).toBe(64);

    pushes[31].confirm?.();
    await until(() => pushes.length === 65);
    expect(pushes[64].said).toEqual([80, 66, expect.any(Number), expect.arrayContaining([80])]);
    expect(windows().unacked).toBe(33);
  });

  it('are as few as whole renders, where they are long', async () => {
    await start();
    const pushes = await open();
    await tell('essays', 1, 20);
    await until(() => windows().coalesced === 12 && pushes.length === 8);
    expect(asked(pushes)).toEqual([4, 8]);
    expect(windows().unacked).toBe(8);
  });

  it('say the same to all who look, in the order in which it was', async () => {
    await start();
    const all = [await open(), await open(), await open()];
    for (const [at, topic] of ['ticks', 'essays', 'ticks', 'essays'].entries()) await tell(topic, at + 1, at + 1);
    await until(() => all.every(({ length }) => length === 4));
    expect(all[0].map(({ said }) => JSON.stringify(said).length > 1000)).toEqual([false, true, false, true]);
    for (const pushes of all) expect(pushes.map(({ said }) => said)).toEqual(all[0].map(({ said }) => said));
  });

  it('are heard by who listens to all that is sent', async () => {
    const heard: unknown[][] = [];
    await start(
      adapterWith({}, (server) =>
        server.on('connection', (socket) =>
          socket.onAnyOutgoing((...said) => (typeof said[0] === 'number' ? heard.push(said) : undefined)),
        ),
      ),
    );
    const pushes = await open();
    await tell('ticks', 1, 3);
    await until(() => pushes.length === 3);
    expect(heard.map(([, ...said]) => said)).toEqual(pushes.map(({ said }) => said));
  });

  it('go through the parser that the application has chosen', async () => {
    const encoded: unknown[] = [];
    class Encoder extends plain.Encoder {
      override encode(packet: Packet): unknown[] {
        if (typeof (packet.data as unknown[] | undefined)?.[0] === 'number') encoded.push(packet.data);
        return super.encode(packet);
      }
    }
    await start(adapterWith({ parser: { ...plain, Encoder } }));
    const pushes = await open();
    await tell('ticks', 1, 3);
    await until(() => pushes.length === 3);
    expect(encoded).toHaveLength(3);
  });

  it('are kept for a connection that may be taken up again', async () => {
    const kept: unknown[] = [];
    await start(
      adapterWith({ connectionStateRecovery: { skipMiddlewares: false } }, (server) => {
        // As a recovery keeps them: by what the adapter of the namespace is given.
        setImmediate(() => {
          const { adapter } = (
            server as unknown as { of(name: string): { adapter: { broadcast(...given: unknown[]): void } } }
          ).of('/');
          const broadcast = adapter.broadcast.bind(adapter);
          adapter.broadcast = (...given) => {
            kept.push(given[0]);
            broadcast(...given);
          };
        });
      }),
    );
    const pushes = await open();
    await tell('ticks', 1, 3);
    await until(() => pushes.length === 3);
    expect(kept.length).toBeGreaterThanOrEqual(3);
  });
});
