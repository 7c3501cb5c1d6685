import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Inject, Injectable, Scope, UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { LiveComponent, LivePublisher, OnEvent, OnTopic, RequirePermissions, State, Temporary } from 'nest-live';

import { HeaderCaller } from '../pipeline/probe.component.js';
import { Counter } from './counter.component.js';
import { PLATFORMS, RunningApp } from './running-app.js';
import { SocketVisitor, type HandshakeOptions } from './socket.visitor.js';

@LiveComponent('ticker', { template: '<div><output>{{price}}</output> {{note}}</div>' })
class Ticker {
  @State() price = 0;
  @Temporary() note = '';

  @OnTopic('prices.*')
  show(price: number): void {
    this.price = price;
    this.note = 'from the server';
  }

  @OnEvent()
  raise(): void {
    this.price += 1;
  }
}

@RequirePermissions('staff')
@LiveComponent('back-office', { template: '<div>gold {{price}}</div>' })
class BackOffice {
  @State() price = 0;

  @OnTopic('prices.tea')
  show(price: number): void {
    this.price = price;
  }
}

const banned = new Set<unknown>();

@Injectable()
class DeviceGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return !banned.has(context.switchToHttp().getRequest<DeviceRequest>().headers['x-device']);
  }
}

interface DeviceRequest {
  readonly headers: Record<string, string | undefined>;
}

@Injectable({ scope: Scope.REQUEST })
class Device {
  constructor(@Inject(REQUEST) private readonly request: DeviceRequest) {}

  get name(): string {
    return this.request.headers['x-device'] ?? 'unknown';
  }
}

@UseGuards(DeviceGuard)
@LiveComponent('per-device', { template: '<div>{{device}} {{price}}</div>' })
class PerDevice {
  @State() price = 0;

  constructor(private readonly asking: Device) {}

  beforeRender(): { device: string } {
    return { device: this.asking.name };
  }

  @OnTopic('prices.tea')
  show(price: number): void {
    this.price = price;
  }
}

