import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Live, LiveComponent, LiveContext, LivePublisher, OnEvent, OnTopic, State, redirect } from 'nest-live';
import { StateStore } from 'nest-live/extend';

import { RunningApp } from '../../../test/e2e/running-app.js';
import { SocketVisitor } from '../../../test/e2e/socket.visitor.js';

@LiveComponent('wire', { template: '<p>{{last}}</p>' })
class Wire {
  @State() last = '';

  @OnTopic('news.*')
  hear(message: string): void {
    if (message === 'broken') throw new Error('hunter2');
    this.last = message;
  }

  @OnEvent()
  clear(): void {
    this.last = '';
  }
}

@LiveComponent('usher', { template: '<p>open</p>' })
class Usher {
  @OnTopic('closing')
  close(to: string, @Live() live: LiveContext): void {
    redirect(live, to);
  }
}

describe('broadcasting', () => {
  let running: RunningApp;
  let reader: SocketVisitor;
  let id: string;

  beforeAll(async () => {
    running = await RunningApp.start({ providers: [Wire, Usher] });
    reader = await SocketVisitor.connect(running.url);
    ({ component_id: id } = await reader.open('wire'));
  });

  afterAll(async () => {
    reader.close();
    await running.close();
  });

  it('saves what a topic method changed, tells its viewers, and tells them when it failed', async () => {
    const publisher = running.app.get(LivePublisher);
    await publisher.push({ topic: 'news.sport' }, 'first');
    expect(await reader.pushed(1)).toMatchObject({ version: 1, html: expect.stringContaining('first') });
    expect((await running.app.get(StateStore).peek(id))?.snapshot).toContain('first');

    await publisher.broadcast('news.sport', 'broken');
    const refused = await reader.refusedPush();
    expect(refused).toMatchObject({ component_id: id, error: { code: 'HANDLER_ERROR' } });
    expect(JSON.stringify(refused)).not.toContain('hunter2');

    await publisher.push({ instance: id });
    expect(await reader.pushed(2)).toMatchObject({ version: 1, html: expect.stringContaining('first') });
    expect(await reader.event(id, 'clear', { seq: 1 })).toMatchObject({ ok: true, version: 2 });
  });

  it('sends an effect alone where nothing is rendered', async () => {
    await reader.open('usher');
    const effect = new Promise((resolve) => reader.socket.once('effect', resolve));
    await running.app.get(LivePublisher).broadcast('closing', '/home');
    expect(await effect).toMatchObject({ effects: { redirect: { to: '/home' } } });
  });

  it('does not save, number or send a message that changes nothing', async () => {
    const before = await running.app.get(StateStore).peek(id);
    const count = reader.updates.length;
    await running.app.get(LivePublisher).broadcast('news.sport', '');
    await running.app.get(LivePublisher).broadcast('news.sport', '');
    expect(await running.app.get(StateStore).peek(id)).toEqual(before);
    await running.app.get(LivePublisher).broadcast('news.sport', 'last');
    expect(await reader.pushed(count + 1)).toMatchObject({ html: expect.stringContaining('last') });
  });
});
