import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { PlainSite, seen } from './plain-forms.js';
import { PlainBrowser } from './plain.browser.js';
import { PLATFORMS } from './running-app.js';

const TYPED = { text: 'Hello <b>', stars: '3', isPublic: 'on' };

describe.each(PLATFORMS)('where a form without scripts leads on %s', (platform) => {
  let site: PlainSite;
  let browser: PlainBrowser;

  beforeAll(async () => {
    site = await PlainSite.open(platform);
  });

  beforeEach(() => {
    browser = new PlainBrowser(site.url);
    seen.length = 0;
  });

  afterAll(() => site.close());

  describe('that leads elsewhere', () => {
    it('goes where its handler says', async () => {
      await browser.goto('/others');
      const { location } = await browser.submit(0, { to: '/books?from=leaver' });
      expect(location).toBe('/books?from=leaver');
      expect(browser.cookies.has('nest_live_form')).toBe(false);
    });

    it('goes there in whatever script its address is written', async () => {
      const [to, escaped] = [
        '/kurse/日本?q=zoë&p=%2F#\ud83d\ude00',
        '/kurse/%E6%97%A5%E6%9C%AC?q=zo%C3%AB&p=%2F#%F0%9F%98%80',
      ];
      await browser.goto('/others');
      const { status, location } = await browser.submit(0, { to });
      expect({ status, location }).toEqual({ status: 303, location: escaped });

      await browser.goto('/others');
      const [form] = browser.forms();
      browser.headers = { referer: '' };
      const back = await browser.send('POST', form.action, browser.bodyOf(form, { to: 'nowhere', $at: '/zoë' }));
      expect(back.location).toBe('/zo%C3%AB');
    });

    it('says so to htmx, too', async () => {
      await browser.goto('/others');
      const [form] = browser.forms();
      const state = form.fields.find(({ name }) => name === '$state')?.value ?? '';
      browser.headers = { 'sec-fetch-mode': 'cors', 'hx-request': 'true', accept: '*/*' };
      const own = { to: '/zoë/日本', event: 'go', state };
      const { status, redirect } = await browser.send('POST', form.action, new URLSearchParams(own));
      expect({ status, redirect }).toEqual({ status: 200, redirect: '/zo%C3%AB/%E6%97%A5%E6%9C%AC' });
    });

    it('never leaves the site', async () => {
      for (const to of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
        await browser.goto('/others');
        const { location } = await browser.submit(0, { to });
        expect({ to, location }).toEqual({ to, location: '/others' });
        expect(browser.notices).toEqual(['HANDLER_ERROR']);
      }
      const [form] = browser.forms();
      for (const referer of ['https://evil.example/x', 'nonsense', '', `${browser.url}//evil.example`]) {
        for (const at of ['https://evil.example/', '//evil.example', '/\\evil.example', '/components/leaver']) {
          browser.headers = { referer };
          const body = browser.bodyOf(form, { to: 'nowhere', $at: at });
          const { location } = await browser.send('POST', form.action, body);
          expect({ referer, at, location }).toEqual({ referer, at, location: '/' });
        }
      }
    });

    it('takes the state that stands in its address along', async () => {
      await browser.goto('/others?page=2');
      const { location } = await browser.submit(1, { q: 'tea & cake' });
      expect(location).toBe('/others?page=2&q=tea+%26+cake');
      expect(browser.html).toContain('<p>tea &amp; cake 1</p>');
      await browser.goto('/others?q=reload');
      expect(browser.html).toContain('<p>reload 0</p>');
    });
  });

  describe('of somebody else', () => {
    const evil = (headers: Record<string, string>) => async (): Promise<void> => {
      await browser.goto('/books');
      const [form] = browser.forms();
      browser.headers = headers;
      const { status, text, location } = await browser.send('POST', form.action, browser.bodyOf(form, TYPED));
      expect({ status, location }).toEqual({ status: 403, location: null });
      expect(text).toMatch(/^<!doctype html>.*data-code="ORIGIN_REJECTED"/s);
      expect(browser.cookies.has('nest_live_form')).toBe(false);
      expect(seen).toEqual([]);
    };

    it('is refused from another site', evil({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }));
    it('is refused from a page without an origin', evil({ 'sec-fetch-site': 'cross-site', origin: 'null' }));
    it('is refused from a sibling domain', evil({ 'sec-fetch-site': 'same-site', origin: 'https://x.example' }));

    it('cannot be shown by a cookie that was forged, or is another caller’s', async () => {
      await browser.goto('/books');
      const [form] = browser.forms();
      await browser.send('POST', form.action, browser.bodyOf(form, TYPED));
      const stolen = browser.cookies.get('nest_live_form') ?? '';
      const thief = new PlainBrowser(site.url);
      await thief.goto('/books');
      thief.cookies.set('nest_live_form', `${stolen.slice(0, -2)}AA`);
      await thief.goto('/books');
      expect(thief.outputs).toEqual(['0', '0', '0']);
      thief.cookies.set('nest_live_form', stolen);
      await thief.goto('/books');
      expect(thief.outputs).toEqual(['0', '0', '0']);
      expect(thief.html).not.toContain('Hello');
    });

    it('leaves nothing behind where its token is nobody’s', async () => {
      await browser.goto('/books');
      const [form] = browser.forms();
      const forged = (text: string): URLSearchParams => browser.bodyOf(form, { ...TYPED, text, $state: 'lc1.a.b.c' });
      await browser.follow(await browser.send('POST', form.action, forged('one')));
      await browser.follow(await browser.send('POST', form.action, forged('two')));
      // Not STATE_STALE: nobody knows what the first one said.
      expect(browser.notices).toEqual(['STATE_INVALID']);

      const creations = jest.spyOn(site.store, 'create');
      for (const life of ['a', 'b', 'c']) {
        const body = forged('one');
        body.set('$page', life.repeat(22));
        browser.cookies.clear();
        const { status } = await browser.send('POST', form.action, body);
        expect(status).toBe(400);
      }
      expect(creations).not.toHaveBeenCalled();
      creations.mockRestore();
    });

    it('cannot be shown twice, even where its cookie is kept', async () => {
      await browser.goto('/books');
      const [form] = browser.forms();
      await browser.send('POST', form.action, browser.bodyOf(form, TYPED));
      const kept = browser.cookies.get('nest_live_form') ?? '';
      await browser.goto('/books');
      expect(browser.outputs).toEqual(['1', '0', '0']);
      browser.cookies.set('nest_live_form', kept);
      await browser.goto('/books');
      expect(browser.outputs).toEqual(['0', '0', '0']);
    });

    it('cannot be shown by the value of another cookie of ours', async () => {
      await browser.goto('/books');
      browser.cookies.set('nest_live_form', browser.cookies.get('nest_live') ?? '');
      await browser.goto('/books');
      expect(browser.outputs).toEqual(['0', '0', '0']);
    });
  });
});
