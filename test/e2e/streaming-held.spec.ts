import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Live, LiveComponent, LiveContext, OnEvent, State, type PreviewFrame } from 'nest-live';

import { RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';
import { until } from './story.readers.js';

@LiveComponent('diary', { state: 'client', template: '<p>{{text}}</p>' })
class Diary {
  @State() text = '';

  @OnEvent()
  async *write(@Live() { signal }: LiveContext): AsyncGenerator<void> {
    this.text += 'day ';
    yield;
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  }

  @OnEvent()
  async *close(): AsyncGenerator<void> {
    this.text += 'end';
    yield;
  }
}

describe('streams of a component whose page holds the state', () => {
  let running: RunningApp;
  let visitor: SocketVisitor;
  let component_id: string;
  let state: string;

  beforeAll(async () => {
    running = await RunningApp.start({ providers: [Diary] });
  });

  beforeEach(async () => {
    visitor = await SocketVisitor.connect(running.url);
    const mounted = await visitor.ok('mount', { component: 'diary' });
    component_id = mounted.component_id;
    state = mounted.state ?? '';
  });

  afterEach(() => visitor.close());
  afterAll(() => running.close());

  const write = (event: string, seq: number) =>
    visitor.ask('component_event', { component: 'diary', component_id, state, page: visitor.page, event, seq });
  const previews = (): readonly PreviewFrame[] => visitor.updates as unknown as PreviewFrame[];

  it('show previews to the connection that asked, without a handle', async () => {
    const reply = await write('close', 1);
    expect(reply).toMatchObject({
      ok: true,
      done: true,
      version: 1,
      html: expect.stringContaining('>end<') as unknown,
    });
    expect(previews()).toEqual([
      { component_id, seq: 1, done: false, html: expect.stringContaining('>end<') as unknown },
    ]);
  });

  it('are cancelled by instance and number, and leave the page a token that is good', async () => {
    const answer = write('write', 1);
    await until(() => previews().length === 1);
    expect(await visitor.ask('cancel', { component_id, seq: 1 })).toMatchObject({ ok: true, seq: 1 });
    const reply = await answer;
    expect(reply).toMatchObject({ ok: false, done: true, error: { code: 'CANCELLED', consumed: true } });
    expect(reply.html).toContain('><');
    state = reply.state ?? '';
    expect(await write('close', 2)).toMatchObject({ ok: true, html: expect.stringContaining('>end<') as unknown });
  });

  it('cannot be cancelled by another connection', async () => {
    const answer = write('write', 1);
    await until(() => previews().length === 1);
    const other = await SocketVisitor.connect(running.url);
    expect(await other.ask('cancel', { component_id, seq: 1 })).toMatchObject({
      error: { code: 'INSTANCE_NOT_FOUND' },
    });
    other.close();
    await visitor.ok('cancel', { component_id, seq: 1 });
    expect((await answer).ok).toBe(false);
  });
});