describe.each(PLATFORMS)('socket messages on %s', (platform) => {
  let running: RunningApp;
  const visitors: SocketVisitor[] = [];

  beforeAll(async () => {
    running = await RunningApp.start({
      platform,
      providers: [Counter, Ticker, BackOffice, Device, PerDevice],
      options: { callerResolver: HeaderCaller },
    });
  });

  afterEach(() => {
    banned.clear();
    visitors.splice(0).forEach((visitor) => visitor.close());
  });

  afterAll(() => running.close());

  const connect = async (options?: HandshakeOptions): Promise<SocketVisitor> => {
    const visitor = await SocketVisitor.connect(running.url, options);
    visitors.push(visitor);
    return visitor;
  };

  const staff = { 'x-user': 'ada', 'x-permissions': 'staff' };

  it('are each answered by exactly one ack', async () => {
    const socket = await connect();
    const { component_id, state } = await socket.ok('mount', { component: 'counter' });
    const ticket = { component: 'counter', component_id, state, page: socket.page };
    const bodies: [string, unknown[]][] = [
      ['mount', [{ component: 'counter' }]],
      ['join', [ticket]],
      ['component_event', [{ component_id, event: 'increment', seq: 1 }]],
      ['component_event', [{ component_id, event: 'nothing', seq: 2 }]],
      ['subscribe', [ticket]],
      ['unsubscribe', [{ component_id }]],
      ['leave', [{ component_id }]],
      ['mount', []],
      ['mount', [null]],
      ['mount', ['text']],
      ['mount', [{}, {}]],
      ['error', []],
      ['broadcast', [{ broadcast: true }]],
    ];
    for (const [message, args] of bodies) {
      let acks = 0;
      await new Promise<void>((resolve) => {
        socket.socket.emit(message, ...args, () => {
          acks += 1;
          resolve();
        });
      });
      await socket.ok('mount', { component: 'counter' });
      expect({ message, acks }).toEqual({ message, acks: 1 });
    }
  });

  it('without a callback are obeyed all the same', async () => {
    const socket = await connect();
    const { component_id } = await socket.open('counter');
    socket.socket.emit('component_event', { component_id, event: 'increment', seq: 1 });
    socket.socket.emit('error');
    socket.socket.emit('error', null);
    expect(await socket.event(component_id, 'increment', { seq: 2 })).toMatchObject({ ok: true, version: 2 });
  });

  it('that mean nothing end the connection after twenty', async () => {
    const socket = await connect();
    const closed = socket.closed();
    for (let i = 1; i <= 19; i += 1) await socket.refused(`nonsense-${i}`);
    expect(socket.socket.connected).toBe(true);
    socket.socket.emit('nonsense-20');
    expect(await closed).toBe('io server disconnect');
  });

  it('say of a handle whether it was closed or never given', async () => {
    const socket = await connect();
    const { component_id, h } = await socket.open('counter');
    await socket.ok('leave', { component_id });
    expect((await socket.refused(h, 1, 'increment')).error.code).toBe('INSTANCE_NOT_FOUND');
    expect((await socket.refused(h + 1, 1, 'increment')).error.code).toBe('BAD_FRAME');
    for (const bad of [0, -1, 1.5, 1e300]) {
      expect((await socket.refused(bad, 1, 'increment')).error.code).toBe('BAD_FRAME');
    }
  });

  it('cannot reach an instance that another connection has joined', async () => {
    const mine = await connect();
    const { component_id, state } = await mine.open('counter');
    const other = await connect();
    for (const message of ['component_event', 'join', 'subscribe', 'leave']) {
      const body = { component: 'counter', component_id, event: 'increment' };
      // By its id alone only a shared instance can be subscribed to; this one might as well not be there.
      const code = message === 'subscribe' ? 'INSTANCE_NOT_FOUND' : 'STATE_INVALID';
      expect((await other.refused(message, body)).error.code).toBe(code);
      expect((await other.refused(message, { ...body, state })).error.code).toBe('STATE_INVALID');
    }
    expect(await mine.event(component_id, 'increment', { seq: 1 })).toMatchObject({ ok: true, version: 1 });
  });

  it('to a topic reach every open component that listens, and no other', async () => {
    const one = await connect();
    const two = await connect();
    const counting = await connect();
    const a = await one.open('ticker');
    const b = await two.open('ticker');
    await counting.open('counter');
    await running.app.get(LivePublisher).broadcast('prices.tea', 7);
    for (const [socket, { component_id, h }] of [
      [one, a],
      [two, b],
    ] as const) {
      expect(await socket.pushed()).toMatchObject({ component_id, h, version: 1, render: 2 });
      expect(socket.updates[0].html).toContain('<output>7</output> from the server');
    }
    expect(await one.event(a.component_id, 'raise', { seq: 1 })).toMatchObject({ ok: true, version: 2 });
    expect(counting.updates).toEqual([]);
    await running.app.get(LivePublisher).broadcast('prices.tea.green', 9);
    await one.ok('mount', { component: 'counter' });
    expect(one.updates).toHaveLength(1);
  });

  it('to a topic are rendered under the rights each viewer has', async () => {
    const allowed = await connect({ headers: staff });
    const { component_id, state } = await allowed.open('back-office');
    // The same person on a connection that was opened with fewer rights.
    const demoted = await connect({ headers: { 'x-user': 'ada' } });
    const plain = await demoted.open('ticker');
    const refused = await demoted.refused('subscribe', { component: 'back-office', component_id, state });
    expect(refused.error.code).toBe('FORBIDDEN');
    await running.app.get(LivePublisher).broadcast('prices.tea', 3);
    expect((await allowed.pushed()).html).toContain('gold 3');
    expect((await demoted.pushed()).component_id).toBe(plain.component_id);
    expect(JSON.stringify(demoted.updates)).not.toContain('gold');
  });

  it('show what one viewer did to the other, once', async () => {
    const one = await connect({ headers: staff });
    const two = await connect({ headers: staff });
    const { component_id, state } = await one.open('ticker');
    const seen = await two.ok('subscribe', { component: 'ticker', component_id, state });
    expect(seen).toMatchObject({ version: 0 });
    await one.event(component_id, 'raise', { seq: 1 });
    expect(await two.pushed()).toMatchObject({ version: 1, html: expect.stringContaining('<output>1</output>') });
    expect(one.updates).toEqual([]);
    await two.ok('unsubscribe', { component_id });
    await one.event(component_id, 'raise', { seq: 2 });
    await two.ok('mount', { component: 'counter' });
    expect(two.updates).toHaveLength(1);
  });

  it('to a topic reach the viewers who may still look, and tell the others why not', async () => {
    const one = await connect({ headers: { ...staff, 'x-device': 'desk' } });
    const two = await connect({ headers: { ...staff, 'x-device': 'phone' } });
    const { component_id, state } = await two.open('per-device');
    await one.ok('subscribe', { component: 'per-device', component_id, state });
    banned.add('phone');
    await running.app.get(LivePublisher).broadcast('prices.tea', 5);
    expect((await one.pushed()).html).toContain('desk 5');
    expect(await two.refusedPush()).toMatchObject({ ok: false, component_id, error: { code: 'FORBIDDEN' } });
    expect(two.updates).toEqual([]);
    banned.clear();
    await running.app.get(LivePublisher).broadcast('prices.tea', 6);
    expect((await two.pushed()).html).toContain('phone 6');
    expect((await one.pushed(2)).html).toContain('desk 6');
  });
});
