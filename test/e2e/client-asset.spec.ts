import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { LiveComponent } from 'nest-live';
import { Feature, type ClientNeeds, type LiveFeature } from 'nest-live/extend';

import { openSite, type Site } from '../browser/site.js';
import { Counter } from './counter.component.js';

@LiveComponent('patient', { template: '<p><button live-click="ask">Ask <i live-retry></i></button></p>' })
class Patient {}

@Feature()
class PatientFeature implements LiveFeature {
  client(): ClientNeeds {
    return { attributes: { 'live-patience': '3 "s"' }, modules: ['retry'] };
  }
}

describe('the modules of the client', () => {
  it.each(['optimistic', 'queue', 'retry'])('%s can be imported where there is no page', async (name) => {
    await expect(import(`nest-live/client/${name}`)).resolves.toBeDefined();
  });
});

describe.each(['express', 'fastify'] as const)('the browser client on %s', (platform) => {
  let site: Site;

  beforeAll(async () => {
    site = await openSite({ platform, providers: [Counter] });
  });

  afterAll(() => site.close());

  const addressInPage = async (): Promise<string> => {
    const page = await (await fetch(`${site.url}/page`)).text();
    return /<script src="(\/components\/-\/client\.[0-9a-f]{16}\.js)" defer><\/script>/.exec(page)?.[1] ?? 'none';
  };

  it('is served under the name in the page, to be kept for ever', async () => {
    const response = await fetch(site.url + (await addressInPage()));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/javascript/);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await response.text()).length).toBeGreaterThan(5_000);
  });

  it('is served to a page from before a deploy, but not to be kept', async () => {
    const response = await fetch(`${site.url}/components/-/client.0123456789abcdef.js`);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-cache');
  });

  it('has what must see the page being read in front of all, and nothing else that the page waits for', async () => {
    const page = await (await fetch(`${site.url}/page`)).text();
    const tags = Array.from(page.matchAll(/<script src="[^"]*client\.([a-z]*)[^"]*"( defer)?>/g), ([, name, defer]) => [
      name,
      defer,
    ]);
    expect(tags[0]).toEqual(['early', undefined]);
    expect(new Set(tags.slice(1).map(([, defer]) => defer))).toEqual(new Set([' defer']));
  });

  it('comes without the modules whose attributes no template names', async () => {
    const page = await (await fetch(`${site.url}/page`)).text();
    const loaded = Array.from(page.matchAll(/client\.([a-z]+)\.[0-9a-f]{16}\.js/g), ([, name]) => name);
    for (const name of ['dialogs', 'foreign', 'optimistic', 'queue', 'retry', 'streaming', 'uploads', 'url'])
      expect(loaded).not.toContain(name);
    expect(loaded).toContain('activation');
    expect(page).not.toContain('live-retry');
  });

  it('comes with the modules that templates name or the options ask for, each kept for ever', async () => {
    const ways = [
      { providers: [Counter, Patient] },
      { providers: [Counter], options: { clientModules: ['retry'] } },
      { providers: [Counter, PatientFeature] },
    ];
    for (const way of ways) await loadsRetry(await openSite({ platform, ...way }));
  });

  const loadsRetry = async (other: Site): Promise<void> => {
    const page = await (await fetch(`${other.url}/page`)).text();
    const addresses = Array.from(page.matchAll(/<script src="([^"]+)" defer><\/script>/g), ([, address]) => address);
    const retry = addresses.filter((address) => /^\/components\/-\/client\.retry\.[0-9a-f]{16}\.js$/.test(address));
    expect(retry).toHaveLength(1);
    // Modules listen before the core begins.
    expect(addresses.at(-1)).toMatch(/^\/components\/-\/client\.[0-9a-f]{16}\.js$/);
    for (const address of addresses) {
      const response = await fetch(other.url + address);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^text\/javascript/);
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    }
    const older = await fetch(`${other.url}/components/-/client.retry.0123456789abcdef.js`);
    expect([older.status, older.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    await other.close();
  };

  it('finds on the root of each render what a feature says', async () => {
    const other = await openSite({ platform, providers: [Counter, PatientFeature] });
    const page = await (await fetch(`${other.url}/page`)).text();
    expect(page).toContain('live-component="counter" live-patience="3 &quot;s&quot;"');
    await other.close();
  });

  it('has no other files beside it', async () => {
    const outside = ['package.json', 'modules.json', '..%2f..%2fpackage.json'];
    const alike = ['client.js', 'client.0123456789abcdef.js.map', 'client.none.0123456789abcdef.js', 'client.retry.js'];
    for (const file of [...outside, ...alike]) {
      const response = await fetch(`${site.url}/components/-/${file}`);
      expect(response.status).toBe(404);
    }
  });
});
