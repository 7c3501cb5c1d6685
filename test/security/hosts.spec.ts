import { request } from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import { ComponentsService, type ComponentsOptions } from 'nest-live';

import { resolveComponents } from '../../src/components.options.js';
import { PLATFORMS } from '../e2e/running-app.js';
import { RawSocket } from './raw-socket.js';
import { Siege } from './siege.js';

interface Plain {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** Not fetch: it says for itself what host it asks. */
const plainly = ({ port, method, path, headers, body }: Plain): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const asking = request({ port, host: '127.0.0.1', method, path, headers: { ...json, ...headers } }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asking.on('error', reject);
    asking.end(body);
  });

@Controller('page')
class Page {
  constructor(private readonly components: ComponentsService) {}

  @Get()
  @Header('content-type', 'text/html')
  page(@Req() asked: object, @Res({ passthrough: true }) response: object): Promise<string> {
    return this.components.render('target', {}, { request: asked, response });
  }
}

describe.each(PLATFORMS)('under the name of another site that leads here, on %s', (platform) => {
  const EVIL = 'rebound.example';
  let siege: Siege;
  let port: number;

  beforeAll(async () => {
    siege = await Siege.start({
      platform,
      controllers: [Page],
      options: { hosts: ['127.0.0.1', 'dash.corp.example:8443'] },
    });
    ({ port } = siege.running);
  });

  afterAll(() => siege.end());

  const statuses = async (host: string): Promise<object> => {
    const raw = await RawSocket.upgrade({ port, headers: { Host: host, Origin: `http://${host}` } });
    raw.end();
    const asked = async (method: string, path: string, body?: string): Promise<number> => {
      const headers = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
      return (await plainly({ port, method, path, body, headers })).status;
    };
    const name = 'target';
    const page = await plainly({ port, method: 'GET', path: '/page', headers: { host } });
    return {
      page: page.status === 200 && page.text.includes('live-state="') ? 'shown' : 'refused',
      socket: raw.status,
      mount: await asked('GET', `/components/${name}`),
      event: await asked('POST', `/components/${name}`, '{}'),
      pushes: await asked('GET', `/components/-/poll?sub=${name}:x&page=${'p'.repeat(20)}`),
    };
  };

  it('nothing is given: no socket, no event, no mount, no push, no component in a page', async () => {
    for (const host of [
      EVIL,
      `${EVIL}:${port}`,
      '127.0.0.1.evil.example',
      'dash.corp.example',
      'dash.corp.example:1',
    ]) {
      expect({ host, ...(await statuses(host)) }).toEqual({
        host,
        socket: 403,
        mount: 403,
        event: 403,
        pushes: 403,
        page: 'refused',
      });
    }
  });

  it('and under its own names all is as before', async () => {
    for (const host of [`127.0.0.1:${port}`, '127.0.0.1', 'DASH.corp.example:8443']) {
      expect({ host, ...(await statuses(host)) }).toEqual({
        host,
        socket: 101,
        mount: 200,
        event: 200,
        pushes: 200,
        page: 'shown',
      });
    }
  });
});

describe('the names of an application', () => {
  const started =
    (options: ComponentsOptions): (() => unknown) =>
    () =>
      resolveComponents(options);

  it('have to be said in production where the network decides who comes in', () => {
    const network = { access: 'network', production: true } as const;
    expect(started(network)).toThrow(/hosts: \['dash\.corp\.example'\].*OPTION_INVALID/s);
    expect(started({ ...network, hosts: ['dash.corp.example'] })).not.toThrow();
    expect(started({ ...network, production: false })).not.toThrow();
    expect(started({ production: true })).not.toThrow();
  });

  it.each(['https://shop.example', 'shop.example/', '*', '', '*.example', 'a b'])(
    'are names and no patterns: %j',
    (host) => {
      expect(started({ hosts: [host] })).toThrow(/hosts holds.*OPTION_INVALID/s);
    },
  );
});
