import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AccessControl, Sessions } from 'nest-live';
import { SessionStore } from 'nest-live/extend';

import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, type RunningApp } from './running-app.js';
import type { SharedBackend } from './shared-backend.js';
import { Browser, startNode } from './signed-in.js';
import { SocketVisitor } from './socket.visitor.js';

const NAME = 'nest_live_session';

/** What signing in does. A backend is a row. */
export const describeSessions = (name: string, makeBackend: () => SharedBackend): void => {
  describe.each(PLATFORMS)(`signing in on %s, over ${name}`, (platform) => {
    let backend: SharedBackend;
    let node: RunningApp;
    let browser: Browser;
    let store: SessionStore;

    beforeEach(async () => {
      backend = makeBackend();
      node = await startNode(backend, { platform, options: { trustProxy: true } });
      browser = new Browser(node.url);
      store = node.app.get(SessionStore);
    });

    afterEach(async () => {
      browser.close();
      await node.close();
      await backend.end();
    });

    const cookieOf = (headers: Headers): string =>
      headers.getSetCookie().find((line) => line.startsWith(`${NAME}=`)) ?? '';

    const mountedBy = async (headers: Record<string, string>, query = ''): Promise<string> => {
      const { reply } = await new HttpVisitor(node.url).send('GET', `/components/vault${query}`, { headers });
      return reply.ok ? 'ok' : reply.error.code;
    };

    it('gives a cookie that no script and no other site can use, and takes it away again', async () => {
      const line = cookieOf(await browser.post('/sign-in', { userId: 'ada' }));
      expect(line).toMatch(/^nest_live_session=[\w-]{22}\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
      expect(await mountedBy({ cookie: line.split(';')[0] })).toBe('ok');
      const cleared = cookieOf(await browser.post('/sign-out', {}));
      expect(cleared).toBe(`${NAME}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`);
      expect(await store.list('ada')).toEqual([]);
    });

    it('gives a cookie that is taken from this very host alone where TLS is used', async () => {
      const TLS = { 'x-forwarded-proto': 'https' };
      const visit = (path: string, cookie = ''): ReturnType<HttpVisitor['send']> =>
        new HttpVisitor(node.url).send('POST', path, {
          body: JSON.stringify({ userId: 'ada' }),
          headers: { 'content-type': 'application/json', ...TLS, cookie },
        });
      const [line] = (await visit('/sign-in')).headers.getSetCookie();
      expect(line).toMatch(/^__Host-nest_live_session=[\w-]{22}\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
      const own = line.split(';')[0];
      const bare = own.replace('__Host-', '');
      expect(await mountedBy({ ...TLS, cookie: own })).toBe('ok');
      // What a sibling of this host, or a page without TLS, can set: its own login in the place of this one, for example.
      expect(await mountedBy({ ...TLS, cookie: bare })).toBe('UNAUTHENTICATED');
      await browser.signIn('eve');
      expect(await mountedBy({ ...TLS, cookie: `${browser.visitor.cookie}; ${own}` })).toBe('ok');
      await visit('/sign-out', `${browser.visitor.cookie}; ${own}`);
      expect([await store.list('ada'), (await store.list('eve')).length]).toEqual([[], 1]);
    });

    it('makes a new id each time and ends the one before', async () => {
      const first = cookieOf(await browser.post('/sign-in', { userId: 'ada' })).split(';')[0];
      const second = cookieOf(await browser.post('/sign-in', { userId: 'ada' })).split(';')[0];
      expect(second).not.toBe(first);
      expect(await mountedBy({ cookie: first })).toBe('UNAUTHENTICATED');
      expect(await mountedBy({ cookie: second })).toBe('ok');
      expect(await store.list('ada')).toHaveLength(1);
    });

    it('believes no session id but that of its own signed cookie', async () => {
      await browser.signIn('ada');
      const [{ id }] = await store.list('ada');
      const anonymous = browser.visitor.cookie.split('; ').find((pair) => !pair.startsWith(NAME));
      const mac = /\.([\w-]+)/.exec(browser.visitor.cookie)?.[1];
      for (const cookie of [
        `${NAME}=${id}`,
        `${NAME}=${id}.${'A'.repeat(43)}`,
        `nest_live=${id}.${mac}`,
        `${NAME}=local`,
      ]) {
        expect({ cookie, code: await mountedBy({ cookie }) }).toEqual({ cookie, code: 'UNAUTHENTICATED' });
      }
      for (const query of [`?session=${id}`, `?${NAME}=${id}.${mac}`, '?session=local', '?token=' + id]) {
        const code = await mountedBy({}, query);
        expect({ query, code }).not.toMatchObject({ code: 'ok' });
      }
      expect(await mountedBy({ authorization: `Bearer ${id}`, 'x-session': id })).toBe('UNAUTHENTICATED');
      expect(anonymous).toBeUndefined();
      const socket = await SocketVisitor.connect(`${node.url}?session=${id}`, { auth: { session: id } });
      expect(await socket.refused('mount', { component: 'vault' })).toMatchObject({
        error: { code: 'UNAUTHENTICATED' },
      });
      socket.close();
    });

    it('keeps the tokens of one login from the next one of the same user', async () => {
      await browser.signIn('ada');
      const { state } = await browser.visitor.mount('vault');
      expect((await browser.visitor.ok('vault', { state, event: 'open' })).version).toBe(1);
      await browser.signIn('ada');
      expect((await browser.visitor.refused('vault', { state, event: 'open' })).error.code).toBe('STATE_INVALID');
    });

    it('lets the same people do the same things over HTTP, over a socket and where a controller asks', async () => {
      const access = node.app.get(AccessControl);
      const allowed: Record<string, unknown> = {};
      for (const role of ['admin', 'editor', 'viewer', 'stranger']) {
        const one = await new Browser(node.url).signIn(role, role);
        const tab = await one.tab();
        const mounted = await tab.ask('mount', { component: 'orders' });
        const [{ id }] = await store.list(role);
        const over = { http: false, socket: false, asked: await access.permits(id, 'orders:write') };
        if (mounted.ok) {
          const { component_id } = await tab.open('orders');
          over.socket = (await tab.event(component_id, 'write')).ok;
          const { state } = await one.visitor.mount('orders');
          over.http = (await one.visitor.post('orders', { state, event: 'write' })).reply.ok;
        }
        allowed[role] = { looks: mounted.ok, ...over };
        one.close();
      }
      const all = { http: true, socket: true, asked: true };
      const none = { http: false, socket: false, asked: false };
      expect(allowed).toEqual({
        admin: { looks: true, ...all },
        editor: { looks: true, ...all },
        viewer: { looks: true, ...none },
        stranger: { looks: false, ...none },
      });
    });

    it('begins a login in use anew before it ends', async () => {
      await browser.signIn('ada');
      const [{ id, expiresAt }] = await store.list('ada');
      await mountedBy({ cookie: browser.visitor.cookie });
      expect((await store.get(id))?.expiresAt).toBe(expiresAt);
      await store.refresh(id, 60_000);
      await mountedBy({ cookie: browser.visitor.cookie });
      expect((await store.get(id))?.expiresAt).toBeGreaterThanOrEqual(expiresAt);
    });

    it('tells a controller whose session it is', async () => {
      await browser.signIn('ada', 'editor');
      const sessions = node.app.get(Sessions);
      const request = { headers: { cookie: browser.visitor.cookie } };
      expect(await sessions.of(request)).toMatchObject({ userId: 'ada', roles: ['editor'] });
      expect(await sessions.of({ headers: {} })).toBeNull();
      expect(await sessions.list('ada')).toHaveLength(1);
    });
  });
};
