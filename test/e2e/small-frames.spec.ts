import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, OnTopic, LivePublisher, State } from 'nest-live';

import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

@LiveComponent('tally', { template: '<p>Read so far: <b>{{count}}</b></p>' })
class Tally {
  @State() count = 0;

  @OnEvent()
  add(): void {
    this.count += 1;
  }

  @OnTopic('more')
  more(by: number): void {
    this.count += by;
  }
}

describe.each(PLATFORMS)('small frames on %s', (platform) => {
  let app: RunningApp;
  let http: HttpVisitor;

  beforeAll(async () => {
    app = await RunningApp.start({ platform, providers: [Tally] });
  });

  beforeEach(() => {
    http = new HttpVisitor(app.url);
  });

  afterAll(() => app.close());

  const dial = (auth: object = { patches: true }): Promise<SocketVisitor> =>
    SocketVisitor.connect(http.url, { auth, headers: { cookie: http.cookie } });

  const openPage = async (auth?: object) => {
    const { component_id, state } = await http.mount('tally');
    const socket = await dial(auth);
    const join = { component: 'tally', component_id, state, page: http.page };
    return { socket, joined: await socket.ok('join', join), component_id };
  };

  describe('a push', () => {
    const heard = (socket: SocketVisitor): Promise<readonly unknown[]> =>
      new Promise((resolve) => socket.socket.onAny((...said: unknown[]) => resolve(said)));
    const say = (topic: string, what: unknown) => app.app.get(LivePublisher).broadcast(topic, what);

    it('of what has changed is the handle, two numbers and the patch', async () => {
      const { socket, joined } = await openPage();
      const push = heard(socket);
      await say('more', 2);
      expect(await push).toEqual([joined.h, 1, 2, [2, [1, '2']]]);
      socket.close();
    });

    it('to a client that takes no patches says all of it by name', async () => {
      const { socket, component_id } = await openPage({});
      const push = heard(socket);
      await say('more', 2);
      expect(await push).toEqual([
        'component_update',
        expect.objectContaining({ component_id, version: 1, render: 2 }),
      ]);
      socket.close();
    });
  });
});
