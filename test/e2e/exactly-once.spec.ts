import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, Payload, State, type Reply } from 'nest-live';
import { StateStore } from 'nest-live/extend';

import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

const runs: string[] = [];

@LiveComponent('ledger', { template: '<div>{{#each lines}}<i>{{this}}</i>{{/each}}</div>' })
class Ledger {
  @State() lines: string[] = [];

  @OnEvent()
  async append(@Payload('line') line: string): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    runs.push(line);
    this.lines = [...this.lines, line];
  }
}

const codeOf = (reply: Reply): string => (reply.ok ? (reply.dup ? 'dup' : 'ok') : reply.error.code);

describe.each(PLATFORMS)('an event on %s', (platform) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await RunningApp.start({ platform, providers: [Ledger], options: { limits: { eventsPerSecond: 0 } } });
  });

  afterAll(() => running.close());

  const linesOf = async (id: string): Promise<string[]> => {
    const stored = await running.app.get(StateStore).peek(id);
    return (JSON.parse(stored?.snapshot ?? '{"lines":[]}') as { lines: string[] }).lines;
  };

  const append = (line: string, seq: number) => ({ event: 'append', payload: { line }, seq });

  it('is applied once when its answer is lost and it is sent again, over the other transport too', async () => {
    const http = new HttpVisitor(running.url);
    const mounted = await http.mount('ledger');
    const { component_id, state } = mounted;
    const first = (await http.post('ledger', { state, ...append('a', 1) })).reply;
    expect(codeOf(first)).toBe('ok');
    // The answer above is lost: the client still holds nothing but the mount token.
    expect(codeOf((await http.post('ledger', { state, ...append('a', 1) })).reply)).toBe('dup');

    const socket = await SocketVisitor.connect(running.url, { headers: { cookie: http.cookie } });
    const again = await socket.ask('component_event', {
      component: 'ledger',
      state,
      page: http.page,
      ...append('a', 1),
    });
    expect(codeOf(again)).toBe('dup');
    const next = await socket.ask('component_event', {
      component: 'ledger',
      state,
      page: http.page,
      ...append('b', 2),
    });
    expect(next).toMatchObject({ ok: true, version: 2 });
    expect(await linesOf(component_id)).toEqual(['a', 'b']);
    socket.close();
  });

  it('is applied once of a hundred at the same moment', async () => {
    const http = new HttpVisitor(running.url);
    const { component_id, state } = await http.mount('ledger');
    const answers = await Promise.all(
      Array.from({ length: 100 }, async () => codeOf((await http.post('ledger', { state, ...append('x', 1) })).reply)),
    );
    expect(answers.filter((code) => code === 'ok')).toHaveLength(1);
    expect(answers.every((code) => ['ok', 'dup', 'TOO_MANY_IN_FLIGHT'].includes(code))).toBe(true);
    expect(await linesOf(component_id)).toEqual(['x']);
    expect(codeOf((await http.post('ledger', { state, ...append('y', 2) })).reply)).toBe('ok');
    expect(await linesOf(component_id)).toEqual(['x', 'y']);
  });

  it('is applied once when HTTP and a socket carry it at once for the same page', async () => {
    const http = new HttpVisitor(running.url);
    const { component_id, state } = await http.mount('ledger');
    const socket = await SocketVisitor.connect(running.url, { headers: { cookie: http.cookie } });
    for (let seq = 1; seq <= 10; seq += 1) {
      const line = `n${seq}`;
      const body = { component: 'ledger', state, page: http.page, ...append(line, seq) };
      const [one, two] = await Promise.all([
        http.post('ledger', body).then(({ reply }) => codeOf(reply)),
        socket.ask('component_event', body).then(codeOf),
      ]);
      expect([one, two].sort()).toEqual(['dup', 'ok']);
    }
    expect(await linesOf(component_id)).toHaveLength(10);
    socket.close();
  });

  it('names the number it waits for when one is missing, and loses nothing', async () => {
    const socket = await SocketVisitor.connect(running.url);
    const { component_id } = await socket.open('ledger');
    runs.length = 0;
    const early = await socket.event(component_id, 'append', { payload: { line: 'c' }, seq: 3 });
    expect(early).toMatchObject({
      ok: false,
      error: { code: 'SEQ_GAP', expected: 1, retryable: true, consumed: false },
    });
    expect(await linesOf(component_id)).toEqual([]);
    expect(runs).toEqual([]);
    for (const [index, line] of ['a', 'b', 'c'].entries()) {
      expect(await socket.event(component_id, 'append', { payload: { line }, seq: index + 1 })).toMatchObject({
        ok: true,
      });
    }
    expect(await linesOf(component_id)).toEqual(['a', 'b', 'c']);
    socket.close();
  });

  it('keeps the order in which one connection sends', async () => {
    const socket = await SocketVisitor.connect(running.url);
    const { component_id, h } = await socket.open('ledger');
    const lines = Array.from({ length: 15 }, (_, i) => `l${i}`);
    const replies = await Promise.all(lines.map((line, i) => socket.ask(h, i + 1, 'append', { line })));
    expect(replies.map(codeOf)).toEqual(lines.map(() => 'ok'));
    expect(await linesOf(component_id)).toEqual(lines);
    socket.close();
  });

  it('that was refused is refused again with the same code, not run', async () => {
    const http = new HttpVisitor(running.url);
    const { state } = await http.mount('ledger');
    const body = { state, event: 'append', payload: { line: 7 }, seq: 1 };
    const first = (await http.post('ledger', body)).reply;
    const again = (await http.post('ledger', body)).reply;
    expect(codeOf(first)).toBe('VALIDATION_FAILED');
    expect(again).toMatchObject({ ok: false, seq: 1, error: { code: 'VALIDATION_FAILED', consumed: true } });
  });

  it('whose answer has left the window is not run a second time', async () => {
    const http = new HttpVisitor(running.url);
    const { component_id, ...mounted } = await http.mount('ledger');
    let { state } = mounted;
    for (let seq = 1; seq <= 40; seq += 1) ({ state } = await http.ok('ledger', { state, ...append(`s${seq}`, seq) }));
    const old = await http.refused('ledger', { state, ...append('s1', 1) });
    expect(old.error.code).toBe('SEQ_TOO_OLD');
    expect(await linesOf(component_id)).toHaveLength(40);
  });

  it('of a second page life of the same token is refused, not merged', async () => {
    const one = new HttpVisitor(running.url);
    const { state, component_id } = await one.mount('ledger');
    await one.ok('ledger', { state, ...append('mine', 1) });
    const { reply } = await one.send('POST', '/components/ledger', {
      body: JSON.stringify({ state, page: 'another-page-life-0001', ...append('theirs', 1) }),
      headers: { 'content-type': 'application/json' },
    });
    expect(reply).toMatchObject({ ok: false, error: { code: 'MOUNT_TAKEN', retryable: false, consumed: false } });
    expect(await linesOf(component_id)).toEqual(['mine']);
  });

  it('without a number takes the next one', async () => {
    const http = new HttpVisitor(running.url);
    const { state } = await http.mount('ledger');
    const first = await http.ok('ledger', { state, event: 'append', payload: { line: 'a' } });
    const second = await http.ok('ledger', { state: first.state, event: 'append', payload: { line: 'b' } });
    expect([first.seq, second.seq]).toEqual([1, 2]);
  });
});
