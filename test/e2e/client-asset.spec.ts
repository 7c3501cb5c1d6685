import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openSite, type Site } from '../browser/site.js';
import { Counter } from './counter.component.js';

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

  it('is the only file there', async () => {
    for (const file of ['package.json', 'client.js', '..%2f..%2fpackage.json', 'client.0123456789abcdef.js.map']) {
      const response = await fetch(`${site.url}/components/-/${file}`);
      expect(response.status).toBe(404);
    }
  });
});
