import { afterEach, describe, expect, it } from '@jest/globals';
import type { ComponentsOptions, ErrorReply } from 'nest-live';

import { HeaderCaller } from '../pipeline/probe.component.js';
import { Counter } from './counter.component.js';
import { HttpVisitor } from './http.visitor.js';
import { RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

const visitors: SocketVisitor[] = [];
let running: RunningApp;

const start = async (options: ComponentsOptions): Promise<void> => {
  running = await RunningApp.start({ providers: [Counter], options: { callerResolver: HeaderCaller, ...options } });
};

const connect = async (headers: Record<string, string> = {}): Promise<SocketVisitor> => {
  const visitor = await SocketVisitor.connect(running.url, { headers });
  visitors.push(visitor);
  return visitor;
};

/** The code a handshake was refused with. */
const refusedWith = (headers: Record<string, string> = {}): Promise<string | undefined> =>
  connect(headers).then(
    () => undefined,
    (error: Error & { data: ErrorReply }) => error.data.error.code,
  );

afterEach(async () => {
  visitors.splice(0).forEach((visitor) => visitor.close());
  await running.close();
});

describe('connections', () => {
  it('of one caller are bounded, others connect, and a closed one makes room', async () => {
    await start({ limits: { maxConnectionsPerCaller: 3 } });
    const ada = { 'x-user': 'ada' };
    const mine = [await connect(ada), await connect(ada), await connect(ada)];
    expect(await refusedWith(ada)).toBe('TOO_MANY_CONNECTIONS');
    expect(await refusedWith({ 'x-user': 'bob' })).toBeUndefined();
    expect((await mine[0].open('counter')).ok).toBe(true);
    mine[1].close();
    while ((await refusedWith(ada)) !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it('that begin at the same moment do not pass the limit together', async () => {
    await start({ limits: { maxConnectionsPerCaller: 3 } });
    const codes = await Promise.all(Array.from({ length: 10 }, () => refusedWith({ 'x-user': 'ada' })));
    expect(codes.filter((code) => code === undefined)).toHaveLength(3);
    expect(codes.filter((code) => code === 'TOO_MANY_CONNECTIONS')).toHaveLength(7);
  });

  it('of a node are bounded', async () => {
    await start({ limits: { maxConnections: 2 } });
    await connect();
    await connect();
    expect(await refusedWith()).toBe('TOO_MANY_CONNECTIONS');
  });

  it('of nobody in particular are bounded by the address a trusted proxy has seen', async () => {
    await start({ trustProxy: true, limits: { maxConnectionsPerIp: 2 } });
    const here = { 'x-forwarded-for': '198.51.100.1' };
    await connect(here);
    await connect({ 'x-forwarded-for': '6.6.6.6, 198.51.100.1' });
    expect(await refusedWith(here)).toBe('TOO_MANY_CONNECTIONS');
    expect(await refusedWith({ 'x-forwarded-for': '198.51.100.2' })).toBeUndefined();
    expect(await refusedWith({ ...here, 'x-user': 'ada' })).toBeUndefined();
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::2', '2001:DB8:1:2::3', '2001:db8:1:3::1'],
    ['198.51.100.1', '::ffff:198.51.100.1', '198.51.100.1:4711', '198.51.100.2'],
    ['[2001:db8:1:2::1]:443', '2001:0db8:0001:0002:0:0:0:2', '2001:db8:1:2::3%eth0', '::1'],
  ])('of nobody in particular are bounded by its network, however it is written: %s', async (...addresses) => {
    await start({ trustProxy: true, limits: { maxConnectionsPerIp: 2 } });
    const codes: (string | undefined)[] = [];
    for (const address of addresses) codes.push(await refusedWith({ 'x-forwarded-for': address }));
    expect(codes).toEqual([undefined, undefined, 'TOO_MANY_CONNECTIONS', undefined]);
  });

  it('behind a proxy that is not trusted are not counted by address: it is everybody', async () => {
    await start({ limits: { maxConnectionsPerIp: 2 } });
    const here = { 'x-forwarded-for': '198.51.100.1' };
    for (let i = 0; i < 5; i += 1) expect(await refusedWith(here)).toBeUndefined();
  });
});

describe('events of one caller', () => {
  const limits = { eventsPerSecondPerCaller: 1, eventBurstPerCaller: 4 };

  it('are bounded over all its sockets and HTTP together; the same number succeeds later', async () => {
    await start({ limits });
    const ada = { 'x-user': 'ada' };
    const [one, two] = [await connect(ada), await connect(ada)];
    await one.ok('mount', { component: 'counter' });
    await two.ok('mount', { component: 'counter' });
    const http = new HttpVisitor(running.url, ada);
    const { state } = await http.mount('counter');
    await http.ok('counter', { state, event: 'increment', seq: 1 });
    const event = { state, event: 'increment', seq: 2 };
    const refused = await http.post('counter', event);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(refused.reply).toMatchObject({ error: { code: 'TOO_MANY_EVENTS', retryable: true, consumed: false } });
    expect((await one.refused('mount', { component: 'counter' })).error.code).toBe('TOO_MANY_EVENTS');
    const other = await connect({ 'x-user': 'bob' });
    await other.ok('mount', { component: 'counter' });
    const wait = refused.reply.ok ? 0 : (refused.reply.error.retryAfterMs ?? 0);
    await new Promise((resolve) => setTimeout(resolve, wait + 20));
    expect((await http.ok('counter', event)).version).toBe(2);
  });
});

describe('a node whose event loop is late', () => {
  const block = (ms: number): void => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  };

  it('takes no new work, goes on with what it has, and recovers by itself', async () => {
    await start({ limits: { maxLoopLagMs: 50, shedAfterMs: 100 } });
    const socket = await connect();
    const { component_id } = await socket.open('counter');
    await new Promise((resolve) => setTimeout(resolve, 300));
    block(600);
    // The look at the clock comes with the next turn of the loop; the messages behind it are refused.
    await new Promise((resolve) => setTimeout(resolve, 1));
    const late = socket.ask('mount', { component: 'counter' });
    const event = socket.event(component_id, 'increment', { seq: 1 });
    expect(await late).toMatchObject({ ok: false, error: { code: 'OVERLOADED', retryable: true, consumed: false } });
    expect(await event).toMatchObject({ ok: true });
    while (!(await socket.ask('mount', { component: 'counter' })).ok) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
});
