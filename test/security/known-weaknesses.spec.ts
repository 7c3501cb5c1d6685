import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, LivePublisher, OnEvent, OnTopic, Payload, State, type Reply } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { WAYS } from '../e2e/two-ways.js';
import { Siege, type Outcome } from './siege.js';
import { Target } from './target.component.js';

/** What somebody's own code does when it is handed something that is not there. */
@LiveComponent('desk', {
  publicProps: ['start'],
  template: '<p><output>{{count}}</output> {{owner}} of {{props.start}}</p>',
})
class Desk {
  static readonly calls: string[] = [];

  @State() count = 0;
  @State() owner = 'nobody';

  onMount({ start = 0 }: { start?: number | string }): void {
    Desk.calls.push('mount');
    this.count = Number(start);
    this.owner = 'server';
  }

  @OnEvent()
  step(): void {
    Desk.calls.push('step');
    this.count += 1;
  }

  @OnEvent()
  stumble(): void {
    Desk.calls.push('stumble');
    (undefined as unknown as { hunter2: () => void }).hunter2();
  }

  /** Only `name` is the client's to say. */
  @OnEvent()
  rename(@Payload('name') name: string, force = false, owner = this.owner): void {
    Desk.calls.push(`${name} ${force} ${owner}`);
  }

  @OnTopic('desk')
  onDesk(): void {
    this.count += 100;
  }
}

const codeOf = (reply: Reply): string => (reply.ok ? 'ok' : reply.error.code);

const asOutcome = (reply: Reply): Outcome => ({ reply, text: JSON.stringify(reply) });

describe.each(WAYS)('an author’s own mistake over $way', ({ open }) => {
  let siege: Siege;

  beforeAll(async () => {
    siege = await Siege.start({ providers: [Desk] });
  });

  beforeEach(() => {
    Desk.calls.length = 0;
  });

  afterAll(() => siege.end());

  it('is an error of the handler, not of the payload, and says nothing of itself', async () => {
    const desk = await open(siege.url, 'desk');
    const { text } = await siege.refuses(
      async () => asOutcome(await desk.send({ event: 'stumble', payload: { a: 1 } })),
      'HANDLER_ERROR',
    );
    expect(text).not.toMatch(/hunter2|undefined|TypeError|properties/);
    expect(siege.log.refusals[0].text).toContain('hunter2');
    expect(await desk.send({ event: 'step' })).toMatchObject({ ok: true, html: expect.stringContaining('>1<') });
    desk.close();
  });

  it('of leaving a parameter undeclared gives the client no way to fill it', async () => {
    const desk = await open(siege.url, 'desk');
    Desk.calls.length = 0;
    for (const more of [
      { force: true, owner: 'me' },
      { 1: true, 2: 'me', length: 3 },
    ]) {
      expect(await desk.send({ event: 'rename', payload: { name: 'x', ...more } })).toMatchObject({ ok: true });
    }
    await desk.send({ event: 'rename', payload: ['x', true, 'me'] });
    expect(Desk.calls).toEqual(['x false server', 'x false server', 'undefined false server']);
    desk.close();
  });

  it('aside, an instance is mounted once, before its first event and never again', async () => {
    const desk = await open(siege.url, 'desk');
    for (const event of ['step', 'step']) expect(await desk.send({ event })).toMatchObject({ ok: true });
    expect(Desk.calls).toEqual(['mount', 'step', 'step']);
    desk.close();
  });
});

