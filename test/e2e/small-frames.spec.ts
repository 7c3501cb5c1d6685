import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LivePublisher, type ComponentsOptions, type OkReply } from 'nest-live';

import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';
import { Tally } from './tally.component.js';

/** By how much clocks may differ. */
const SKEW_MS = 60_000;
const STATE_MS = 240_000;

describe.each(PLATFORMS)('small frames on %s', (platform) => {
  let app: RunningApp;
  let http: HttpVisitor;

  const start = (tokens: ComponentsOptions['tokens'] = {}): Promise<RunningApp> =>
    RunningApp.start({ platform, options: { tokens }, providers: [Tally] });

  beforeAll(async () => {
    app = await start();
  });

  beforeEach(() => {
    http = new HttpVisitor(app.url);
  });

  afterAll(() => app.close());

  const dial = (auth: object = { patches: true }): Promise<SocketVisitor> =>
    SocketVisitor.connect(http.url, { auth, headers: { cookie: http.cookie } });

  /** A page as our client is: it keeps the token of its own HTML. */
  const openPage = async (auth?: object) => {
    const { component_id, state } = await http.mount('tally');
    const socket = await dial(auth);
    const join = { component: 'tally', component_id, state, page: http.page, keeps: '' };
    return { socket, join, joined: await socket.ok('join', join), component_id };
  };

  const positionOf = ({ epoch, version }: OkReply) => ({ e: epoch, v: version });

  describe('a push', () => {
    const heard = (socket: SocketVisitor): Promise<readonly unknown[]> =>
      new Promise((resolve) => socket.socket.onAny((...said: unknown[]) => resolve(said)));
    const say = (topic: string, what: unknown) => app.app.get(LivePublisher).broadcast(topic, what);

    it('of what has changed is the handle, two numbers and the patch', async () => {
      const { socket, joined } = await openPage();
      const push = heard(socket);
      await say('more', 2);
      expect(await push).toEqual([joined.h, 1, 2, [2, [1, '2']]]);
      socket.close();
    });

    it('has what the patch has beside it, to a client that says so', async () => {
      const { socket, joined } = await openPage({ patches: 2 });
      const push = heard(socket);
      await say('more', 2);
      expect(await push).toEqual([joined.h, 1, 2, 2, [1, '2']]);
      socket.close();
    });

    it('to a client that takes no patches says all of it by name', async () => {
      const { socket, component_id } = await openPage({});
      const push = heard(socket);
      await say('more', 2);
      expect(await push).toEqual([
        'component_update',
        expect.objectContaining({ component_id, version: 1, render: 2 }),
      ]);
      socket.close();
    });
  });

  describe('the ack of an event', () => {
    const acked = ({ socket }: SocketVisitor, ...message: readonly [h: number, ...unknown[]]) =>
      new Promise<readonly unknown[]>((resolve) =>
        socket.emit(message[0] as unknown as string, ...message.slice(1), (...said: unknown[]) => resolve(said)),
      );

    it.each([
      [true, [[1, 2, [2, [1, '1']]]]],
      [2, [1, 2, 2, [1, '1']]],
      [3, [2, 2, [1, '1']]],
    ])('to a client that says patches: %s is %j', async (patches, said) => {
      const { socket, joined } = await openPage({ patches });
      expect(await acked(socket, joined.h ?? 0, 1, 'add')).toEqual(said);
      // What has more to say is one object to either.
      expect(await acked(socket, joined.h ?? 0, 1, 'add')).toEqual([expect.objectContaining({ ok: true, dup: true })]);
      socket.close();
    });

    it('is the whole answer to a client that takes no patches', async () => {
      const { socket, joined } = await openPage({});
      expect(await acked(socket, joined.h ?? 0, 1, 'add')).toEqual([expect.objectContaining({ version: 1 })]);
      socket.close();
    });
  });

  describe('the join of a page', () => {
    it('brings no token where the page keeps its own, and is small', async () => {
      const { socket, joined } = await openPage();
      expect(joined).not.toHaveProperty('state');
      expect(joined).not.toHaveProperty('html');
      expect(JSON.stringify({ ok: true, replies: [joined] }).length + '431[]'.length + 4).toBeLessThan(220);
      socket.close();
    });

    it('brings one to whoever does not say so, and to a new client session', async () => {
      const { socket, join } = await openPage();
      expect((await socket.ok('join', { ...join, keeps: undefined })).state).toEqual(expect.any(String));
      expect((await socket.ok('join', { ...join, fresh: true })).state).toEqual(expect.any(String));
      socket.close();
    });

    it('goes on over HTTP by the token of the page, under the same numbers', async () => {
      const { socket, join, joined } = await openPage();
      const h = joined.h ?? 0;
      await socket.ask(h, 1, 'add');
      socket.close();
      const at = { e: joined.epoch, v: 1 };
      const { state } = join;
      const event = { event: 'add', state, at, keeps: joined.epoch };
      expect(await http.ok('tally', { ...event, seq: 1 })).toMatchObject({ dup: true, version: 1 });
      const second = await http.ok('tally', { ...event, seq: 2 });
      expect(second).toMatchObject({ version: 2, html: expect.stringContaining('<b>2</b>') });
      expect(second.state).not.toBe('');
    });

    it('goes on over another connection, and sees what was lost', async () => {
      const { socket, join, joined } = await openPage();
      await socket.ask(joined.h ?? 0, 1, 'add');
      socket.close();
      const two = await dial();
      const at = { e: joined.epoch, v: 1 };
      const again = { ...join, keeps: joined.epoch };
      expect(await two.ok('join', { ...again, at })).toMatchObject({ seq: 1, version: 1 });
      // A page that shows something else says no position.
      expect(await two.ok('join', again)).toMatchObject({ html: expect.any(String) });
      const future = { ...at, v: 7 };
      expect((await two.refused('join', { ...again, at: future })).error.code).toBe('STATE_ROLLED_BACK');
      two.close();
    });

    it('begins nothing anew where the server has lost what the page was shown', async () => {
      const { socket, join, joined } = await openPage();
      socket.close();
      await http.leave('tally', join.state);
      const at = positionOf(joined);
      const { error } = await http.refused('tally', { ...join, at, keeps: at.e });
      expect(error.code).toBe('INSTANCE_NOT_FOUND');
    });
  });

  describe('when its time is over', () => {
    const { now } = Date;
    let hasty: RunningApp;
    /** How far the clock of everything that has started by now is ahead. */
    let aheadMs = 0;

    beforeAll(async () => {
      Date.now = () => now() + aheadMs;
      hasty = await start({ mountMs: 1_000, stateMs: STATE_MS });
    });

    beforeEach(() => {
      http = new HttpVisitor(hasty.url);
    });

    afterEach(() => {
      aheadMs = 0;
    });

    afterAll(async () => {
      Date.now = now;
      await hasty.close();
    });

    it('the token of a page is good for whoever has adopted it, and for nobody else', async () => {
      const { component_id, state } = await http.mount('tally');
      const join = { component_id, state, keeps: '' };
      const joined = await http.ok('tally', join);
      const at = positionOf(joined);
      const again = { ...join, at, keeps: at.e };
      expect(joined.state).toBe('');
      const other = await http.mount('tally');

      aheadMs = 1_500 + SKEW_MS;
      expect(await http.ok('tally', again)).toMatchObject({ version: 0, epoch: at.e });
      expect((await http.refused('tally', { ...join, at })).error.code).toBe('STATE_EXPIRED');
      expect((await http.refused('tally', { ...again, component_id: undefined, state: other.state })).error.code).toBe(
        'INSTANCE_NOT_FOUND',
      );
      expect((await http.refused('tally', { ...again, page: 'a-page-that-guesses' })).error.code).toBe(
        'CLIENT_SESSION_EXPIRED',
      );
      aheadMs = STATE_MS + 500 + SKEW_MS;
      expect((await http.refused('tally', again)).error.code).toBe('STATE_EXPIRED');
    });

    it('it begins a new client session after the mount is forgotten, also where the page was told of a loss', async () => {
      const { component_id, state } = await http.mount('tally');
      const join = { component_id, state, fresh: true };
      const { epoch = '' } = await http.ok('tally', { component_id, state, keeps: '' });

      aheadMs = 1_500 + 2 * SKEW_MS;
      const [birth] = epoch.split('.');
      for (const more of [{ at: { e: epoch, v: 0 }, keeps: epoch }, { keeps: epoch }, { keeps: `${birth}.older` }]) {
        expect(await http.ok('tally', { ...join, ...more })).toMatchObject({ version: 0, seq: 0, state: /./ });
      }
      expect((await http.refused('tally', { ...join, keeps: 'another.history' })).error.code).toBe(
        'INSTANCE_NOT_FOUND',
      );
    });

    it('an event brings the next token from half of its life on', async () => {
      const brief = await start({ mountMs: 1_000, stateMs: 4_000 });
      http = new HttpVisitor(brief.url);
      const { socket, joined } = await openPage();
      const h = joined.h ?? 0;
      expect(joined).not.toHaveProperty('state');
      aheadMs = 2_500;
      expect(await socket.ask(h, 1, 'add')).toHaveProperty('state');
      expect(await socket.ask(h, 2, 'add')).not.toHaveProperty('state');
      socket.close();
      await brief.close();
    });
  });
});
