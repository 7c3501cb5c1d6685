import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LivePublisher } from 'nest-live';

import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';
import { Tally } from './tally.component.js';

describe.each(PLATFORMS)('to a client that has what it knows left out, on %s', (platform) => {
  let app: RunningApp;
  let http: HttpVisitor;

  beforeAll(async () => {
    // Eight small patches weigh like the one render that may be unconfirmed.
    app = await RunningApp.start({ platform, providers: [Tally], options: { limits: { maxUnackedRenders: 1 } } });
  });

  beforeEach(() => {
    http = new HttpVisitor(app.url);
  });

  afterAll(() => app.close());

  const dial = (auth: object): Promise<SocketVisitor> =>
    SocketVisitor.connect(http.url, { auth, headers: { cookie: http.cookie } });

  const openPage = async (auth: object) => {
    const { component_id, state } = await http.mount('tally');
    const socket = await dial(auth);
    const join = { component: 'tally', component_id, state, page: http.page, keeps: '' };
    return { socket, join, joined: await socket.ok('join', join), component_id };
  };

  const say = (topic: string, what: unknown) => app.app.get(LivePublisher).broadcast(topic, what);

  const acked = ({ socket }: SocketVisitor, ...message: readonly [h: number, ...unknown[]]) =>
    new Promise<readonly unknown[]>((resolve) =>
      socket.emit(message[0] as unknown as string, ...message.slice(1), (...said: unknown[]) => resolve(said)),
    );

  it('a push says its render and its parts, and once how many elements there are', async () => {
    const { socket, joined } = await openPage({ patches: 3, takes: 3 });
    const push = async (by: number): Promise<unknown> => {
      const heard = new Promise<unknown>((resolve) => {
        socket.socket.onAny((...said: unknown[]) => resolve(said));
      });
      await say('more', by);
      return heard;
    };
    expect(await push(2)).toEqual([joined.h, 2, 2, [1, 2]]);
    expect(await push(3)).toEqual([joined.h, 3, [1, 5]]);
    expect(await push(4)).toEqual([joined.h, 4, [1, 9]]);
    socket.close();
  });

  it('a push says its version where renders were left out', async () => {
    const { socket, joined, join } = await openPage({ acks: true, patches: 3, takes: 3 });
    const other = await dial({});
    await other.ok('join', { ...join, keeps: joined.epoch });
    const said: (readonly unknown[])[] = [];
    const confirms: (() => void)[] = [];
    const caughtUp = new Promise<void>((resolve) => {
      socket.socket.onAny((...push: unknown[]) => {
        if (typeof push.at(-1) === 'function') confirms.push(push.pop() as () => void);
        if (said.push(push) > 8) resolve();
      });
    });
    for (let version = 1; version <= 11; version += 1) await say('more', 1);
    while (other.updates.at(-1)?.version !== 11) await other.pushed(other.updates.length + 1);
    // All that was sent before is here when it is answered.
    await socket.ask('leave', {});
    expect(said.at(-1)).toEqual([joined.h, 9, [1, 8]]);
    confirms.forEach((confirm) => confirm());
    await caughtUp;
    expect(said.at(-1)).toEqual([joined.h, 11, 10, 2, [1, 11]]);
    other.close();
    socket.close();
  });

  it('the ack of an event goes on from whatever was sent before it', async () => {
    const { socket, join, joined, component_id } = await openPage({ patches: 3, takes: 4 });
    const h = joined.h ?? 0;
    expect(await acked(socket, h, 1, 'add')).toEqual([2, 2, [1, 1]]);
    expect(await acked(socket, h, 2, 'add')).toEqual([3, [1, 2]]);
    // The same state once more has a number of its own.
    expect(await acked(socket, h, 2, 'add')).toEqual([expect.objectContaining({ dup: true, version: 2, render: 4 })]);
    expect(await acked(socket, h, 3, 'add')).toEqual([5, [1, 3]]);
    // Somebody else's change that this connection is not shown.
    const other = await dial({ patches: 3 });
    const { h: theirs = 0 } = await other.ok('join', { ...join, keeps: joined.epoch });
    socket.socket.removeAllListeners();
    await other.ask(theirs, 4, 'add');
    const again = await socket.ok('join', { component: 'tally', component_id, state: join.state, page: http.page });
    expect(await acked(socket, again.h ?? 0, 5, 'add')).toEqual([2, 2, [1, 5]]);
    other.close();
    socket.close();
  });
});