describe.each(PLATFORMS)('what a client adds to its messages on %s', (platform) => {
  let siege: Siege;

  beforeAll(async () => {
    siege = await Siege.start({ platform, providers: [Desk] });
  });

  beforeEach(() => {
    Desk.calls.length = 0;
  });

  afterAll(() => siege.end());

  it('reaches nobody else: there is no flag to broadcast, and no state of one’s own to show', async () => {
    const victim = await SocketVisitor.connect(siege.url);
    const seen = await victim.open('desk');
    const mallory = await SocketVisitor.connect(siege.url);
    const { component_id } = await mallory.open('desk', { start: 5 });
    for (const flag of ['broadcast', 'all', 'to', 'room', 'topic', 'push']) {
      const reply = await mallory.event(component_id, 'step', { [flag]: true, target: seen.component_id });
      expect(codeOf(reply)).toBe('ok');
    }
    const own = { broadcast: true, component: 'desk', component_id: seen.component_id, event: 'step' };
    for (const state of [{ count: 666 }, [{ count: 666 }], '{"count":666}', 666, null]) {
      expect(codeOf(await mallory.ask('component_event', { ...own, state }))).toBe('STATE_INVALID');
    }
    for (const message of ['broadcast', 'component_update', 'topic', 'presence']) {
      expect(codeOf(await mallory.ask(message, { topic: 'desk', html: '<b>666</b>' }))).toBe('BAD_FRAME');
    }
    // Whatever was sent would have come before this.
    await siege.running.app.get(LivePublisher).broadcast('desk', {});
    const { html } = await victim.pushed();
    expect(victim.updates).toHaveLength(1);
    expect(html).toContain('<output>100</output>');
    mallory.close();
    victim.close();
  });

  it('changes no prop of an instance: params are for a mount', async () => {
    const visitor = new HttpVisitor(siege.url);
    const mounted = await visitor.mount('desk', 'start=5');
    const { html, state } = await visitor.ok('desk', { state: mounted.state, event: 'step', params: { start: 90 } });
    expect(html).toContain('<output>6</output> server of 5<');
    const socket = await SocketVisitor.connect(siege.url, { headers: { cookie: visitor.cookie } });
    const id = { component: 'desk', component_id: mounted.component_id };
    await socket.ok('join', { ...id, state, page: visitor.page, params: { start: 90 } });
    const reply = await socket.event(mounted.component_id, 'step', { params: { start: 90 }, props: { start: 90 } });
    expect(reply).toMatchObject({ ok: true, html: expect.stringContaining('<output>7</output> server of 5<') });
    expect(Desk.calls).toEqual(['mount', 'step', 'step']);
    socket.close();
  });

  it('does not reset an instance by leaving its state out', async () => {
    const visitor = new HttpVisitor(siege.url);
    const { component_id } = await visitor.mount('desk', 'start=5');
    Desk.calls.length = 0;
    for (const body of [{ event: 'step' }, { event: 'step', component_id }, { event: 'step', params: { start: 1 } }]) {
      await siege.refuses(() => visitor.post('desk', body), 'STATE_INVALID');
      await siege.refuses(() => visitor.form('desk', { event: 'step' }), 'STATE_INVALID');
    }
    const socket = await SocketVisitor.connect(siege.url);
    await siege.refuses(
      async () => asOutcome(await socket.ask('component_event', { component: 'desk', event: 'step' })),
      'STATE_INVALID',
    );
    expect(Desk.calls).toEqual([]);
    socket.close();
  });

  it('chooses no id: ids are the server’s, long and never twice', async () => {
    const socket = await SocketVisitor.connect(siege.url);
    const ids = new Set<string>();
    for (let i = 0; i < 200; i += 1) {
      const { component_id } = await socket.ok('mount', { component: 'desk', component_id: 'order-123' });
      expect(component_id).toMatch(/^[\w-]{22}$/);
      ids.add(component_id);
    }
    expect(ids.size).toBe(200);
    // Random in every place: no counter, no clock, no common beginning.
    for (let place = 0; place < 21; place += 1) {
      expect(new Set([...ids].map((id) => id[place])).size).toBeGreaterThan(20);
    }
    socket.close();
  });

  it('that is wrong is its own fault by status, and never the server’s', async () => {
    const visitor = new HttpVisitor(siege.url);
    const { state } = await visitor.mount('target');
    const wrong = [
      visitor.post('nobody', { state, event: 'step' }),
      visitor.post('target', { state, event: 'nothing' }),
      visitor.post('target', { state, event: 'order', payload: 'x' }),
      visitor.post('target', { state: [], event: 'increment' }),
      visitor.post('target', { state: { count: 1 }, event: 'increment' }),
      visitor.post('target', '{"event":'),
      visitor.post('target', '[]'),
      visitor.form('target', { state: 'x', event: 'increment' }),
      visitor.send('POST', '/components/target', { body: '%%%=%', headers: { 'content-type': FORM } }),
      visitor.send('POST', '/components/target', {
        body: 'event=increment&state=%FF%',
        headers: { 'content-type': FORM },
      }),
    ];
    for (const { status, text } of await Promise.all(wrong)) {
      expect({ text, ok: status >= 400 && status < 500 }).toEqual({ text, ok: true });
      expect((JSON.parse(text) as { error: { code: string } }).error.code).toMatch(/^[A-Z_]+$/);
    }
    // No route can be found for such an address: the platform answers itself.
    expect((await visitor.send('GET', '/components/%E0%A4%A')).status).toBe(400);
    expect(Target.calls).toEqual([]);
  });

  it('is not needed to be told of others: who only connects hears nothing', async () => {
    const listener = await SocketVisitor.connect(siege.url);
    const heard: unknown[] = [];
    listener.socket.onAny((...message) => heard.push(message));
    const ada = await SocketVisitor.connect(siege.url, { headers: { 'x-user': 'ada' } });
    const { component_id } = await ada.open('desk');
    await ada.event(component_id, 'step');
    await siege.running.app.get(LivePublisher).broadcast('desk', {});
    await ada.pushed();
    ada.close();
    // An answer to the listener comes after all that was pushed to it.
    await listener.ok('mount', { component: 'desk' });
    expect(heard).toEqual([]);
    listener.close();
  });
});

const FORM = 'application/x-www-form-urlencoded';
