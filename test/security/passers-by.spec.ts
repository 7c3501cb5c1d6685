import { afterEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, Session, type ComponentsOptions } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';

@LiveComponent('last-seen', { template: '<p>{{item}}</p>', publicProps: ['item'] })
class LastSeen {
  @Session() item = 'nothing';

  onMount({ item }: { item?: string }): void {
    if (item !== undefined) this.item = item;
  }
}

describe.each(PLATFORMS)('who passes by on %s', (platform) => {
  let running: RunningApp;
  const start = async (options: ComponentsOptions = {}): Promise<void> => {
    running = await RunningApp.start({ platform, providers: [LastSeen], options });
  };
  afterEach(() => running.close());

  const get = (path: string, headers: Record<string, string>): Promise<Response> =>
    fetch(`${running.url}/components/${path}`, { headers: { accept: 'application/json', ...headers } });

  it('with a page of another site changes no session, and one with ours does', async () => {
    await start({ origins: ['https://friend.example'] });
    const ann = new HttpVisitor(running.url);
    await ann.mount('last-seen', 'item=tea');
    const { cookie } = ann;
    const seen = async (): Promise<string> => (await ann.mount('last-seen')).html ?? '';
    expect(await seen()).toContain('tea');
    for (const headers of <Record<string, string>[]>[
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      { origin: 'null' },
    ]) {
      const answer = await get('last-seen?item=evil', { cookie, ...headers });
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('evil')]);
      expect(await seen()).toContain('tea');
    }
    const friend = { 'sec-fetch-site': 'cross-site', origin: 'https://friend.example' };
    expect((await get('last-seen?item=milk', { cookie, ...friend })).status).toBe(200);
    expect(await seen()).toContain('milk');
    expect((await get('last-seen?item=salt', { cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect(await seen()).toContain('salt');
  });

  it('without a cookie is one caller for its network, and nobody to the next network', async () => {
    await start({ trustProxy: true, limits: { eventsPerSecondPerCaller: 1, eventBurstPerCaller: 5 } });
    const from = async (address: string): Promise<number> =>
      (await get('last-seen', { 'x-forwarded-for': address })).status;
    const codes = [];
    for (let n = 0; n < 8; n += 1) codes.push(await from('203.0.113.9'));
    expect(codes.slice(0, 5)).toEqual([200, 200, 200, 200, 200]);
    expect(codes.slice(5)).toContain(429);
    expect(await from('198.51.100.7')).toBe(200);
    const known = new HttpVisitor(running.url, { 'x-forwarded-for': '198.51.100.8' });
    await known.mount('last-seen');
    for (let n = 0; n < 3; n += 1) await from('198.51.100.8');
    expect((await known.mount('last-seen')).html).toContain('nothing');
  });
});
