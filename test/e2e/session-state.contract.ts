import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Inject } from '@nestjs/common';
import {
  ComponentsService,
  Live,
  LiveComponent,
  LiveContext,
  LivePublisher,
  OnEvent,
  OnTopic,
  Payload,
  Session,
  SessionData,
  State,
  Url,
  type OkReply,
  type Reply,
} from 'nest-live';
import { SessionStore } from 'nest-live/extend';

import { HttpVisitor } from './http.visitor.js';
import type { RunningApp } from './running-app.js';
import type { SharedBackend } from './shared-backend.js';
import { Browser, startNode } from './signed-in.js';

@LiveComponent('basket', { template: '<p>{{#each lines}}{{this}},{{/each}}{{note}}|{{count}}</p>' })
class Basket {
  static hold: (() => Promise<void>) | undefined;

  @Session({ key: 'basket' }) lines: string[] = [];
  @Session() note = '';
  @State() count = 0;

  @Inject(SessionData) readonly sessions!: SessionData;

  @OnEvent()
  async add(@Payload('what') what: string): Promise<void> {
    this.lines = [...this.lines, what];
    this.count += 1;
    await Basket.hold?.();
  }

  @OnEvent()
  write(@Payload('note') note: string): void {
    this.note = note;
  }

  @OnEvent()
  fail(): void {
    this.lines = ['never'];
    throw new Error('no');
  }

  @OnEvent()
  async visit(@Live() live: LiveContext): Promise<void> {
    const session = await this.sessions.of(live);
    session.set('since', new Date(0));
    this.note = `${session.has('since')} ${session.get<Date>('since')?.toISOString()} ${session.has('nothing')}`;
  }

  @OnTopic('sale')
  sale(): void {
    this.count += 100;
    this.lines = ['the server’s'];
  }
}

@LiveComponent('badge', { template: '<b>{{basket.length}} in it</b>' })
class Badge {
  @Session() basket: string[] = [];
}

@LiveComponent('editor', { template: '<p>{{title}}|{{text}}|{{q}}</p>', persist: true })
class Editor {
  @State() title = '';
  @State() text = '';
  @Url() q = '';

  onMount({ title = '' }: { title?: string }): void {
    this.title = title;
    this.text = 'empty';
  }

  @OnEvent()
  type(@Payload('text') text: string): void {
    this.text = text;
    this.q = 'typed';
  }
}

const shown = (reply: Reply | { html?: string }): string => (reply as OkReply).html?.replace(/<[^>]*>/g, '') ?? '';

