import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PlainSite } from '../e2e/plain-forms.js';
import { PlainBrowser } from '../e2e/plain.browser.js';
import { PLATFORMS } from '../e2e/running-app.js';

const TLS = { 'x-forwarded-proto': 'https' };

describe.each(PLATFORMS)('the cookies of a caller, on %s', (platform) => {
  let site: PlainSite;

  beforeAll(async () => {
    site = await PlainSite.open(platform, { trustProxy: true });
  });

  afterAll(() => site.close());

  /** Asks for a mount, under these cookies. @returns its token, and the cookie it was given */
  const mount = async (headers: Record<string, string>): Promise<{ state: string; line: string }> => {
    const response = await fetch(`${site.url}/components/kettle`, {
      headers: { accept: 'application/json', ...headers },
    });
    const { state } = (await response.json()) as { state: string };
    return { state, line: response.headers.get('set-cookie') ?? '' };
  };

  const statusOf = async (state: string, headers: Record<string, string>): Promise<number> => {
    const response = await fetch(`${site.url}/components/kettle`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', ...headers },
      body: JSON.stringify({ state, event: 'boil' }),
    });
    await response.text();
    return response.status;
  };

  const valueOf = (line: string): string => /=([^;]*)/.exec(line)?.[1] ?? '';

  it('are taken from this very host alone where TLS is', async () => {
    const { state, line } = await mount(TLS);
    expect(line).toMatch(/^__Host-nest_live=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
    const value = valueOf(line);
    expect(await statusOf(state, { ...TLS, cookie: `__Host-nest_live=${value}` })).toBe(200);
    // What a sibling of this host, or a page without TLS, can set.
    expect(await statusOf(state, { ...TLS, cookie: `nest_live=${value}` })).toBe(400);
    const tossed = valueOf((await mount({})).line);
    const cookie = `nest_live=${tossed}; __Host-nest_live=${value}; nest_live=${tossed}`;
    const own = await mount({ ...TLS, cookie });
    expect(await statusOf(own.state, { ...TLS, cookie: `__Host-nest_live=${value}` })).toBe(200);
  });

  it('keep their name where TLS is not', async () => {
    const { line } = await mount({});
    expect(line).toMatch(/^nest_live=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  it('are those that verify, where a name comes twice', async () => {
    const { state, line } = await mount({});
    const value = valueOf(line);
    const forged = [`${value.slice(0, -4)}AAAA`, 'nonsense', '', 'a.b', value.split('').reverse().join('')];
    for (const other of forged) {
      for (const cookie of [`nest_live=${other}; nest_live=${value}`, `nest_live=${value}; nest_live=${other}`]) {
        const again = await statusOf((await mount({ cookie })).state, { cookie: `nest_live=${value}` });
        expect({ other, again }).toEqual({ other, again: 200 });
      }
    }
    expect(await statusOf(state, { cookie: `nest_live=nonsense; nest_live=${value}` })).toBe(200);
  });

  it('by which a form finds its next page are of the same kind', async () => {
    const browser = new PlainBrowser(site.url);
    browser.headers = { ...TLS };
    await browser.goto('/books');
    await browser.submit(0, { text: 'Hello', stars: '3' });
    expect(browser.outputs).toEqual(['1', '0', '0']);
    expect([...browser.cookies.keys()]).toEqual(['__Host-nest_live']);
    const [form] = browser.forms();
    await browser.send('POST', form.action, browser.bodyOf(form, { text: 'Hello', stars: '3' }));
    expect([...browser.cookies.keys()]).toEqual(['__Host-nest_live', '__Host-nest_live_form']);
    const left = browser.cookies.get('__Host-nest_live_form') ?? '';
    browser.cookies.set('__Host-nest_live_form', `nonsense; __Host-nest_live_form=${left}`);
    await browser.goto('/books');
    expect(browser.outputs).toEqual(['2', '0', '0']);
  });

  it('are one per visitor still', async () => {
    const visitor = new HttpVisitor(site.url, TLS);
    const { state } = await visitor.mount('kettle');
    expect((await visitor.ok('kettle', { state, event: 'boil' })).version).toBe(1);
  });
});
