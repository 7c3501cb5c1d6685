import { afterEach, describe, expect, it } from '@jest/globals';
import { ForbiddenException, UnauthorizedException } from '@nestjs/common';
import {
  CATALOGUE,
  LiveComponent,
  LiveError,
  OnEvent,
  Payload,
  State,
  type LimitsOptions,
  type LiveErrorCode,
} from 'nest-live';
import { StateStore } from 'nest-live/extend';

import { RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';
import { WAYS } from './two-ways.js';

let release: () => void = () => undefined;
let gate: Promise<void> = Promise.resolve();

const close = (): void => {
  gate = new Promise((resolve) => (release = resolve));
};

@LiveComponent('bounded', { template: '<div><output>{{count}}</output></div>' })
class Bounded {
  @State() count = 0;
  @State({ bind: true }) note = '';
  @State() pile = '';

  @OnEvent()
  step(): void {
    this.count += 1;
  }

  @OnEvent()
  async wait(): Promise<void> {
    await gate;
    this.count += 1;
  }

  @OnEvent()
  fail(@Payload('code') code: string): void {
    this.count = 99;
    if (code === 'forbidden') throw new ForbiddenException();
    if (code === 'unauthorized') throw new UnauthorizedException();
    throw code in CATALOGUE ? new LiveError(code as LiveErrorCode) : new Error('plain');
  }

  @OnEvent()
  hang(): Promise<void> {
    return new Promise(() => undefined);
  }

  @OnEvent()
  heap(): void {
    this.pile = 'x'.repeat(5_000);
  }
}

let running: RunningApp;
const visitors: SocketVisitor[] = [];

const start = async (limits: LimitsOptions): Promise<void> => {
  running = await RunningApp.start({ providers: [Bounded], options: { limits } });
};

const connect = async (): Promise<SocketVisitor> => {
  const visitor = await SocketVisitor.connect(running.url);
  visitors.push(visitor);
  return visitor;
};

const versionOf = async (id: string): Promise<number | undefined> =>
  (await running.app.get(StateStore).peek(id))?.version;

afterEach(async () => {
  release();
  visitors.splice(0).forEach((visitor) => visitor.close());
  await running.close();
});

describe('a connection', () => {
  it('over its event rate waits as long as it is told, then sends the same number', async () => {
    await start({ eventsPerSecond: 2, eventBurst: 4 });
    const socket = await connect();
    const { component_id } = await socket.open('bounded');
    let seq = 1;
    let reply = await socket.event(component_id, 'step', { seq });
    while (reply.ok) reply = await socket.event(component_id, 'step', { seq: ++seq });
    expect(reply.error).toMatchObject({ code: 'TOO_MANY_EVENTS', retryable: true, consumed: false });
    expect(await versionOf(component_id)).toBe(seq - 1);
    await new Promise((resolve) => setTimeout(resolve, (reply.ok ? 0 : (reply.error.retryAfterMs ?? 0)) + 5));
    expect(await socket.event(component_id, 'step', { seq })).toMatchObject({ ok: true, version: seq, seq });
  });

  it('that goes on and on over its rate is closed, and nobody else is', async () => {
    await start({ eventsPerSecond: 20, eventBurst: 40, maxRefusedMessages: 100 });
    const socket = await connect();
    const other = await connect();
    const { component_id } = await socket.open('bounded');
    const closed = socket.closed();
    for (let seq = 1; seq <= 1_000; seq += 1)
      socket.socket.emit('component_event', { component_id, event: 'step', seq });
    expect(await closed).toBe('io server disconnect');
    expect(await versionOf(component_id)).toBeLessThanOrEqual(60);
    expect(await other.open('bounded')).toMatchObject({ ok: true });
  });

  it('with too many unanswered messages keeps the earlier ones, and the same number succeeds later', async () => {
    await start({ maxInFlight: 3, eventsPerSecond: 0 });
    const socket = await connect();
    const { component_id } = await socket.open('bounded');
    close();
    const earlier = [1, 2, 3].map((seq) => socket.event(component_id, 'wait', { seq }));
    const refused = await socket.refused('component_event', { component_id, event: 'wait', seq: 4 });
    expect(refused.error).toMatchObject({ code: 'TOO_MANY_IN_FLIGHT', retryable: true, consumed: false });
    release();
    expect(await Promise.all(earlier)).toMatchObject([1, 2, 3].map((seq) => ({ ok: true, seq, version: seq })));
    expect(await socket.event(component_id, 'wait', { seq: 4 })).toMatchObject({ ok: true, seq: 4, version: 4 });
  });

  it('holds so many instances and no more, however they are asked for, and gets room back by leaving', async () => {
    await start({ maxInstances: 3, eventsPerSecond: 0 });
    const socket = await connect();
    const mounts = await Promise.all(Array.from({ length: 8 }, () => socket.ok('mount', { component: 'bounded' })));
    const tickets = mounts.map(({ component_id, state }) => ({
      component: 'bounded',
      component_id,
      state,
      page: socket.page,
    }));
    const joins = await Promise.all(tickets.map((ticket) => socket.ask('join', ticket)));
    const held = joins.flatMap((reply) => (reply.ok ? [reply.component_id] : []));
    expect(held).toHaveLength(3);
    for (const reply of joins.slice(3)) {
      expect(reply).toMatchObject({ ok: false, error: { code: 'TOO_MANY_INSTANCES', retryable: false } });
    }
    expect(await socket.ask('join', tickets[0])).toMatchObject({ ok: true });
    for (const id of held) expect(await socket.event(id, 'step', { seq: 1 })).toMatchObject({ ok: true, version: 1 });
    await socket.ok('leave', { component_id: held[0] });
    expect(await socket.ask('join', tickets[5])).toMatchObject({ ok: true });
  });
});

describe('an instance', () => {
  it('with a full queue refuses the next event of any connection and forgets nothing', async () => {
    await start({ maxQueue: 2, eventsPerSecond: 0 });
    const socket = await connect();
    const { component_id } = await socket.open('bounded');
    close();
    const earlier = [1, 2].map((seq) => socket.event(component_id, 'wait', { seq }));
    const refused = await socket.refused('component_event', { component_id, event: 'wait', seq: 3 });
    expect(refused.error).toMatchObject({ code: 'TOO_MANY_IN_FLIGHT', retryable: true, consumed: false });
    release();
    expect(await Promise.all(earlier)).toMatchObject([{ ok: true }, { ok: true, version: 2 }]);
    expect(await socket.event(component_id, 'wait', { seq: 3 })).toMatchObject({ ok: true, version: 3 });
  });
});

describe.each(WAYS)('every refusal over $way', ({ open }) => {
  const PROVOKED: readonly (readonly [code: LiveErrorCode, body: object])[] = [
    ['BAD_FRAME', { event: 'step', payload: { constructor: 1 } }],
    ['BAD_FRAME', { event: 'step', fields: { undeclared: 1 } }],
    ['TOO_LARGE', { event: 'step', payload: ['x'.repeat(300), 'x'.repeat(300)] }],
    ['UNKNOWN_EVENT', { event: 'nothing' }],
    ['PROP_LOCKED', { event: 'step', fields: { count: 5 } }],
    ['VALIDATION_FAILED', { event: 'step', fields: { note: 5 } }],
    ['VALIDATION_FAILED', { event: 'fail', payload: { code: 5 } }],
    ['UNAUTHENTICATED', { event: 'fail', payload: { code: 'forbidden' } }],
    ['UNAUTHENTICATED', { event: 'fail', payload: { code: 'unauthorized' } }],
    ['HANDLER_ERROR', { event: 'fail', payload: { code: 'plain' } }],
    ['HANDLER_TIMEOUT', { event: 'hang' }],
    ['STATE_TOO_LARGE', { event: 'heap' }],
    ['SEQ_GAP', { event: 'step', seq: 50 }],
    ...(
      ['RECORD_CHANGED', 'RECORD_NOT_FOUND', 'RATE_LIMITED', 'FORBIDDEN', 'STORE_UNAVAILABLE', 'OVERLOADED'] as const
    ).map((code) => [code, { event: 'fail', payload: { code } }] as const),
  ];

  it('leaves the state, uses up its number or not as its code says, and lets the component go on', async () => {
    await start({ handlerTimeoutMs: 80, maxStateBytes: 2_000, maxPayloadChars: 500, eventsPerSecond: 0 });
    const driver = await open(running.url, 'bounded');
    let seq = 1;
    expect(await driver.send({ event: 'step', seq })).toMatchObject({ ok: true, version: 1 });
    for (const [code, body] of PROVOKED) {
      const refused = await driver.send({ seq: seq + 1, ...body });
      if (refused.ok) throw new Error(`${code} was accepted`);
      const { retryable, consumed } = CATALOGUE[code];
      expect({ code, error: refused.error }).toMatchObject({ error: { code, retryable, consumed } });
      expect(await versionOf(driver.id)).toBe(1);
      if (retryable) expect(consumed).toBe(false);
      if (consumed === true) seq += 1;
      // The number that comes next shows whether this one was used up: a gap or a repeat would be answered as such.
      const probe = await driver.send({ event: 'step', seq: seq + 2 });
      expect({ code, probe }).toMatchObject({ probe: { ok: false, error: { code: 'SEQ_GAP', expected: seq + 1 } } });
    }
    expect(await driver.send({ event: 'step', seq: seq + 1 })).toMatchObject({
      ok: true,
      version: 2,
      html: expect.stringContaining('<output>2</output>'),
    });
    driver.close();
  });
});
