import { describe, expect, it } from '@jest/globals';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { LiveComponent, State } from 'nest-live';

import { PLATFORMS, RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

@LiveComponent('neighbour', { template: '<p>{{count}}</p>' })
class Neighbour {
  @State() count = 0;
}

interface Listing {
  fetchSockets(): Promise<readonly { readonly data: unknown }[]>;
}

/** As applications write it: the server is kept for what they do with it themselves. */
class Keeping extends IoAdapter {
  readonly servers: Listing[] = [];

  override createIOServer(
    ...[port, options]: Parameters<IoAdapter['createIOServer']>
  ): ReturnType<IoAdapter['createIOServer']> {
    const server = super.createIOServer(port, options);
    this.servers.push(server as Listing);
    return server;
  }
}

describe.each(PLATFORMS)('what stands beside the sockets on %s', (platform) => {
  it('finds nothing of ours on a socket: an adapter sends what stands there to other processes', async () => {
    let adapter: Keeping | undefined;
    const running = await RunningApp.start({
      platform,
      providers: [Neighbour],
      configure: (app) => app.useWebSocketAdapter((adapter = new Keeping(app))),
    });
    const socket = await SocketVisitor.connect(running.url);
    await socket.open('neighbour');
    const all = await Promise.all((adapter?.servers ?? []).map((server) => server.fetchSockets()));
    expect(all.flat().map(({ data }) => JSON.stringify(data))).toEqual(['{}']);
    socket.close();
    await running.close();
  });
});
