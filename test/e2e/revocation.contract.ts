import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { LivePublisher, Revocation, Sessions } from 'nest-live';
import { SessionStore, StateStore } from 'nest-live/extend';

import { ControlChannel } from './control.channel.js';
import type { RunningApp } from './running-app.js';
import type { SharedBackend } from './shared-backend.js';
import { Browser, startNode, Vault } from './signed-in.js';
import type { SocketVisitor } from './socket.visitor.js';
import { StreamVisitor } from './stream.visitor.js';

/** What the end of a login does on two nodes. A backend is a row. */
export const describeRevocation = (name: string, makeBackend: () => SharedBackend): void => {
  describe(`a login that ends, on two nodes over ${name}`, () => {
    let backend: SharedBackend;
    let nodes: RunningApp[];
    let browsers: Browser[];

    const start = async (options: object = {}): Promise<void> => {
      nodes = await Promise.all([startNode(backend, { options }), startNode(backend, { options })]);
    };

    const browser = async (userId: string, ...roles: string[]): Promise<Browser> => {
      const made = await new Browser(nodes[0].url).signIn(userId, ...roles);
      browsers.push(made);
      return made;
    };

    /** A tab on each node, each with a component of its own. */
    const tabs = (one: Browser, component = 'vault'): Promise<Opened[]> =>
      Promise.all(
        nodes.map(async ({ url }) => {
          const tab = await one.tab(url);
          return { tab, id: (await tab.open(component)).component_id };
        }),
      );

    interface Opened {
      readonly tab: SocketVisitor;
      readonly id: string;
    }

    beforeEach(() => {
      backend = makeBackend();
      nodes = [];
      browsers = [];
    });

    afterEach(async () => {
      browsers.forEach((one) => one.close());
      await Promise.all(nodes.map((node) => node.close()));
      await backend.end();
      jest.restoreAllMocks();
    });

    it('ends the sockets of its browser on every node, and theirs alone', async () => {
      await start();
      const ada = await browser('ada');
      const [here, there] = await tabs(ada);
      const others = [...(await tabs(await browser('ada'))), ...(await tabs(await browser('eve')))];
      expect(await here.tab.event(here.id, 'open', { seq: 1 })).toMatchObject({ ok: true, version: 1 });

      const ended = [here, there].map(({ tab }) => tab.closed());
      const before = performance.now();
      await ada.signOut();
      // The client must not come back by itself.
      expect(await Promise.all(ended)).toEqual(['io server disconnect', 'io server disconnect']);
      expect(performance.now() - before).toBeLessThan(2_000);
      for (const { tab, id } of [here, there]) {
        expect(tab.errors).toMatchObject([{ component_id: id, error: { code: 'SESSION_REVOKED', consumed: false } }]);
        expect(tab.socket.active).toBe(false);
      }
      await nodes[0].app.get(LivePublisher).push({ topic: 'tick' });
      await Promise.all(others.map(({ tab }) => tab.pushed()));
      expect([here.tab.updates, there.tab.updates]).toEqual([[], []]);
      for (const { tab, id } of others) {
        expect(await tab.event(id, 'open', { seq: 1 })).toMatchObject({ ok: true });
      }
    });

    it('is nobody’s any more, whoever still has its cookie', async () => {
      await start();
      const ada = await browser('ada');
      const { cookie } = ada.visitor;
      await ada.signOut();
      const { reply } = await ada.visitor.send('GET', '/components/vault', { headers: { cookie } });
      expect(reply).toMatchObject({ ok: false, error: { code: 'UNAUTHENTICATED' } });
    });

    it('ends everywhere when its user signs out everywhere', async () => {
      await start();
      const mine = [...(await tabs(await browser('ada'))), ...(await tabs(await browser('ada')))];
      const [eve] = await tabs(await browser('eve'));
      const ended = mine.map(({ tab }) => tab.closed());
      expect(await nodes[1].app.get(Sessions).endAll('ada')).toBe(2);
      expect(new Set(await Promise.all(ended))).toEqual(new Set(['io server disconnect']));
      expect(await eve.tab.event(eve.id, 'open', { seq: 1 })).toMatchObject({ ok: true });
    });

    it('answers what waits behind a running event, without running it', async () => {
      await start();
      const ada = await browser('ada');
      const tab = await ada.tab();
      const { component_id } = await tab.open('vault');
      const running = tab.event(component_id, 'hold', { seq: 1 }).catch(() => 'never answered');
      const waiting = tab.event(component_id, 'open', { seq: 2 });
      await new Promise((resolve) => tab.socket.emit('nothing', {}, resolve));
      await ada.signOut();
      expect(await waiting).toMatchObject({ ok: false, error: { code: 'SESSION_REVOKED', consumed: false } });
      Vault.release();
      expect(await running).toBe('never answered');

      const store = nodes[0].app.get(StateStore);
      let stored = await store.peek(component_id);
      while (stored?.version === 0) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        stored = await store.peek(component_id);
      }
      expect(stored).toMatchObject({ version: 1, snapshot: expect.stringContaining('10') });
    });

    it('ends the streams of its browser on every node, and theirs alone', async () => {
      await start();
      const ada = await browser('ada');
      const streams = await Promise.all(nodes.map(({ url }) => ada.stream('vault', url)));
      const other = await (await browser('ada')).stream('vault', nodes[1].url);

      const before = performance.now();
      await ada.signOut();
      await Promise.all(streams.map((stream) => stream.end()));
      expect(performance.now() - before).toBeLessThan(2_000);
      await nodes[0].app.get(LivePublisher).push({ topic: 'tick' });
      await other.got('component_update');
      for (const { events } of streams) {
        expect(events.map(({ event }) => event)).toEqual(['joined', 'error']);
        expect(events[1].data).toMatchObject({ ok: false, error: { code: 'SESSION_REVOKED', consumed: false } });
      }
    });

    it('ends the streams where the news is lost too, and lets nobody stream or poll after it', async () => {
      await start({ sessions: { recheckMs: 100 } });
      new ControlChannel(nodes).lose();
      const ada = await browser('ada');
      const { cookie } = ada.visitor;
      const there = await ada.stream('vault', nodes[1].url);
      const eve = await (await browser('eve')).stream('vault', nodes[1].url);
      await ada.signOut();
      await there.end();
      expect(there.events.at(-1)).toMatchObject({ event: 'error', data: { error: { code: 'SESSION_REVOKED' } } });
      const again = await StreamVisitor.open({ url: there.url, cookie });
      expect(await again.json()).toMatchObject({ ok: false, error: { code: 'STATE_INVALID' } });
      const poll = await StreamVisitor.open({ url: there.url.replace('pushes', 'poll'), cookie });
      expect(await poll.json()).toMatchObject({ replies: [{ ok: false, error: { code: 'STATE_INVALID' } }] });
      await nodes[0].app.get(LivePublisher).push({ topic: 'tick' });
      await eve.got('component_update');
    });

    it('is noticed by the next event where the news is lost', async () => {
      await start();
      new ControlChannel(nodes).lose();
      const ada = await browser('ada');
      const [here, there] = await tabs(ada);
      await ada.signOut();
      const ended = there.tab.closed();
      expect(await there.tab.event(there.id, 'open', { seq: 1 })).toMatchObject({
        error: { code: 'SESSION_REVOKED', consumed: false },
      });
      expect(await ended).toBe('io server disconnect');
      expect(here.tab.socket.active).toBe(false);
    });

    it('is noticed without any event where the news is lost', async () => {
      await start({ sessions: { recheckMs: 100 } });
      new ControlChannel(nodes).lose();
      const ada = await browser('ada');
      const [, there] = await tabs(ada);
      const [eve] = await tabs(await browser('eve'));
      const ended = there.tab.closed();
      await ada.signOut();
      expect(await ended).toBe('io server disconnect');
      expect(there.tab.errors).toMatchObject([{ error: { code: 'SESSION_REVOKED' } }]);
      expect(await eve.tab.event(eve.id, 'open', { seq: 1 })).toMatchObject({ ok: true });
    });

    it('is noticed when its time is over', async () => {
      await start({ sessions: { recheckMs: 100, ttlMs: 1_000 } });
      const [here] = await tabs(await browser('ada'));
      expect(await here.tab.closed()).toBe('io server disconnect');
    });

    it('ends nobody while the store does not answer', async () => {
      await start();
      const [here] = await tabs(await browser('ada'));
      const broken = jest.spyOn(nodes[0].app.get(SessionStore), 'validate').mockRejectedValue(new Error('no answer'));
      await nodes[0].app.get(Revocation).recheck();
      expect(await here.tab.event(here.id, 'open', { seq: 1 })).toMatchObject({
        error: { code: 'STORE_UNAVAILABLE', retryable: true, consumed: false },
      });
      broken.mockRestore();
      expect(await here.tab.event(here.id, 'open', { seq: 1 })).toMatchObject({ ok: true, version: 1 });
    });

    it('cannot be made up by somebody who writes on the bus', async () => {
      const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
      await start();
      const [here, there] = await tabs(await browser('ada'));
      const order = (at: number): string => JSON.stringify({ revoke: { userId: 'ada' }, at, nonce: 'n' });
      const mac = Buffer.alloc(32).toString('base64url');
      const forged: unknown[] = [null, 7, 'logout', [], {}, { kid: 'dev', text: order(Date.now()), mac }];
      forged.push({ kid: 'dev', text: order(Date.now()) }, { kid: 'other', text: order(Date.now()), mac });
      forged.push({ kid: 'dev', text: 'x'.repeat(1_000_000), mac }, { revoke: { userId: 'ada' } });
      const control = new ControlChannel(nodes);
      await control.listen();
      await control.say(...forged);
      await control.reaches(forged.length);
      for (const { tab, id } of [here, there]) {
        expect(await tab.event(id, 'open', { seq: 1 })).toMatchObject({ ok: true });
      }
      const lines = warned.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('control messages'));
      // One on each node, in the log and in the audit.
      expect(lines.filter((line) => !line.startsWith('forged-message'))).toHaveLength(2);
      warned.mockRestore();
    });

    it('cannot be repeated by somebody who listened on the bus', async () => {
      await start();
      const ada = await browser('ada');
      await tabs(ada);
      const control = new ControlChannel(nodes);
      await control.listen();
      await ada.signOut();
      await control.reaches(1);

      const again = await browser('ada');
      const [here, there] = await tabs(again);
      const ended = [here, there].map(({ tab }) => tab.closed());
      await nodes[0].app.get(Revocation).revoke({ userId: 'ada' });
      await Promise.all(ended);
      const [back] = await tabs(again);
      await control.say(control.heard[0]);
      await control.reaches(3);
      expect(await back.tab.event(back.id, 'open', { seq: 1 })).toMatchObject({ ok: true });
    });

    it('leaves the socket of somebody who only lost a right, and stops what the right was for', async () => {
      await start({ sessions: { recheckMs: 100 } });
      const ada = await browser('ada', 'editor');
      const [here, there] = await tabs(ada, 'orders');
      expect(await here.tab.event(here.id, 'write', { seq: 1 })).toMatchObject({ ok: true, version: 1 });
      const store = nodes[0].app.get(SessionStore);
      const [session] = await store.list('ada');

      await store.update(session.id, { roles: ['viewer'] });
      expect(await here.tab.event(here.id, 'write', { seq: 2 })).toMatchObject({ error: { code: 'FORBIDDEN' } });
      await nodes[0].app.get(LivePublisher).push({ topic: 'orders' });
      await there.tab.pushed();

      await store.update(session.id, { roles: [] });
      await new Promise((resolve) => setTimeout(resolve, 300));
      const seen = there.tab.updates.length;
      await nodes[0].app.get(LivePublisher).push({ topic: 'orders' });
      expect(await there.tab.refusedPush()).toMatchObject({ component_id: there.id, error: { code: 'FORBIDDEN' } });
      expect(there.tab.updates).toHaveLength(seen);
      expect(there.tab.socket.connected).toBe(true);
    });

    it('ends what is open when a role is taken away, and not when one is added', async () => {
      await start();
      const ada = await browser('ada', 'viewer');
      const [here, there] = await tabs(ada, 'orders');
      const sessions = nodes[1].app.get(Sessions);
      expect(await there.tab.event(there.id, 'write', { seq: 1 })).toMatchObject({ error: { code: 'FORBIDDEN' } });
      await sessions.changeRoles('ada', ['viewer', 'editor']);
      expect(await there.tab.event(there.id, 'write', { seq: 2 })).toMatchObject({ ok: true });

      const ended = [here, there].map(({ tab }) => tab.closed());
      await sessions.changeRoles('ada', ['viewer']);
      expect(await Promise.all(ended)).toEqual(['io server disconnect', 'io server disconnect']);
      const [back] = await tabs(ada, 'orders');
      expect(await back.tab.event(back.id, 'write', { seq: 1 })).toMatchObject({ error: { code: 'FORBIDDEN' } });
    });
  });
};
