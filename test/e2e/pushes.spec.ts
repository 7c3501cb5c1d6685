import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, LivePublisher, OnEvent, OnTopic, State } from 'nest-live';
import type { Viewer } from 'nest-live/extend';

import { RouteClaims } from '../../src/connections/route-claims.js';
import { InstanceQueue } from '../../src/lifecycle/instance/instance.queue.js';
import { PushRunner } from '../../src/lifecycle/run/push.runner.js';
import { ViewerRefresher } from '../../src/lifecycle/run/viewer.refresher.js';
import { ViewerRegistry } from '../../src/lifecycle/instance/viewer.js';
import { SendWindows } from '../../src/transport/socket/send-windows.js';
import { RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

/** Renders that have begun wait for this. */
let gate: Promise<void> = Promise.resolve();

@LiveComponent('slate', { template: '<p>{{marks}}</p>' })
class Slate {
  @State() marks = 0;

  async beforeRender(): Promise<void> {
    await gate;
  }

  @OnEvent()
  mark(): void {
    this.marks += 1;
  }

  @OnTopic('chalk')
  hear(): void {
    this.marks += 1;
  }
}

describe('pushes', () => {
  let running: RunningApp;

  const get = <T>(token: abstract new (...args: never[]) => T): T => running.app.get<T>(token, { strict: false });

  beforeEach(async () => {
    running = await RunningApp.start({
      providers: [Slate],
      options: { limits: { eventsPerSecond: 0, maxInstances: 100 } },
    });
  });

  afterEach(() => running.close());

  it('never show an older state than an answer that came while they were rendered', async () => {
    const visitor = await SocketVisitor.connect(running.url);
    const { component_id: id } = await visitor.open('slate');
    await visitor.event(id, 'mark', { seq: 1 });
    const [viewer] = get(ViewerRegistry).of(id) as [Viewer];
    let open: () => void = () => undefined;
    gate = new Promise((resolve) => (open = resolve));
    const refreshed = get(PushRunner).refresh(viewer);
    await new Promise((resolve) => setImmediate(resolve));
    // What answers a newer event past this instance's queue notes: the client shows version 5 now.
    viewer.held.version = 5;
    open();
    await refreshed;
    viewer.held.version = 1;
    await get(PushRunner).refresh(viewer);
    expect((await visitor.pushed(1)).render).toBe(viewer.held.renders);
    expect(visitor.updates).toHaveLength(1);
    visitor.close();
  });

  it('lose no message of a burst that is longer than the queue of an instance', async () => {
    const visitor = await SocketVisitor.connect(running.url);
    await visitor.open('slate');
    await Promise.all(Array.from({ length: 200 }, () => get(LivePublisher).broadcast('chalk')));
    expect((await visitor.pushed(200)).html).toContain('>200<');
    expect(visitor.errors).toEqual([]);
    visitor.close();
  });

  it('leave nothing behind of a client that subscribed to all it could and left', async () => {
    const rest = (): object => ({
      viewers: get(ViewerRegistry).size,
      rounds: get(ViewerRefresher).size,
      queues: get(InstanceQueue).size,
      windows: get(SendWindows).size,
      timers: get(SendWindows).watched,
      routes: get(RouteClaims).size,
    });
    const before = rest();
    const visitor = await SocketVisitor.connect(running.url);
    for (let round = 0; round < 12; round += 1) {
      const open = Array.from({ length: 10 }, () => visitor.open('slate').then(() => 'ok', String));
      const outcomes = await Promise.all(open);
      expect(outcomes.every((outcome) => outcome === 'ok' || outcome.includes('TOO_MANY_INSTANCES'))).toBe(true);
    }
    expect(get(ViewerRegistry).size).toBe(100);
    await get(LivePublisher).broadcast('chalk');
    await visitor.pushed(100);
    visitor.close();
    while (get(SendWindows).size > 0) await new Promise((resolve) => setImmediate(resolve));
    await get(RouteClaims).repair();
    while (get(InstanceQueue).size > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(rest()).toEqual(before);
  });
});
