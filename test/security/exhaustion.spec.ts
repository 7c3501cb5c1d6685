import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { CallerResolver, ComponentsService, type CallerInit, type CallerRequest } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { ViewerRegistry } from '../../src/lifecycle/instance/viewer.js';
import { resolveLimits } from '../../src/protocol/limits.js';
import { parseCompact, parseRequest } from '../../src/protocol/parse-request.js';
import { RawSocket } from './raw-socket.js';
import { Siege } from './siege.js';

/** Tenant and login by header. */
@Injectable()
class TenantCaller extends CallerResolver {
  resolve({ headers }: CallerRequest): CallerInit {
    const [id, tenant, sessionId] = ['x-user', 'x-tenant', 'x-login'].map(
      (name) => headers[name] as string | undefined,
    );
    return id === undefined ? {} : { user: { id }, id, tenant, sessionId: sessionId ?? 'first' };
  }
}

const headOf = (length: string): string =>
  `POST /components/target HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n${length}\r\n\r\n`;

/** Says it, as far as it is listened to, and hears until the other side is done. */
const say = (port: number, parts: Iterable<Buffer | string>): Promise<{ heard: string; sent: number }> =>
  new Promise((resolve) => {
    const wire = connect(port, '127.0.0.1');
    let [heard, sent] = ['', 0];
    const end = (): void => {
      clearTimeout(late);
      wire.destroy();
      resolve({ heard, sent });
    };
    const late = setTimeout(end, 10_000);
    const iterator = parts[Symbol.iterator]();
    const next = (): void => {
      const { value, done } = iterator.next();
      if (done || wire.destroyed) return;
      sent += value.length;
      wire.write(value, next);
    };
    wire.on('data', (chunk) => (heard += chunk.toString('latin1')));
    wire.on('error', () => undefined);
    wire.on('close', end);
    wire.on('connect', next);
  });

function* repeated(head: string, part: Buffer | string, times: number): Iterable<Buffer | string> {
  yield head;
  for (let time = 0; time < times; time += 1) yield part;
}

const MIB = 1024 * 1024;
/** Packed before there is a server: it takes a second. */
const BOMB = gzipSync(Buffer.alloc(200 * MIB, 0x20));
/** Whoever shares the process with its attackers is late through no fault of its own. */
const UNSHED = { maxLoopLagMs: 0 };

describe.each(PLATFORMS)('a body that is not what it says on %s', (platform) => {
  let siege: Siege;

  beforeAll(async () => {
    siege = await Siege.start({ platform, limits: UNSHED });
  });

  afterAll(() => siege.end());

  it('is read no further than it was announced', async () => {
    const { heard, sent } = await say(
      siege.running.port,
      repeated(headOf('Content-Length: 10'), 'x'.repeat(65_536), 160),
    );
    // Ten bytes are a body, and no JSON; the next are no request, which ends the connection.
    expect(heard).toMatch(/^HTTP\/1\.1 400/);
    expect(sent).toBeLessThan(10 * MIB);
    await siege.stands(heard);
  });

  it('without a length is refused, and not kept', async () => {
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const before = process.memoryUsage().rss;
    // Express reads such a body to its end before it answers; Fastify answers at the limit.
    const parts = [...repeated(headOf('Transfer-Encoding: chunked\r\nConnection: close'), chunk, 1_600), '0\r\n\r\n'];
    const { heard } = await say(siege.running.port, parts);
    expect(heard).toMatch(/^HTTP\/1\.1 413/);
    expect(heard).toContain('TOO_LARGE');
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * MIB);
    await siege.stands(heard);
  });

  it('that unpacks to a thousand times its size is not unpacked', async () => {
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    const head = headOf(`Content-Encoding: gzip\r\nConnection: close\r\nContent-Length: ${BOMB.length}`);
    const { heard } = await say(siege.running.port, [head, BOMB]);
    expect(heard).toMatch(/^HTTP\/1\.1 4\d\d/);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * MIB);
    await siege.stands(heard);
  });
});

describe('connections that say nothing', () => {
  it('are closed after their time, and keep nobody else waiting', async () => {
    const siege = await Siege.start({ limits: { ...UNSHED, connectTimeoutMs: 500, maxConnectionsPerIp: 0 } });
    const { port } = siege.running;
    // Half a request each; the server waits for its own header time-out, and serves others meanwhile.
    const slow: Socket[] = Array.from({ length: 300 }, () => connect(port, '127.0.0.1'));
    for (const wire of slow) wire.on('error', () => undefined).write('POST /components/target HTTP/1.1\r\nHo');
    const idle = await Promise.all(Array.from({ length: 100 }, () => RawSocket.upgrade({ port })));
    await siege.stands();
    const visitor = new HttpVisitor(siege.url);
    const { state } = await visitor.mount('target');
    expect(await visitor.ok('target', { state, event: 'increment', seq: 1 })).toMatchObject({ version: 1 });
    // Never said `40`: closed without being asked anything.
    await Promise.all(idle.map((raw) => raw.until(() => false)));
    expect(idle.every((raw) => raw.closed)).toBe(true);
    slow.forEach((wire) => wire.destroy());
    await siege.end();
  });
});

