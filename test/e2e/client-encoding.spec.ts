import { request as ask, type IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openSite, type Site } from '../browser/site.js';
import { Counter } from './counter.component.js';

interface Wire {
  readonly status?: number;
  readonly headers: IncomingHttpHeaders;
  /** As it came from the network. */
  readonly body: Buffer;
}

const UNPACK: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  identity: (body) => body,
};

describe.each(['express', 'fastify'] as const)('the scripts of the client on %s', (platform) => {
  let site: Site;
  let scripts: readonly string[];

  beforeAll(async () => {
    site = await openSite({
      platform,
      providers: [Counter],
      options: { clientModules: ['uploads', 'optimistic', 'url'] },
    });
    const page = await (await fetch(`${site.url}/page`)).text();
    scripts = Array.from(page.matchAll(/<script src="([^"]+)" defer><\/script>/g), ([, address]) => address);
  });

  afterAll(() => site.close());

  const get = (path: string, accepts?: string, method = 'GET'): Promise<Wire> =>
    new Promise((resolve, reject) => {
      const headers = accepts === undefined ? {} : { 'accept-encoding': accepts };
      const sent = ask(site.url + path, { method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      sent.on('error', reject).end();
    });

  const encoding = ({ headers }: Wire): string => headers['content-encoding'] ?? 'identity';

  it('come as brotli or gzip, each of them the same script in the end', async () => {
    expect(scripts.length).toBeGreaterThan(5);
    for (const script of scripts) {
      const plain = await get(script);
      expect(encoding(plain)).toBe('identity');
      for (const wanted of ['br', 'gzip']) {
        const packed = await get(script, wanted);
        expect(encoding(packed)).toBe(wanted);
        expect(packed.body.length).toBe(Number(packed.headers['content-length']));
        expect(packed.body.length).toBeLessThan(plain.body.length * 0.8);
        expect(UNPACK[wanted](packed.body).equals(plain.body)).toBe(true);
        expect(packed.headers['content-type']).toMatch(/^text\/javascript/);
        expect(packed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
        expect(packed.headers['x-content-type-options']).toBe('nosniff');
      }
    }
  });

  it('weigh over the wire what is promised', async () => {
    const core = scripts.at(-1)!;
    const bytes = async (accepts: string): Promise<number> => (await get(core, accepts)).body.length;
    expect(await bytes('gzip')).toBeLessThanOrEqual(10_240);
    expect(await bytes('gzip, deflate, br, zstd')).toBeLessThan(await bytes('gzip'));
  });

  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['identity', 'identity'],
    ['deflate, zstd', 'identity'],
    ['gzip, deflate, br, zstd', 'br'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['GZIP', 'gzip'],
    ['x-gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0,gzip;q=0', 'identity'],
    ['*', 'br'],
    ['br;q=0, *', 'gzip'],
    ['gzip;q=0.4, identity;q=0.6', 'identity'],
    ['*;q=0', 'identity'],
    ['gzip ; q = 0', 'identity'],
    ['gzip;q=nonsense', 'identity'],
    ['brr, xgzip', 'identity'],
    [',,;q=1,', 'identity'],
  ])('for “%s” come as %s', async (accepts, expected) => {
    const answer = await get(scripts.at(-1)!, accepts);
    expect([answer.status, encoding(answer)]).toEqual([200, expected]);
    expect(answer.headers.vary).toBe('Accept-Encoding');
    expect(UNPACK[expected](answer.body).toString()).toContain('live-');
  });

  it('say the same of themselves to HEAD, and have a body only where it was asked for', async () => {
    const [head, whole] = [await get(scripts[0], 'br', 'HEAD'), await get(scripts[0], 'br')];
    expect([head.status, encoding(head), head.headers.vary, head.body.length]).toEqual([
      200,
      'br',
      'Accept-Encoding',
      0,
    ]);
    expect(whole.body.length).toBeGreaterThan(100);
  });

  it('of an earlier release are packed too, and not kept', async () => {
    const { headers } = await get('/components/-/client.0123456789abcdef.js', 'gzip');
    expect([headers['content-encoding'], headers['cache-control'], headers.vary]).toEqual([
      'gzip',
      'no-cache',
      'Accept-Encoding',
    ]);
  });
});
