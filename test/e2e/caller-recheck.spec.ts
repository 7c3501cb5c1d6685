import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Headers, Req } from '@nestjs/common';
import {
  CallerResolver,
  Revocation,
  Live,
  LiveComponent,
  LiveContext,
  OnEvent,
  RequirePermissions,
  State,
} from 'nest-live';
import type { CallerInit } from 'nest-live';

import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';
import { StreamVisitor } from './stream.visitor.js';

/** Who is signed in, as an application's own session store would know it. */
let signedIn: CallerInit | null;

class DirectoryResolver extends CallerResolver {
  async resolve(): Promise<CallerInit> {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
    return signedIn ?? {};
  }
}

@RequirePermissions('staff')
@LiveComponent('vault', { template: '<p><output>{{opened}}</output> {{agent}}</p>' })
class Vault {
  @State() opened = 0;
  @State() agent = '';
  @State() stopped = false;

  @OnEvent()
  open(): void {
    this.opened += 1;
  }

  @OnEvent()
  look(@Headers('user-agent') agent: string, @Req() request: { headers: Record<string, string> }): void {
    this.agent = `${agent} ${String(request.headers.host !== undefined)}`;
  }

  @OnEvent()
  async wait(@Live() live: LiveContext): Promise<void> {
    const { signal } = live;
    if (!signal.aborted) {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    }
    this.stopped = true;
  }
}

const ADA = { user: { id: 'ada' }, sessionId: 's1', permissions: ['staff'] };

/** What else the resolver may say of her, which makes her somebody else. */
const OTHERS: readonly (readonly [string, CallerInit, CallerInit])[] = [
  ['in another tenant', { ...ADA, tenant: 'acme' }, { ...ADA, tenant: 'umbrella' }],
  ['in no tenant any more', { ...ADA, tenant: 'acme' }, ADA],
  ['in a tenant now', ADA, { ...ADA, tenant: 'acme' }],
  ['under another login', ADA, { ...ADA, sessionId: 's2' }],
  ['under none that has a name', ADA, { user: ADA.user, permissions: ADA.permissions }],
  ['under no login any more', { ...ADA, isLogin: true }, ADA],
  ['somebody else', ADA, { ...ADA, user: { id: 'eve' } }],
  ['somebody else by another name', { ...ADA, id: 'a' }, { ...ADA, id: 'b' }],
  ['nobody of that name', { ...ADA, id: 'ada' }, { ...ADA, id: 'ada', user: null }],
];

@LiveComponent('till', { template: '<p>{{opened}}</p>' })
class Till {
  @State() opened = 0;

  @OnEvent()
  open(): void {
    this.opened += 1;
  }
}

describe.each(PLATFORMS)('what stays open on %s', (platform) => {
  let app: RunningApp;

  beforeAll(async () => {
    app = await RunningApp.start({
      platform,
      providers: [Vault, Till],
      options: { callerResolver: DirectoryResolver },
    });
  });

  afterAll(() => app.close());

  it.each(OTHERS)('ends once the caller is %s: a socket with its next message', async (_, before, after) => {
    signedIn = before;
    const visitor = await SocketVisitor.connect(app.url);
    const { component_id } = await visitor.open('till');
    expect(await visitor.event(component_id, 'open', { seq: 1 })).toMatchObject({ ok: true });
    signedIn = after;
    const closed = visitor.closed();
    const reply = await visitor.event(component_id, 'open', { seq: 2 });
    expect(reply).toMatchObject({ ok: false, error: { code: 'SESSION_REVOKED', consumed: false } });
    expect(await closed).toBe('io server disconnect');
  });

  it.each(OTHERS)('ends once the caller is %s: a stream when it is asked for', async (_, before, after) => {
    signedIn = before;
    const visitor = new HttpVisitor(app.url);
    const { state } = await visitor.mount('till');
    const query = new URLSearchParams({ sub: `till:${state}`, page: visitor.page });
    const stream = await StreamVisitor.open({
      url: `${app.url}/components/-/pushes?${query.toString()}`,
      cookie: visitor.cookie,
    });
    await stream.got('joined');
    await app.app.get(Revocation).recheck();
    expect(stream.ended).toBe(false);
    signedIn = after;
    await app.app.get(Revocation).recheck();
    expect((await stream.got('error')).data).toMatchObject({ error: { code: 'SESSION_REVOKED' } });
    await stream.end();
  });
});

