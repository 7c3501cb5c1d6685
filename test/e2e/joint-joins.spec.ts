import { request as ask } from 'node:http';

import { afterEach, describe, expect, it } from '@jest/globals';
import { type ComponentsOptions, LiveComponent, type OkReply, type Reply, State } from 'nest-live';

import { Counter } from './counter.component.js';
import { HttpVisitor, type HttpAnswer } from './http.visitor.js';
import { PLATFORMS, RunningApp } from './running-app.js';

let mounts = 0;

@LiveComponent('tally', { template: '<p>{{n}}</p>' })
class Tally {
  @State() n = 0;

  onMount(): void {
    mounts += 1;
  }
}

interface Joint {
  readonly ok: true;
  readonly replies: readonly Reply[];
}

describe.each(PLATFORMS)('joint joins over HTTP on %s', (platform) => {
  let running: RunningApp;
  const start = async (options: ComponentsOptions = {}): Promise<HttpVisitor> => {
    running = await RunningApp.start({ platform, providers: [Counter, Tally], options });
    return new HttpVisitor(running.url);
  };
  afterEach(() => running.close());

  const post = (visitor: HttpVisitor, body: unknown, headers: Record<string, string> = {}): Promise<HttpAnswer> =>
    visitor.send('POST', '/components/-/joins', {
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });

  const joint = async (visitor: HttpVisitor, requests: readonly unknown[]): Promise<readonly Reply[]> => {
    const { text } = await post(visitor, { requests });
    return (JSON.parse(text) as Joint).replies;
  };

  const join = ({ state, component_id }: OkReply, visitor: HttpVisitor): object => ({
    component: 'counter',
    component_id,
    state,
    page: visitor.page,
  });

  const several = async (visitor: HttpVisitor, count: number): Promise<object[]> => {
    const asked: object[] = [];
    for (let start = 0; start < count; start += 1) {
      asked.push(join(await visitor.mount('counter', `start=${start}`), visitor));
    }
    return asked;
  };

  it('are answered in their order, each by itself, and go on by their own events', async () => {
    const visitor = await start();
    const [first, second] = await several(visitor, 2);
    const { state: ticket } = await visitor.mount('tally');
    const asked = [first, { component: 'counter', state: 'nothing' }, 7, { component: 'tally', ticket }, second];
    const replies = await joint(visitor, asked);
    const told = replies.map((reply) => (reply.ok ? (reply.html ?? reply.component_id) : reply.error.code));
    // What the page shows already has no HTML.
    const ids = [first, second].map((one) => (one as { component_id: string }).component_id);
    const expected = [ids[0], expect.stringMatching(/^STATE_/), 'BAD_FRAME', expect.stringContaining('<p'), ids[1]];
    expect(told).toEqual(expected);
    const { state } = replies[4] as OkReply;
    const event = await visitor.ok('counter', { state, event: 'increment', seq: 1 });
    expect(event.html).toContain('<output>2<');
  });

  it('count as one message of their caller, and wait for the rate of joins', async () => {
    const limits = { eventsPerSecondPerCaller: 20, eventBurstPerCaller: 12, maxInstances: 8, eventsPerSecond: 20 };
    const visitor = await start({ limits });
    const { state: ticket } = await visitor.mount('tally');
    const requests = Array.from({ length: 16 }, () => ({ component: 'tally', ticket }));
    mounts = 0;
    for (let time = 0; time < 3; time += 1) {
      const replies = await joint(visitor, requests);
      expect(replies.filter(({ ok }) => !ok)).toEqual([]);
    }
    expect(mounts).toBe(48);
    // It is two tabs of one caller: what one of them has asked for, the other one waits for.
    let isOver = false;
    const [slow] = [joint(visitor, requests), joint(visitor, requests)].map((one) =>
      one.finally(() => (isOver = true)),
    );
    expect((await visitor.post('tally', {})).status).toBe(200);
    expect(isOver).toBe(false);
    expect((await slow).every(({ ok }) => ok)).toBe(true);
  });

  it('are refused as a whole where they are no list, too many, too large, or from elsewhere', async () => {
    const visitor = await start({ limits: { maxInstances: 2, maxFrameBytes: 2_000 } });
    const five = Array.from({ length: 5 }, () => ({ component: 'tally' }));
    const refused = async (body: unknown, headers = {}): Promise<unknown[]> => {
      const { status, reply } = await post(visitor, body, headers);
      return [status, reply.ok || reply.error.code];
    };
    expect(await refused({ requests: five })).toEqual([400, 'BAD_FRAME']);
    expect(await refused({ requests: 'many' })).toEqual([400, 'BAD_FRAME']);
    expect(await refused('[1')).toEqual([400, 'BAD_FRAME']);
    expect(await refused('')).toEqual([400, 'BAD_FRAME']);
    expect(await refused({ requests: ['x'.repeat(3_000)] })).toEqual([413, 'TOO_LARGE']);
    const elsewhere = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expect(await refused({ requests: [] }, elsewhere)).toEqual([403, 'ORIGIN_REJECTED']);
    expect(await refused({ requests: [] })).toEqual([200, true]);
  });

  it('end with the request that asked for them', async () => {
    const limits = { eventsPerSecondPerCaller: 4, eventBurstPerCaller: 99, maxInstances: 4 };
    const visitor = await start({ limits });
    const { state: ticket } = await visitor.mount('tally');
    const requests = Array.from({ length: 8 }, () => ({ component: 'tally', ticket }));
    await joint(visitor, requests);
    mounts = 0;
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', cookie: visitor.cookie };
    const closing = ask(`${running.url}/components/-/joins`, { method: 'POST', headers });
    closing.on('error', () => undefined);
    closing.end(JSON.stringify({ requests }));
    while (mounts === 0) await new Promise(setImmediate);
    closing.destroy();
    // Whoever asks next waits for the rate alone, and not for those.
    const [reply] = await joint(visitor, requests.slice(0, 4));
    expect(reply.ok).toBe(true);
    expect(mounts).toBeLessThan(8);
  });

  it('end with their node, and so does their connection', async () => {
    const visitor = await start({ limits: { eventsPerSecondPerCaller: 1, eventBurstPerCaller: 99, maxInstances: 20 } });
    const { state: ticket } = await visitor.mount('tally');
    const requests = Array.from({ length: 40 }, () => ({ component: 'tally', ticket }));
    await joint(visitor, requests);
    mounts = 0;
    const waiting = joint(visitor, requests);
    while (mounts === 0) await new Promise(setImmediate);
    await running.close();
    // The rest is asked of another node.
    expect((await waiting).length).toBeLessThan(40);
    await start();
  });

  it('give a visitor without a cookie one, of which the answers are', async () => {
    await start();
    const maker = new HttpVisitor(running.url);
    const { headers } = await post(maker, { requests: [{ component: 'counter', ticket: 'none' }] });
    expect(headers.get('set-cookie')).toContain('nest_live=');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('are refused where too many of one caller wait', async () => {
    const limits = { eventsPerSecondPerCaller: 2, eventBurstPerCaller: 99, maxInstances: 1, maxInFlight: 2 };
    const visitor = await start({ limits });
    const { state: ticket } = await visitor.mount('tally');
    const requests = [1, 2].map(() => ({ component: 'tally', ticket }));
    await joint(visitor, requests);
    const answers = await Promise.all([1, 2, 3].map(() => post(visitor, { requests })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
  });
});
