import { Module } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ComponentsModule,
  LiveComponent,
  OnEvent,
  Payload,
  State,
  type OkReply,
  type Reply,
  type StateHolding,
} from 'nest-live';
import { Backend, MemoryBackend, StateStore } from 'nest-live/extend';

import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp, type PlatformName } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

const runs: string[] = [];

/** Holds back every event that meets until this many have come. */
class Meeting {
  static awaited = 0;
  private static go?: () => void;
  private static all = Promise.resolve();

  static of(count: number): void {
    Meeting.awaited = count;
    Meeting.all = new Promise((resolve) => (Meeting.go = resolve));
  }

  static arrive(): Promise<void> {
    Meeting.awaited -= 1;
    if (Meeting.awaited <= 0) Meeting.go?.();
    return Meeting.all;
  }
}

@LiveComponent('ledger', { template: '<div>{{#each lines}}<i>{{this}}</i>{{/each}}</div>' })
class Ledger {
  @State() lines: string[] = [];

  @OnEvent()
  async append(@Payload('line') line: string): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    runs.push(line);
    this.lines = [...this.lines, line];
  }

  @OnEvent()
  async meet(): Promise<void> {
    await Meeting.arrive();
    this.lines = [...this.lines, 'met'];
  }
}

const codeOf = (reply: Reply): string => (reply.ok ? (reply.dup ? 'dup' : 'ok') : reply.error.code);

const append = (line: string, seq: number) => ({ event: 'append', payload: { line }, seq });

const linesIn = ({ html = '' }: { readonly html?: string }): string[] =>
  [...html.matchAll(/<i>([^<]*)<\/i>/g)].map(([, line]) => line);

/** What every holder of the state promises of an event, over HTTP and over a socket. */
const describeExactlyOnce = (held: StateHolding, platform: PlatformName): void => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await RunningApp.start({
      platform,
      providers: [Ledger],
      options: { state: held, limits: { eventsPerSecond: 0 } },
    });
  });

  afterAll(() => running.close());

  beforeEach(() => {
    runs.length = 0;
  });

  /** The page as somebody sees it who reloads nothing: the join's answer to a client that shows nothing yet. */
  const linesOf = async (http: HttpVisitor, state: string): Promise<string[]> =>
    linesIn(await http.ok('ledger', { state, at: undefined }));

  const follow = (http: HttpVisitor): Promise<SocketVisitor> =>
    SocketVisitor.connect(running.url, { headers: { cookie: http.cookie } });

  it('is applied once when its answer is lost and it is sent again, over the other transport too', async () => {
    const http = new HttpVisitor(running.url);
    const { state } = await http.mount('ledger');
    expect(codeOf((await http.post('ledger', { state, ...append('a', 1) })).reply)).toBe('ok');
    // The answer above is lost: the client still holds nothing but the mount token.
    expect(codeOf((await http.post('ledger', { state, ...append('a', 1) })).reply)).toBe('dup');

    const socket = await follow(http);
    const { page } = http;
    const again = await socket.ok('component_event', { component: 'ledger', state, page, ...append('a', 1) });
    expect(codeOf(again)).toBe('dup');
    const newest = { component: 'ledger', state: again.state, page };
    const next = await socket.ok('component_event', { ...newest, ...append('b', 2) });
    expect(next).toMatchObject({ version: 2 });
    expect(linesIn(next)).toEqual(['a', 'b']);
    expect(runs).toEqual(['a', 'b']);
    socket.close();
  });

  it('is applied once of a hundred at the same moment', async () => {
    const http = new HttpVisitor(running.url);
    const { state } = await http.mount('ledger');
    const replies = await Promise.all(
      Array.from({ length: 100 }, async () => (await http.post('ledger', { state, ...append('x', 1) })).reply),
    );
    const codes = replies.map(codeOf);
    expect(codes.filter((code) => code === 'ok')).toHaveLength(1);
    expect(codes.every((code) => ['ok', 'dup', 'TOO_MANY_IN_FLIGHT'].includes(code))).toBe(true);
    expect(runs).toEqual(['x']);
    const { state: newest } = replies[codes.indexOf('dup')];
    expect(linesIn(await http.ok('ledger', { state: newest, ...append('y', 2) }))).toEqual(['x', 'y']);
  });

  it('is applied once when HTTP and a socket carry it at once for the same page', async () => {
    const http = new HttpVisitor(running.url);
    let { state } = await http.mount('ledger');
    const socket = await follow(http);
    for (let seq = 1; seq <= 10; seq += 1) {
      const body = { component: 'ledger', state, page: http.page, ...append(`n${seq}`, seq) };
      const replies = await Promise.all([
        http.post('ledger', body).then(({ reply }) => reply),
        socket.ask('component_event', body),
      ]);
      expect(replies.map(codeOf).sort()).toEqual(['dup', 'ok']);
      state = (replies[seq % 2] as OkReply).state ?? '';
    }
    expect(runs).toHaveLength(10);
    expect(await linesOf(http, state)).toHaveLength(10);
    socket.close();
  });

  it('names the number it waits for when one is missing, and loses nothing', async () => {
    const socket = await SocketVisitor.connect(running.url);
    let { state } = await socket.open('ledger');
    const send = (line: string, seq: number) =>
      socket.ask('component_event', { component: 'ledger', page: socket.page, state, ...append(line, seq) });
    expect(await send('c', 3)).toMatchObject({
      ok: false,
      error: { code: 'SEQ_GAP', expected: 1, retryable: true, consumed: false },
    });
    expect(runs).toEqual([]);
    const shown: string[][] = [];
    for (const [index, line] of ['a', 'b', 'c'].entries()) {
      const reply = (await send(line, index + 1)) as OkReply;
      shown.push(linesIn(reply));
      state = reply.state ?? '';
    }
    expect(shown).toEqual([['a'], ['a', 'b'], ['a', 'b', 'c']]);
    socket.close();
  });

  it('that was refused is refused again with the same code, not run, and the next one goes on', async () => {
    const http = new HttpVisitor(running.url);
    const { state } = await http.mount('ledger');
    const body = { state, event: 'append', payload: { line: 7 }, seq: 1 };
    const first = await http.refused('ledger', body);
    const again = await http.refused('ledger', body);
    expect(first.error.code).toBe('VALIDATION_FAILED');
    expect(again).toMatchObject({ seq: 1, error: { code: 'VALIDATION_FAILED', consumed: true } });
    expect(linesIn(await http.ok('ledger', { state: again.state, ...append('a', 2) }))).toEqual(['a']);
    expect(runs).toEqual(['a']);
  });

  it('whose answer has left the window is not run a second time', async () => {
    const http = new HttpVisitor(running.url);
    let { state } = await http.mount('ledger');
    for (let seq = 1; seq <= 40; seq += 1) ({ state } = await http.ok('ledger', { state, ...append(`s${seq}`, seq) }));
    const old = await http.refused('ledger', { state, ...append('s1', 1) });
    expect(old.error.code).toBe('SEQ_TOO_OLD');
    expect(runs).toHaveLength(40);
  });

  it('of a second page life of the same token is refused, not merged', async () => {
    const one = new HttpVisitor(running.url);
    const { state } = await one.mount('ledger');
    const { state: newest } = await one.ok('ledger', { state, ...append('mine', 1) });
    const { reply } = await one.send('POST', '/components/ledger', {
      body: JSON.stringify({ state, page: 'another-page-life-0001', ...append('theirs', 1) }),
      headers: { 'content-type': 'application/json' },
    });
    expect(reply).toMatchObject({ ok: false, error: { code: 'MOUNT_TAKEN', retryable: false, consumed: false } });
    expect(await linesOf(one, newest)).toEqual(['mine']);
  });

  it('without a number takes the next one', async () => {
    const http = new HttpVisitor(running.url);
    const { state } = await http.mount('ledger');
    const first = await http.ok('ledger', { state, event: 'append', payload: { line: 'a' } });
    const second = await http.ok('ledger', { state: first.state, event: 'append', payload: { line: 'b' } });
    expect([first.seq, second.seq]).toEqual([1, 2]);
  });
};

