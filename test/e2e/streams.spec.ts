import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UseGuards, type CanActivate } from '@nestjs/common';
import { LiveComponent, LivePublisher, OnEvent, OnTopic, State } from 'nest-live';

import { PollingReaders } from '../../src/transport/http/polling.readers.js';
import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp } from './running-app.js';
import { StreamVisitor } from './stream.visitor.js';

@LiveComponent('board', { template: '<p>{{text}}</p>' })
class Board {
  static heard = '';

  @State() text = 'empty';

  @OnEvent()
  write(): void {
    this.text += '!';
  }

  @OnTopic('notes')
  hear(text: string): void {
    this.text = text;
    Board.heard = text;
  }
}

let allowed = true;

class Doorman implements CanActivate {
  canActivate(): boolean {
    return allowed;
  }
}

@LiveComponent('vault', { template: '<p>gold {{text}}</p>' })
@UseGuards(Doorman)
class Vault extends Board {}

describe.each(PLATFORMS)('pushes without a socket on %s', (platform) => {
  let running: RunningApp;
  let publisher: LivePublisher;

  beforeAll(async () => {
    running = await RunningApp.start({
      platform,
      providers: [Board, Vault, Doorman],
      options: { limits: { streamHeartbeatMs: 50 } },
    });
    publisher = running.app.get(LivePublisher);
  });

  afterAll(() => running.close());

  const mounted = async (component: string): Promise<{ visitor: HttpVisitor; state: string; id: string }> => {
    const visitor = new HttpVisitor(running.url);
    const { state, component_id: id } = await visitor.mount(component);
    return { visitor, state, id };
  };

  const query = (visitor: HttpVisitor, ...subscriptions: readonly string[]): string =>
    `?${new URLSearchParams([...subscriptions.map((sub): [string, string] => ['sub', sub]), ['page', visitor.page]]).toString()}`;

  const open = (visitor: HttpVisitor, subscriptions: readonly string[], lastEventId?: string): Promise<StreamVisitor> =>
    StreamVisitor.open({
      url: `${running.url}/components/-/pushes${query(visitor, ...subscriptions)}`,
      cookie: visitor.cookie,
      lastEventId,
    });

  it('streams what is pushed, with a sign of life between', async () => {
    const { visitor, state, id } = await mounted('board');
    const stream = await open(visitor, [`board:${state}`]);
    expect(stream.status).toBe(200);
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': expect.stringContaining('no-store'),
    });
    expect((await stream.got('joined')).data).toMatchObject({ ok: true, component_id: id, version: 0 });

    await publisher.broadcast('notes', 'line\r\nevent: forged\n\nid: 9');
    const { data } = await stream.got('component_update');
    expect(data).toMatchObject({ component_id: id, version: 1 });
    expect(data.html).toContain('line\r\nevent: forged\n\nid: 9');

    const before = stream.comments;
    while (stream.comments === before) await new Promise((resolve) => setTimeout(resolve, 20));
    stream.close();
  });

  it('goes on from where its reader was: nothing twice, nothing missed', async () => {
    const { visitor, state } = await mounted('board');
    const stream = await open(visitor, [`board:${state}`]);
    const joined = (await stream.got('joined')).data as { state: string };
    await publisher.broadcast('notes', 'first');
    const { id: seen } = await stream.got('component_update');
    stream.close();

    const same = await open(visitor, [`board:${joined.state}`], seen);
    expect((await same.got('joined')).data).not.toHaveProperty('html');
    same.close();

    await visitor.ok('board', { event: 'write', state: joined.state, seq: 1 });
    const behind = await open(visitor, [`board:${joined.state}`], seen);
    expect((await behind.got('joined')).data.html).toContain('first!');
    behind.close();
  });

  it.each(['nonsense', 'a.b@7', `${'x'.repeat(64)}.y@1`])(
    'takes %j as the last event for never shown, and gives the present state or a coded refusal',
    async (lastEventId) => {
      const { visitor, state } = await mounted('board');
      const { state: held = '' } = await visitor.ok('board', { event: 'write', state, seq: 1 });
      const stream = await open(visitor, [`board:${held}`], lastEventId);
      if (stream.status === 200) expect((await stream.got('joined')).data.html).toContain('empty!');
      else expect((await stream.json()).error.code).toBe('INSTANCE_NOT_FOUND');
      stream.close();
    },
  );

  it('carries several components, and one that is refused spoils no other', async () => {
    const { visitor, state, id } = await mounted('board');
    const stream = await open(visitor, [`board:${state}`, 'board:lc1.made.up.token', `nobody:${state}`]);
    expect((await stream.got('joined')).data).toMatchObject({ component_id: id });
    expect((await stream.got('error', 2)).data).toMatchObject({ ok: false });
    await publisher.broadcast('notes', 'still here');
    expect((await stream.got('component_update')).data.html).toContain('still here');
    stream.close();
  });

  it('is guarded like a mount, and stops when its viewer may no longer look', async () => {
    allowed = true;
    const { visitor, state } = await mounted('vault');
    const stream = await open(visitor, [`vault:${state}`]);
    await stream.got('joined');
    allowed = false;
    await publisher.broadcast('notes', 'more');
    const { data } = await stream.got('error');
    expect(data.error.code).toBe('UNAUTHENTICATED');
    expect(JSON.stringify(stream.events)).not.toContain('more');
    stream.close();

    const refused = await open(visitor, [`vault:${state}`]);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ ok: false, error: { code: 'UNAUTHENTICATED' } });
    allowed = true;
  });

  it('belongs to its caller: nobody else can read with the token', async () => {
    const { state } = await mounted('board');
    const stranger = new HttpVisitor(running.url);
    await stranger.mount('board');
    const refused = await open(stranger, [`board:${state}`]);
    expect(await refused.json()).toMatchObject({ error: { code: 'STATE_INVALID' } });
  });

  it('is not for other sites, and not for a query that means nothing', async () => {
    const { visitor, state } = await mounted('board');
    const url = `${running.url}/components/-/pushes`;
    const ask = async (address: string, headers?: Record<string, string>): Promise<unknown> => {
      const stream = await StreamVisitor.open({ url: address, cookie: visitor.cookie, headers });
      return (await stream.json()).error.code;
    };
    const own = `${url}${query(visitor, `board:${state}`)}`;
    expect(await ask(own, { 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' })).toBe('ORIGIN_REJECTED');
    expect(await ask(url)).toBe('BAD_FRAME');
    expect(await ask(`${url}?sub=board`)).not.toBe(undefined);
  });

  it('is bounded per caller, and leaves nothing behind', async () => {
    const { visitor, state } = await mounted('board');
    const streams = await Promise.all([1, 2, 3, 4].map(() => open(visitor, [`board:${state}`])));
    await Promise.all(streams.map((stream) => stream.got('joined')));
    const fifth = await open(visitor, [`board:${state}`]);
    expect(fifth.status).toBe(429);
    expect(await fifth.json()).toMatchObject({ error: { code: 'TOO_MANY_SUBSCRIPTIONS' } });

    streams.forEach((stream) => stream.close());
    for (;;) {
      const again = await open(visitor, [`board:${state}`]);
      again.close();
      if (again.status === 200) break;
    }
  });

  it('answers a poll with what is new since the last one', async () => {
    const { visitor, state, id } = await mounted('board');
    const poll = async (since: string, token: string): Promise<{ replies: unknown[]; since: string }> => {
      const path = `/components/-/poll${query(visitor, `board:${token}`)}&since=${encodeURIComponent(since)}`;
      return JSON.parse((await visitor.send('GET', path)).text) as never;
    };
    const first = await poll('', state);
    expect(first.replies).toEqual([expect.objectContaining({ ok: true, component_id: id, version: 0 })]);
    const [{ state: held }] = first.replies as [{ state: string }];

    expect((await poll(first.since, held)).replies[0]).not.toHaveProperty('html');
    await visitor.ok('board', { event: 'write', state: held, seq: 1 });
    const second = await poll(first.since, held);
    expect(second.replies[0]).toMatchObject({ html: expect.stringContaining('empty!'), version: 1 });
    expect(second.since).not.toBe(first.since);
  });

  it('tells a page that polls what was said to its instance between two polls, until it asks no more', async () => {
    const { visitor, state } = await mounted('board');
    const readers = running.app.get(PollingReaders, { strict: false });
    readers.forgetOld(0);
    const poll = async (token: string): Promise<{ html: string; state: string }> => {
      const { text } = await visitor.send('GET', `/components/-/poll${query(visitor, `board:${token}`)}`);
      return (JSON.parse(text) as { replies: [{ html: string; state: string }] }).replies[0];
    };
    const first = await poll(state);
    await publisher.broadcast('notes', 'said between');
    const second = await poll(first.state);
    expect(second.html).toContain('said between');
    await visitor.ok('board', { event: 'write', state: second.state, seq: 1 });
    expect(readers.size).toBe(1);

    readers.forgetOld(0);
    expect(readers.size).toBe(0);
    await publisher.broadcast('notes', 'said to nobody');
    expect((await poll(second.state)).html).toContain('said between!');

    const form = new HttpVisitor(running.url);
    await form.form('board', { state: (await form.mount('board')).state, event: 'write' });
    expect(readers.size).toBe(1);
  });

  it('keeps no more than it should for a reader that stops reading, and then sends what is newest', async () => {
    const small = await RunningApp.start({
      platform,
      providers: [Board],
      options: { limits: { bufferedSoftBytes: 1_000 } },
    });
    try {
      const visitor = new HttpVisitor(small.url);
      const { state } = await visitor.mount('board');
      const stream = await StreamVisitor.open({
        url: `${small.url}/components/-/pushes${query(visitor, `board:${state}`)}`,
        cookie: visitor.cookie,
      });
      await stream.got('joined');
      stream.pause();
      const told = small.app.get(LivePublisher);
      const large = 'x'.repeat(256 * 1024);
      for (let push = 1; push <= 60; push += 1) await told.broadcast('notes', `${push} ${large}`);
      await told.broadcast('notes', 'newest');
      while (Board.heard !== 'newest') await new Promise((resolve) => setTimeout(resolve, 20));
      stream.resume();
      const isNewest = (): boolean => stream.events.at(-1)?.data.html?.includes('newest') === true;
      while (!isNewest()) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(stream.events.filter(({ event }) => event === 'component_update').length).toBeLessThan(50);
      stream.close();
    } finally {
      await small.close();
    }
  });

  it('ends its streams when the node does', async () => {
    const own = await RunningApp.start({ platform, providers: [Board] });
    const visitor = new HttpVisitor(own.url);
    const { state } = await visitor.mount('board');
    const stream = await StreamVisitor.open({
      url: `${own.url}/components/-/pushes${query(visitor, `board:${state}`)}`,
      cookie: visitor.cookie,
    });
    await stream.got('joined');
    await Promise.all([stream.end(), own.close()]);
  });
});
