import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';
import type { Reply } from 'nest-live';
import { io } from 'socket.io-client';

import { Counter } from '../e2e/counter.component.js';
import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { RawSocket } from '../security/raw-socket.js';
import { SlowProcess } from './slow.process.js';

const cleanup: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of cleanup.splice(0).reverse()) await end();
});

const visit = async (url: string): Promise<SocketVisitor> => {
  const visitor = await SocketVisitor.connect(url);
  cleanup.push(() => visitor.close());
  return visitor;
};

const code = (reply: Reply): string => (reply.ok ? 'OK' : reply.error.code);

describe('a process that is told to stop', () => {
  const start = async (drain?: object): Promise<SlowProcess> => {
    const node = await SlowProcess.start(drain);
    cleanup.push(() => node.end());
    return node;
  };

  it('answers fifty slow events, lets nobody in, and ends with 0', async () => {
    const node = await start();
    const visitors = await Promise.all(Array.from({ length: 50 }, () => visit(node.url)));
    const mounted = await Promise.all(visitors.map((visitor) => visitor.open('slow')));
    const asked: Promise<Reply>[] = visitors.map((visitor, index) =>
      visitor.event(mounted[index].component_id, 'work', { seq: 1, payload: { ms: 1_500 } }),
    );
    const told = new Promise<{ delayMs: number }>((resolve) => visitors[0].socket.once('drain', resolve));
    const reasons = visitors.map((visitor) => visitor.closed());
    const http = new HttpVisitor(node.url);
    await new Promise((resolve) => setTimeout(resolve, 200));
    node.signal();

    expect(await told).toEqual({ delayMs: 500 });
    const ready = await fetch(`${node.url}/components/-/health/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([503, { status: 'draining' }]);
    const mount = await http.send('GET', '/components/slow');
    expect([mount.status, mount.headers.get('retry-after'), code(mount.reply)]).toEqual([503, '1', 'DRAINING']);
    const refused = await SocketVisitor.connect(node.url).catch((error: Error) => error.message);
    expect(refused).toBe('DRAINING');
    expect(code(await visitors[1].ask('mount', { component: 'slow' }))).toBe('DRAINING');

    const answers = await Promise.all(asked);
    expect(answers.map((reply) => code(reply))).toEqual(answers.map(() => 'OK'));
    // Not "io server disconnect": that one would keep clients away for good.
    expect(new Set(await Promise.all(reasons))).toEqual(new Set(['transport close']));
    expect(await node.ended).toBe(0);
  }, 60_000);

  it('gives up on work that does not end, and still ends with 0', async () => {
    const node = await start({ workMs: 300 });
    const visitor = await visit(node.url);
    const { component_id } = await visitor.open('slow');
    void visitor.event(component_id, 'work', { seq: 1, payload: { ms: 30_000 } }).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    node.signal();
    expect(await node.ended).toBe(0);
    expect(node.said).toContain('1 interactions did not end within 300 ms');
  }, 60_000);

  it('ends at once with 1 when it is told twice, and says what it cut', async () => {
    const node = await start();
    const visitor = await visit(node.url);
    const { component_id } = await visitor.open('slow');
    void visitor.event(component_id, 'work', { seq: 1, payload: { ms: 30_000 } }).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const told = new Promise((resolve) => visitor.socket.once('drain', resolve));
    node.signal();
    await told;
    node.signal();
    expect(await node.ended).toBe(1);
    expect(node.said).toMatch(/Stopped by a second SIGTERM: 1 interactions and 1 sockets, .*were cut/);
  }, 60_000);
});

describe.each(PLATFORMS)('an application on %s that is closed', (platform) => {
  const start = async (): Promise<RunningApp> => {
    const running = await RunningApp.start({ platform, providers: [Counter], options: { drain: { graceMs: 200 } } });
    cleanup.push(() => running.close());
    return running;
  };

  it('makes clients come back by themselves: another node takes up where this one was', async () => {
    const [old, next] = [await start(), await start()];
    let target = old.port;
    const balancer = createServer((near) => {
      const far = connect(target, '127.0.0.1');
      near.pipe(far).pipe(near);
      [near, far].forEach((end) => end.on('error', () => undefined));
    });
    await new Promise<void>((resolve) => balancer.listen(0, '127.0.0.1', resolve));
    cleanup.push(() => balancer.close());
    const socket = io(`http://127.0.0.1:${(balancer.address() as AddressInfo).port}`, {
      path: '/components/-/socket',
      transports: ['websocket'],
      reconnectionDelay: 20,
      forceNew: true,
    });
    cleanup.push(() => socket.close());
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    const back = new Promise<void>((resolve) => socket.io.once('reconnect', () => resolve()));
    target = next.port;
    await old.close();
    await back;
    expect(await socket.timeout(4_000).emitWithAck('mount', { component: 'counter' })).toMatchObject({ ok: true });
  });

  it('does not wait half a minute for a peer that never says goodbye, nor for one that never said hello', async () => {
    const running = await start();
    const mute = await RawSocket.upgrade({ port: running.port });
    const half: Socket = connect(running.port, '127.0.0.1');
    cleanup.push(
      () => half.destroy(),
      () => mute.end(),
    );
    mute.say('40');
    await mute.until((heard) => heard.includes('40{'));
    mute.deafen();
    const opened = await RawSocket.upgrade({ port: running.port });
    cleanup.push(() => opened.end());
    opened.deafen();
    half.destroy();
    const closed = running.close().then(() => 'closed');
    const late = new Promise((resolve) => setTimeout(resolve, 15_000, 'late').unref());
    expect(await Promise.race([closed, late])).toBe('closed');
  });
});
