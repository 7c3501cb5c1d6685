import { afterEach, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { LiveComponent, OnEvent, State, type ComponentsOptions } from 'nest-live';

import { HttpVisitor } from './http.visitor.js';
import { PlainBrowser } from './plain.browser.js';
import { PLATFORMS, RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

@LiveComponent('tower', { template: '<form live-submit="rise"><output>{{count}}</output><button>Rise</button></form>' })
class Tower {
  @State() count = 0;

  @OnEvent()
  rise(): void {
    this.count += 1;
  }
}

const ADMIN = 'https://admin.example';
const headers = { origin: ADMIN, 'sec-fetch-site': 'cross-site' };

let running: RunningApp | undefined;

afterEach(() => running?.close());

describe.each(PLATFORMS)('beside enableCsrfProtection on %s', (platform) => {
  const start = async (options: ComponentsOptions, trustedOrigins: string[]): Promise<string> => {
    const configure = (app: INestApplication): unknown => app.enableCsrfProtection({ trustedOrigins });
    running = await RunningApp.start({ platform, providers: [Tower], options, configure });
    return running.url;
  };

  it('a site that stands in both lists may use the application: clicks, sockets and forms', async () => {
    const url = await start({ origins: [ADMIN] }, [ADMIN]);
    const visitor = new HttpVisitor(url);
    const { state } = await visitor.mount('tower');
    expect((await visitor.post('tower', { state, event: 'rise', seq: 1 }, headers)).status).toBe(200);
    const socket = await SocketVisitor.connect(url, { headers: { origin: ADMIN, cookie: 'a=b' } });
    expect((await socket.open('tower')).ok).toBe(true);
    socket.close();
    // Its page is a page to lead back to; another site's is not.
    for (const [referer, location] of [
      [`${ADMIN}/towers?q=1`, '/towers?q=1'],
      ['https://evil.example/towers', '/'],
    ]) {
      const browser = new PlainBrowser(url);
      const { state: $state } = await visitor.mount('tower');
      browser.headers = { ...headers, referer, cookie: visitor.cookie };
      const body = new URLSearchParams({ $event: 'rise', $state });
      const answer = await browser.send('POST', '/components/tower', body);
      expect([referer, answer.status, answer.location]).toEqual([referer, 303, location]);
    }
  });

  it('one that stands in only one of them is refused by the other', async () => {
    const event = async (url: string): Promise<number> => {
      const visitor = new HttpVisitor(url);
      const { state } = await visitor.mount('tower');
      const { status, text } = await visitor.post('tower', { state, event: 'rise', seq: 1 }, headers);
      expect(text).not.toContain('>1<');
      return status;
    };
    expect(await event(await start({ origins: [ADMIN] }, []))).toBe(403);
    await running?.close();
    expect(await event(await start({}, [ADMIN]))).toBe(403);
  });

  it('X-Forwarded-Host names no own page where no proxy is trusted', async () => {
    const url = await start({ origins: [ADMIN] }, [ADMIN]);
    const visitor = new HttpVisitor(url);
    const browser = new PlainBrowser(url);
    const { state: $state } = await visitor.mount('tower');
    const claim = { referer: 'https://evil.example/towers', 'x-forwarded-host': 'evil.example' };
    browser.headers = { ...headers, ...claim, cookie: visitor.cookie };
    const body = new URLSearchParams({ $event: 'rise', $state });
    expect(await browser.send('POST', '/components/tower', body)).toMatchObject({ status: 303, location: '/' });
  });
});
