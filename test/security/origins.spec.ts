import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { RawSocket } from './raw-socket.js';
import { Siege } from './siege.js';
import { Target } from './target.component.js';

describe.each(PLATFORMS)('where requests come from, on %s', (platform) => {
  let siege: Siege;
  let port: number;
  let own: string;

  beforeAll(async () => {
    siege = await Siege.start({ platform, options: { origins: ['https://shop.example'] } });
    ({ port } = siege.running);
    own = `http://127.0.0.1:${port}`;
  });

  afterAll(() => siege.end());

  const foreign = (): string[] => [
    'https://evil.example',
    'null',
    '',
    'https://shop.example.evil.example',
    'https://evilshop.example',
    'http://shop.example',
    'https://shop.example:444',
    'https://shop.example/path',
    'https://user@shop.example',
    'https://xn--shp-0na.example',
    'https://shop.example, https://evil.example',
    'https://shop.example https://evil.example',
    `http://127.0.0.1:${port + 1}`,
    `https://127.0.0.1:${port}`,
    `http://localhost:${port}`,
    `http://127.0.0.1:${port}.evil.example`,
    'file://',
    'javascript:alert(1)',
    '*',
  ];

  it('decides whether a handshake becomes a socket', async () => {
    for (const origin of foreign()) {
      siege.calm();
      const raw = await RawSocket.upgrade({ port, headers: { Origin: origin, Cookie: 'nest_live=a.b' } });
      expect({ origin, status: raw.status }).toEqual({ origin, status: 403 });
      expect(raw.heard).not.toMatch(/set-cookie|sec-websocket-accept/i);
      expect(siege.log.refusals.map(({ code }) => code)).toEqual(['ORIGIN_REJECTED']);
      await raw.until(() => false);
      expect(raw.heard.match(/HTTP\/1\.1/g)).toHaveLength(1);
    }
    await siege.stands();
  });

  it('is asked for where cookies come along', async () => {
    const bare = await RawSocket.upgrade({ port, headers: { Cookie: 'nest_live=a.b' } });
    expect(bare.status).toBe(403);
    const nobody = await RawSocket.upgrade({ port });
    expect(nobody.status).toBe(101);
    nobody.end();
    for (const origin of [own, 'https://shop.example', 'HTTPS://SHOP.EXAMPLE', 'https://shop.example:443']) {
      const raw = await RawSocket.upgrade({ port, headers: { Origin: origin, Cookie: 'nest_live=a.b' } });
      expect({ origin, status: raw.status }).toEqual({ origin, status: 101 });
      raw.end();
    }
  });

  it('is looked at again when a request names a session that exists', async () => {
    const first = await RawSocket.upgrade({ port, headers: { Origin: own } });
    await first.until((heard) => heard.includes('"sid"'));
    const [, sid] = /"sid":"([^"]+)"/.exec(first.heard) ?? [];
    const raw = await RawSocket.upgrade({
      port,
      query: `EIO=4&transport=websocket&sid=${sid}`,
      headers: { Origin: 'https://evil.example' },
    });
    first.end();
    raw.end();
    expect(raw.status).toBe(403);
    expect(raw.heard).not.toMatch(/set-cookie|sec-websocket-accept/i);
  });

  it('is looked at again however the request spells the name of that session', async () => {
    for (const name of ['%73id', 's%69d', 'si%64', '%73%69%64', 'a=b&%73id', '%73id=none&s%69d']) {
      const first = await RawSocket.upgrade({ port, headers: { Origin: own } });
      await first.until((heard) => heard.includes('"sid"'));
      const [, sid] = /"sid":"([^"]+)"/.exec(first.heard) ?? [];
      siege.calm();
      const raw = await RawSocket.upgrade({
        port,
        query: `EIO=4&transport=websocket&${name}=${sid}`,
        headers: { Origin: 'https://evil.example', Cookie: 'nest_live=a.b' },
      });
      first.end();
      raw.end();
      expect({ name, status: raw.status }).toEqual({ name, status: 403 });
      expect(siege.log.refusals.map(({ code }) => code)).toEqual(['ORIGIN_REJECTED']);
    }
  });

  it('is not asked by polling, which does not exist', async () => {
    const response = await fetch(`${own}/components/-/socket/?EIO=4&transport=polling`, {
      headers: { origin: 'https://evil.example' },
    });
    expect([400, 403]).toContain(response.status);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it('decides whether an event or a leave is taken, JSON or form', async () => {
    const visitor = new HttpVisitor(siege.url);
    const { state } = await visitor.mount('target');
    const body = JSON.stringify({ state, event: 'increment', page: visitor.page, seq: 1 });
    const json = { 'content-type': 'application/json' };
    const senders: Record<string, string>[] = [
      ...foreign().map((origin) => ({ origin })),
      ...foreign().map((origin) => ({ origin, 'sec-fetch-site': 'cross-site' })),
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      {},
    ];
    for (const headers of senders) {
      const ask = async (method: string, more: RequestInit & { headers?: Record<string, string> }) => {
        const response = await fetch(`${siege.url}/components/target`, {
          method,
          ...more,
          headers: { cookie: visitor.cookie, ...headers, ...more.headers },
        });
        const text = await response.text();
        expect({ headers, status: response.status }).toEqual({ headers, status: 403 });
        return { text, reply: JSON.parse(text) };
      };
      await siege.refuses(() => ask('POST', { body, headers: json }), 'ORIGIN_REJECTED');
      await siege.refuses(
        () => ask('POST', { body: new URLSearchParams({ state, event: 'increment' }) }),
        'ORIGIN_REJECTED',
      );
      await siege.refuses(() => ask('DELETE', { body, headers: json }), 'ORIGIN_REJECTED');
    }
    for (const headers of [
      { origin: own, 'sec-fetch-site': '' },
      { origin: 'https://shop.example', 'sec-fetch-site': 'cross-site' },
    ]) {
      const { reply } = await visitor.post('target', body, headers);
      expect(reply.ok).toBe(true);
    }
    expect(Target.calls).toEqual(['increment']);
  });
});

describe('behind a proxy', () => {
  const asked = async (trustProxy: boolean): Promise<number> => {
    const siege = await Siege.start({ options: { trustProxy } });
    const raw = await RawSocket.upgrade({
      port: siege.running.port,
      headers: { Origin: 'https://shop.example', 'X-Forwarded-Host': 'shop.example', 'X-Forwarded-Proto': 'https' },
    });
    raw.end();
    await siege.end();
    return raw.status;
  };

  it('that is declared, the forwarded host is the own one; else its word is nothing', async () => {
    expect([await asked(true), await asked(false)]).toEqual([101, 403]);
  });
});

describe('the official client', () => {
  it('is refused with a coded answer when its caller cannot be known', async () => {
    const siege = await Siege.start();
    siege.calm();
    const socket = SocketVisitor.dial(siege.url, { headers: { 'x-user': 'expired' } });
    const error = await new Promise<Error & { data?: unknown }>((resolve) =>
      socket.socket.on('connect_error', resolve),
    );
    expect(error.message).toBe('UNAUTHENTICATED');
    expect(error.data).toMatchObject({ ok: false, error: { code: 'UNAUTHENTICATED' } });
    expect(siege.log.refusals.map(({ code }) => code)).toEqual(['UNAUTHENTICATED']);
    socket.close();
    await siege.end();
  });
});