describe.each(PLATFORMS)('an event on %s', (platform) => {
  describe('on state that the server holds', () => {
    describeExactlyOnce('server', platform);
  });

  describe('on state that its page holds', () => {
    describeExactlyOnce('client', platform);
  });

  it.each<StateHolding>(['server', 'client'])(
    'at two nodes at once (%s-held) gets one answer from both',
    async (state) => {
      const backend = { provide: Backend, useValue: new MemoryBackend() };
      @Module({ providers: [backend], exports: [Backend] })
      class Shared {}
      const root = () => ComponentsModule.forRoot({ imports: [Shared], state });
      const nodes = await Promise.all(
        [1, 2].map(() => RunningApp.start({ platform, root: root(), providers: [Ledger] })),
      );
      const http = new HttpVisitor(nodes[0].url);
      const mounted = await http.mount('ledger');
      const body = { state: mounted.state, page: http.page, event: 'meet', seq: 1 };
      Meeting.of(2);
      const replies = await Promise.all(
        nodes.map(({ url }) => new HttpVisitor(url, { cookie: http.cookie }).ok('ledger', body)),
      );
      expect(replies.map(codeOf).sort()).toEqual(['dup', 'ok']);
      expect(replies.map(linesIn)).toEqual([['met'], ['met']]);
      for (const [index, { url }] of nodes.entries()) {
        const next = { ...body, state: replies[index].state, event: 'append', payload: { line: 'x' }, seq: 2 };
        const reply = await new HttpVisitor(url, { cookie: http.cookie }).ok('ledger', next);
        expect(linesIn(reply)).toEqual(['met', 'x']);
      }
      await Promise.all(nodes.map((node) => node.close()));
    },
  );

  it('is applied in the order in which one connection sends', async () => {
    const running = await RunningApp.start({ platform, providers: [Ledger] });
    const socket = await SocketVisitor.connect(running.url);
    const { component_id, h } = await socket.open('ledger');
    const lines = Array.from({ length: 15 }, (_, i) => `l${i}`);
    const replies = await Promise.all(lines.map((line, i) => socket.ask(h, i + 1, 'append', { line })));
    expect(replies.map(codeOf)).toEqual(lines.map(() => 'ok'));
    const stored = await running.app.get(StateStore).peek(component_id);
    expect(JSON.parse(stored?.snapshot ?? '')).toEqual({ lines });
    socket.close();
    await running.close();
  });
});