describe('a socket that stays open', () => {
  let app: RunningApp;
  let visitor: SocketVisitor;

  const start = async (options = {}): Promise<void> => {
    signedIn = { user: { id: 'ada' }, sessionId: 's1', permissions: ['staff'] };
    app = await RunningApp.start({ providers: [Vault], options: { callerResolver: DirectoryResolver, ...options } });
    visitor = await SocketVisitor.connect(app.url, { headers: { 'user-agent': 'visitor/1' } });
  };

  afterEach(async () => {
    visitor.close();
    await app.close();
  });

  it('loses a permission with its next event', async () => {
    await start();
    const { component_id } = await visitor.open('vault');
    expect(await visitor.event(component_id, 'open', { seq: 1 })).toMatchObject({ ok: true });

    signedIn = { user: { id: 'ada' }, sessionId: 's1', permissions: [] };
    expect(await visitor.event(component_id, 'open', { seq: 2 })).toMatchObject({ error: { code: 'FORBIDDEN' } });

    signedIn = { user: { id: 'ada' }, sessionId: 's1', permissions: ['staff'] };
    const again = await visitor.event(component_id, 'open', { seq: 3 });
    expect(again).toMatchObject({ ok: true, version: 2 });
  });

  it.each([
    ['over', null],
    ['somebody else’s', { user: { id: 'eve' }, sessionId: 's1', permissions: ['staff'] }],
    ['another one', { user: { id: 'ada' }, sessionId: 's2', permissions: ['staff'] }],
  ])('ends once the login is %s', async (_, next) => {
    await start();
    const { component_id } = await visitor.open('vault');
    signedIn = next;
    const closed = visitor.closed();
    const reply = await visitor.event(component_id, 'open', { seq: 1 });
    expect(reply).toMatchObject({ ok: false, error: { code: 'SESSION_REVOKED', consumed: false } });
    // Said by the server for good: the client does not come back by itself.
    expect(await closed).toBe('io server disconnect');
  });

  it('keeps the order of its events while the answers of the resolver do not', async () => {
    await start();
    const { component_id } = await visitor.open('vault');
    const numbers = Array.from({ length: 12 }, (_, i) => i + 1);
    const replies = await Promise.all(numbers.map((seq) => visitor.event(component_id, 'open', { seq })));
    expect(replies.map((reply) => reply.ok && reply.version)).toEqual(numbers);
  });

  it('hands request and headers to a handler that asks for them', async () => {
    await start();
    const { component_id } = await visitor.open('vault');
    const reply = await visitor.event(component_id, 'look', { seq: 1 });
    expect(reply.ok && reply.html).toContain('visitor/1 true');
  });

  it('cancels a running event past the queue, with one ack for each message', async () => {
    await start();
    const { component_id } = await visitor.open('vault');
    const waiting = visitor.event(component_id, 'wait', { seq: 1 });
    const behind = visitor.event(component_id, 'open', { seq: 2 });
    expect(await visitor.ask('cancel', { component_id, seq: 1 })).toMatchObject({ ok: true, component_id, seq: 1 });
    expect(await waiting).toMatchObject({ ok: true, version: 1 });
    expect(await behind).toMatchObject({ ok: true, version: 2 });
    expect(await visitor.ask('cancel', { component_id: 'nobody', seq: 1 })).toMatchObject({
      error: { code: 'INSTANCE_NOT_FOUND' },
    });
  });

  it('counts subscriptions apart from its own instances', async () => {
    await start({ limits: { maxInstances: 1, maxSubscriptions: 1 } });
    const seen = await visitor.open('vault');
    const other = await SocketVisitor.connect(app.url);
    const unseen = await SocketVisitor.connect(app.url);
    try {
      const more = await unseen.open('vault');
      const subscribe = ({ component_id, state }: { component_id: string; state: string }) =>
        other.ask('subscribe', { component: 'vault', component_id, state });
      const join = async () => {
        const { state } = await other.ok('mount', { component: 'vault' });
        return other.ask('join', { component: 'vault', state, page: other.page });
      };
      expect(await subscribe(seen)).toMatchObject({ ok: true, h: 1 });
      expect(await join()).toMatchObject({ ok: true, h: 2 });
      expect(await subscribe(more)).toMatchObject({ error: { code: 'TOO_MANY_SUBSCRIPTIONS' } });
      expect(await join()).toMatchObject({ error: { code: 'TOO_MANY_INSTANCES' } });
    } finally {
      other.close();
      unseen.close();
    }
  });
});