describe('names made to be slow to read', () => {
  const evil = ['a', '0', '-', '_', '.', ' ', '\t', 'a.', '../', '\\', '%', '{{', '<'].flatMap((part) => [
    `${part.repeat(65_536 / part.length)}!`,
    `!${part.repeat(65_536 / part.length)}`,
  ]);
  const limits = resolveLimits();

  it('are refused in no time, wherever a name, an id, a token or a position stands', () => {
    const began = performance.now();
    for (const text of evil) {
      const requests = ['component', 'event', 'component_id', 'page', 'state', 'ticket', 'at'].map((key) => ({
        [key]: text,
      }));
      for (const request of [...requests, { at: { e: text, v: 1 } }, { fields: { [text]: 1 } }]) {
        expect(() => parseRequest(request, limits)).toThrow();
      }
      expect(() => parseCompact([1, 1, text], limits)).toThrow();
    }
    // Some 260 of 64 KiB: a pattern that goes back over its input would take minutes for the first.
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe('what leaves the server', () => {
  it.each(PLATFORMS)('is not compressed, where it carries tokens: %s', async (platform) => {
    const siege = await Siege.start({ platform });
    const raw = await RawSocket.upgrade({
      port: siege.running.port,
      headers: { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' },
    });
    expect(raw.status).toBe(101);
    expect(raw.heard).not.toMatch(/sec-websocket-extensions/i);
    raw.end();
    const visitor = new HttpVisitor(siege.url, { 'accept-encoding': 'gzip, br' });
    const { headers } = await visitor.send('GET', '/components/target');
    expect(headers.get('content-encoding')).toBeNull();
    await siege.end();
  });
});

describe('guessing', () => {
  let siege: Siege;

  beforeAll(async () => {
    siege = await Siege.start({ options: { callerResolver: TenantCaller }, limits: { ...UNSHED, maxInFlight: 200 } });
  });

  afterAll(() => siege.end());

  it('ids of another tenant finds nothing, joins nothing and says the same of what exists and what does not', async () => {
    const components = siege.running.app.get(ComponentsService, { strict: false });
    const ids = Array.from({ length: 1_000 }, (_, n) => String(n + 1));
    for (const id of ids.slice(0, 200)) await components.mount('target', { id, tenant: 'acme' });
    const friend = await SocketVisitor.connect(siege.url, { headers: { 'x-user': 'ann', 'x-tenant': 'acme' } });
    expect(await friend.ok('subscribe', { component: 'target', component_id: '17' })).toMatchObject({
      component_id: '17',
    });

    const stranger = await SocketVisitor.connect(siege.url, { headers: { 'x-user': 'eve', 'x-tenant': 'evil' } });
    const told = new Set<string>();
    for (let from = 0; from < ids.length; from += 100) {
      const replies = await Promise.all(
        ids
          .slice(from, from + 100)
          .map((component_id) => stranger.refused('subscribe', { component: 'target', component_id })),
      );
      for (const { error } of replies) told.add(JSON.stringify({ ...error, ref: '' }));
    }
    expect([...told]).toHaveLength(1);
    expect([...told][0]).toContain('INSTANCE_NOT_FOUND');
    const viewers = siege.running.app.get(ViewerRegistry, { strict: false });
    expect(ids.map((id) => viewers.of(id).length).reduce((sum, count) => sum + count)).toBe(1);
    await components.update('17', { fields: { note: 'for acme only' } });
    await friend.pushed();
    expect(stranger.updates).toEqual([]);
    friend.close();
    stranger.close();
  });

  it('that a login goes on with the tokens of the one before is wrong: the same user, another session', async () => {
    const before = new HttpVisitor(siege.url, { 'x-user': 'ann', 'x-login': 'first' });
    const { state } = await before.mount('target');
    const mine = await before.ok('target', { state, event: 'increment', seq: 1 });
    const after = new HttpVisitor(siege.url, { 'x-user': 'ann', 'x-login': 'second' });
    for (const token of [state, mine.state]) {
      await siege.refuses(
        () => after.post('target', { state: token, event: 'increment', page: before.page }),
        'STATE_INVALID',
      );
    }
    expect(await before.ok('target', { state: mine.state, event: 'increment', seq: 2 })).toMatchObject({ version: 2 });
  });
});