/** What a session keeps. A backend is a row. */
export const describeSessionState = (name: string, makeBackend: () => SharedBackend): void => {
  describe(`session fields over ${name}`, () => {
    let backend: SharedBackend;
    let node: RunningApp;
    let browser: Browser;
    let store: SessionStore;

    beforeEach(async () => {
      Basket.hold = undefined;
      backend = makeBackend();
      node = await startNode(backend, {
        extra: [Basket, Badge, Editor],
        options: { limits: { maxSessionBytes: 2_000 } },
      });
      browser = new Browser(node.url);
      store = node.app.get(SessionStore);
    });

    afterEach(async () => {
      browser.close();
      await node.close();
      await backend.end();
    });

    const mounted = async (component: string, visitor: HttpVisitor = browser.visitor): Promise<string> =>
      shown(await visitor.mount(component));

    describe.each(['an anonymous visitor', 'a login'])('of %s', (who) => {
      beforeEach(async () => {
        if (who === 'a login') await browser.signIn('ada');
        // Whoever is here for the first time gets the cookie.
        await browser.visitor.mount('badge');
      });

      it('outlive the page, are shared by components, and stand in no token', async () => {
        const { state } = await browser.visitor.mount('basket');
        const answer = await browser.visitor.ok('basket', { state, event: 'add', payload: { what: 'sencha' } });
        expect(shown(answer)).toBe('sencha,|1');
        expect(Buffer.from(answer.state.split('.')[1] ?? answer.state, 'base64url').toString()).not.toContain('sencha');
        expect(await mounted('basket')).toBe('sencha,|0');
        expect(await mounted('badge')).toBe('1 in it');
        expect(await mounted('basket', new HttpVisitor(node.url))).toBe('|0');
      });

      it('are read anew by each event, and merged by key', async () => {
        const [first, second] = [await browser.visitor.mount('basket'), await browser.visitor.mount('basket')];
        const tab = await browser.tab();
        await browser.visitor.ok('basket', { state: first.state, event: 'add', payload: { what: 'sencha' } });
        const answer = await browser.visitor.ok('basket', {
          state: second.state,
          event: 'add',
          payload: { what: 'oolong' },
        });
        expect(shown(answer)).toBe('sencha,oolong,|1');
        const open = await tab.open('basket');
        await tab.event(open.component_id, 'write', { payload: { note: 'gift' } });
        expect(await mounted('basket')).toBe('sencha,oolong,gift|0');
      });

      it('keep what another component writes under another key at the same time', async () => {
        let go = (): void => {};
        let begun = (): void => {};
        const started = new Promise<void>((resolve) => (begun = resolve));
        Basket.hold = () => (begun(), new Promise((resolve) => (go = resolve)));
        const [slow, quick] = [await browser.visitor.mount('basket'), await browser.visitor.mount('basket')];
        const late = browser.visitor.ok('basket', { state: slow.state, event: 'add', payload: { what: 'sencha' } });
        await started;
        await browser.visitor.ok('basket', { state: quick.state, event: 'write', payload: { note: 'gift' } });
        go();
        await late;
        expect(await mounted('basket')).toBe('sencha,gift|0');
      });

      it('keep nothing of an event that fails, and count a repeated one once', async () => {
        const tab = await browser.tab();
        const { component_id: id } = await tab.open('basket');
        expect(await tab.event(id, 'fail', { seq: 1 })).toMatchObject({ ok: false });
        const add = { seq: 2, payload: { what: 'sencha' } };
        await tab.event(id, 'add', add);
        expect(await tab.event(id, 'add', add)).toMatchObject({ ok: true, dup: true });
        expect(await mounted('basket')).toBe('sencha,|0');
      });

      it('can be emptied, which is not the same as a session that is not there', async () => {
        const tab = await browser.tab();
        const { component_id: id } = await tab.open('basket');
        await tab.event(id, 'write', { payload: { note: 'gift' } });
        await tab.event(id, 'write', { payload: { note: '' } });
        expect(await mounted('basket')).toBe('|0');
      });

      it('take more than fields, of any type the state knows', async () => {
        const { state } = await browser.visitor.mount('basket');
        const answer = await browser.visitor.ok('basket', { state, event: 'visit' });
        expect(shown(answer)).toBe('true 1970-01-01T00:00:00.000Z false|0');
      });

      it('are shown by the same caller’s other components when they change, and by nobody else’s', async () => {
        const [tab, other] = [await browser.tab(), await browser.tab()];
        const stranger = new Browser(node.url);
        await stranger.visitor.mount('badge');
        const strange = await stranger.tab();
        await strange.open('badge');
        await other.open('badge');
        const { component_id: id } = await tab.open('basket');
        await tab.event(id, 'add', { payload: { what: 'sencha' } });
        expect(shown(await other.pushed())).toBe('1 in it');
        expect([tab.updates, strange.updates]).toEqual([[], []]);
        stranger.close();
      });

      it('refuse what is too large with the name of the key, and throw nothing out', async () => {
        const { state } = await browser.visitor.mount('basket');
        const kept = await browser.visitor.ok('basket', { state, event: 'add', payload: { what: 'sencha' } });
        const big = { state: kept.state, event: 'write', payload: { note: 'x'.repeat(2_001) } };
        expect(await browser.visitor.refused('basket', big)).toMatchObject({
          status: 413,
          error: { code: 'STATE_TOO_LARGE' },
        });
        expect(await mounted('basket')).toBe('sencha,|0');
      });

      it('are each viewer’s own where one instance is shown to several, also after a message to all', async () => {
        const stranger = new Browser(node.url);
        await stranger.visitor.mount('badge');
        const { state } = await browser.visitor.mount('basket');
        await browser.visitor.ok('basket', { state, event: 'add', payload: { what: 'sencha' } });
        await node.app.get(ComponentsService).mount('basket', { id: 'shared' });
        const [own, strange] = [await browser.tab(), await stranger.tab()];
        const seen: Reply[] = [];
        for (const tab of [strange, own])
          seen.push(await tab.ok('subscribe', { component: 'basket', component_id: 'shared' }));
        expect(seen.map(shown)).toEqual(['|0', 'sencha,|0']);
        await node.app.get(LivePublisher).broadcast('sale');
        expect([shown(await strange.pushed()), shown(await own.pushed())]).toEqual(['|100', 'sencha,|100']);
        expect(await mounted('basket')).toBe('sencha,|0');
        stranger.close();
      });
    });

    it('end with the login, which nothing brings back', async () => {
      await browser.signIn('ada');
      const [{ id }] = await store.list('ada');
      let go = (): void => {};
      let begun = (): void => {};
      const started = new Promise<void>((resolve) => (begun = resolve));
      Basket.hold = () => (begun(), new Promise((resolve) => (go = resolve)));
      const { state } = await browser.visitor.mount('basket');
      const late = browser.visitor.post('basket', { state, event: 'add', payload: { what: 'sencha' } });
      await started;
      await store.delete(id);
      go();
      await late;
      expect(await store.get(id)).toBeNull();
    });

    it('are others after signing in, and the visitor’s own again after signing out', async () => {
      const { state } = await browser.visitor.mount('basket');
      await browser.visitor.ok('basket', { state, event: 'add', payload: { what: 'sencha' } });
      await browser.signIn('ada');
      expect(await mounted('basket')).toBe('|0');
      await browser.signOut();
      expect(await mounted('basket')).toBe('sencha,|0');
    });

    it('are found by no cookie that names their place', async () => {
      const { state } = await browser.visitor.mount('basket');
      await browser.visitor.ok('basket', { state, event: 'add', payload: { what: 'sencha' } });
      const own = /nest_live=([^;]+)/.exec(browser.visitor.cookie)?.[1] ?? '';
      const thief = new HttpVisitor(node.url, { cookie: `nest_live_session=${own}` });
      const { reply } = await thief.send('GET', '/components/vault');
      expect(reply).toMatchObject({ ok: false, error: { code: 'UNAUTHENTICATED' } });
    });

    describe('with persist: true', () => {
      const mountAt = async (page: string, query = ''): Promise<{ text: string; state: string }> => {
        const headers = { 'hx-current-url': `${node.url}${page}`, accept: 'application/json' };
        const { text } = await browser.visitor.send('POST', '/components/editor', {
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ url: `${page}${query}` }),
        });
        const reply = JSON.parse(text) as OkReply;
        return { text: shown(reply), state: reply.state ?? '' };
      };

      it('a component comes back with its whole state, on its own page only', async () => {
        const { state } = await mountAt('/notes');
        await browser.visitor.ok('editor', { state, event: 'type', payload: { text: 'hello' } });
        expect((await mountAt('/notes')).text).toBe('|hello|');
        expect((await mountAt('/notes', '?q=asked')).text).toBe('|hello|asked');
        expect((await mountAt('/other')).text).toBe('|empty|');
        expect(await mounted('editor', new HttpVisitor(node.url))).toBe('|empty|');
      });

      it('a component refuses more than a session may hold, and keeps what it had', async () => {
        const { state } = await mountAt('/notes');
        const kept = await browser.visitor.ok('editor', { state, event: 'type', payload: { text: 'hello' } });
        const big = { state: kept.state, event: 'type', payload: { text: 'x'.repeat(2_001) } };
        expect(await browser.visitor.refused('editor', big)).toMatchObject({
          status: 413,
          error: { code: 'STATE_TOO_LARGE' },
        });
        expect((await mountAt('/notes')).text).toBe('|hello|');
      });
    });
  });
};
