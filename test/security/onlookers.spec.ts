import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

import { afterEach, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  LiveComponent,
  LivePublisher,
  OnTopic,
  Present,
  State,
  type ComponentsOptions,
  type LimitsOptions,
} from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { StreamVisitor } from '../e2e/stream.visitor.js';

@LiveComponent('board', { template: '<p>{{text}}</p>' })
class Board {
  @State() text = 'empty';
}

@LiveComponent('bell', { template: '<p>rung {{rung}}</p>' })
class Bell {
  @State() rung = 0;

  @OnTopic('bells')
  ring(): void {
    this.rung += 1;
  }
}

@Present('hall')
@LiveComponent('hall', { template: '<p>{{presentCount}}</p>' })
class Hall {
  @State() nothing = 0;
}

const SUBSCRIPTIONS = 25;

/** By GET with a body, which a parser of the application may have read. */
const ask = (url: string, cookie: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const headers = { 'sec-fetch-site': 'same-origin', cookie, 'content-type': 'application/json' };
    const sent = request(url, { method: 'GET', agent: false, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
      answer.destroy();
    });
    sent.once('error', reject).end(JSON.stringify({ more: [[], []] }));
  });

const patiently = async <T>(work: () => Promise<T>, tries = 50): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (tries === 0) throw error;
    await wait(100);
    return patiently(work, tries - 1);
  }
};

describe.each(PLATFORMS)('those who look on, on %s', (platform) => {
  let running: RunningApp;

  afterEach(() => running.close());

  const start = async (limits: LimitsOptions, options: ComponentsOptions = {}): Promise<void> => {
    running = await RunningApp.start({ platform, providers: [Board, Hall, Bell], options: { ...options, limits } });
  };

  const look = async (
    by: 'poll' | 'pushes',
    visitor: HttpVisitor,
    subscriptions: string,
  ): Promise<readonly unknown[]> => {
    const stream = await StreamVisitor.open({
      url: `${running.url}/components/-/${by}?${subscriptions}&page=${visitor.page}`,
      cookie: visitor.cookie,
    });
    if (stream.status === 200) {
      stream.close();
      return [200];
    }
    const { error } = await stream.json();
    return [stream.status, error.code, stream.response.headers['retry-after']];
  };

  const begin = async (): Promise<{ visitor: HttpVisitor; subscriptions: string }> => {
    const visitor = new HttpVisitor(running.url);
    // A machine with much to do is late by itself for a moment.
    const { state } = await patiently(() => visitor.mount('board'));
    const one = `sub=${encodeURIComponent(`board:${state}`)}`;
    return { visitor, subscriptions: Array.from({ length: SUBSCRIPTIONS }, () => one).join('&') };
  };

  it.each(['poll', 'pushes'] as const)(
    'pay for each of the joins that a request of theirs is made of (%s)',
    async (by) => {
      await start({ eventsPerSecondPerCaller: 1, eventBurstPerCaller: SUBSCRIPTIONS + 2, maxStreamsPerCaller: 100 });
      const { visitor, subscriptions } = await begin();
      expect(await look(by, visitor, subscriptions)).toEqual([200]);
      expect(await look(by, visitor, subscriptions)).toEqual([200]);
      const [status, code, pause] = await look(by, visitor, subscriptions);
      expect([status, code]).toEqual([429, 'TOO_MANY_EVENTS']);
      expect(Number(pause)).toBeGreaterThan(10);
    },
  );

  it.each(['poll', 'pushes'] as const)('are asked for texts, and for nothing beside them (%s)', async (by) => {
    running = await RunningApp.start({
      platform,
      providers: [Board],
      configure: (app) => {
        if (platform === 'express') (app as NestExpressApplication).set('query parser', 'extended');
      },
    });
    const { visitor, subscriptions } = await begin();
    for (const query of ['sub[toString]=1', 'sub[]=1&sub[a][toString]=2', 'sub[0][valueOf]=1']) {
      expect((await look(by, visitor, query)).slice(0, 2)).toEqual([
        400,
        expect.stringMatching(/^(?:BAD_FRAME|STATE_INVALID)$/),
      ]);
    }
    const wordy = await ask(`${running.url}/components/-/${by}?${subscriptions}&page=${visitor.page}`, visitor.cookie);
    expect(wordy).toBe(400);
    expect(await look(by, visitor, subscriptions)).toEqual([200]);
  });

  it('are as many as join together, and hear what is said from then on', async () => {
    await start({});
    const visitor = new HttpVisitor(running.url);
    const requests: object[] = [];
    for (let at = 0; at < 40; at += 1) {
      const { state } = await visitor.mount('bell');
      requests.push({ component: 'bell', state, page: visitor.page });
    }
    const { reply } = await visitor.send('POST', '/components/-/joins', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ requests }),
    });
    const joined = (reply as unknown as { replies: { ok: boolean; state: string }[] }).replies;
    expect(joined.map(({ ok }) => ok)).toEqual(Array(40).fill(true));
    await running.app.get(LivePublisher).broadcast('bells', {});
    const subs = joined.map(({ state }) => `sub=${encodeURIComponent(`bell:${state}`)}`);
    // No more than an address may have at once.
    for (const sub of subs) {
      await patiently(async () => {
        const { text } = await visitor.send('GET', `/components/-/poll?page=${visitor.page}&${sub}`);
        expect(text).toContain('rung 1');
      });
    }
  });

  it.each(['poll', 'pushes'] as const)('are sent away while the event loop is late (%s)', async (by) => {
    await start({ maxLoopLagMs: 50, shedAfterMs: 100, eventsPerSecondPerCaller: 0, maxStreamsPerCaller: 100 });
    const { visitor, subscriptions } = await begin();
    let codes: readonly unknown[] = [];
    for (let tries = 0; tries < 10 && codes[1] === undefined; tries += 1) {
      const end = performance.now() + 600;
      while (performance.now() < end);
      await wait(1);
      codes = await look(by, visitor, subscriptions);
    }
    expect(codes.slice(0, 2)).toEqual([503, 'OVERLOADED']);
  });

  describe('with a stream each', () => {
    const streams: StreamVisitor[] = [];

    afterEach(() => streams.splice(0).forEach((stream) => stream.close()));

    const code = async (headers: Record<string, string> = {}): Promise<unknown> => {
      const visitor = new HttpVisitor(running.url, headers);
      const { state } = await visitor.mount('board');
      const query = `sub=${encodeURIComponent(`board:${state}`)}&page=${visitor.page}`;
      const url = `${running.url}/components/-/pushes?${query}`;
      const stream = await StreamVisitor.open({ url, cookie: visitor.cookie, headers });
      if (stream.status !== 200) return (await stream.json()).error.code;
      streams.push(stream);
      return stream.status;
    };

    const codes = async (...all: readonly Record<string, string>[]): Promise<readonly unknown[]> => {
      const found: unknown[] = [];
      for (const headers of all) found.push(await code(headers));
      return found;
    };

    it('are as many from one network as connections, however many cookies they have', async () => {
      await start({ maxConnectionsPerIp: 2 }, { trustProxy: true });
      const [one, two, other] = ['2001:db8::1', '2001:db8::2', '2001:db8:0:1::1'].map((address) => ({
        'x-forwarded-for': address,
      }));
      expect(await codes(one, two, one, other)).toEqual([200, 200, 'TOO_MANY_CONNECTIONS', 200]);
      streams[0].close();
      await patiently(async () => expect(await code(two)).toBe(200));
    });

    it('are as many in all as connections of a node', async () => {
      await start({ maxConnections: 2 });
      expect(await codes({}, {}, {})).toEqual([200, 200, 'TOO_MANY_CONNECTIONS']);
    });
  });

  it('are rendered for once a second, however often somebody comes and goes', async () => {
    await start({});
    const viewers = await Promise.all(Array.from({ length: 5 }, () => SocketVisitor.connect(running.url)));
    for (const viewer of viewers) await viewer.open('hall');
    await wait(1_500);
    const before = viewers.map(({ updates }) => updates.length);
    const begun = performance.now();
    for (let times = 0; times < 30; times += 1) {
      const restless = await SocketVisitor.connect(running.url);
      await restless.open('hall');
      await wait(60);
      restless.close();
      await wait(30);
    }
    await wait(1_200);
    const seconds = (performance.now() - begun) / 1_000;
    for (const [index, { updates }] of viewers.entries()) {
      expect(updates.length - before[index]).toBeLessThanOrEqual(seconds + 2);
      expect(updates.at(-1)?.html).toContain('5');
    }
    viewers.forEach((viewer) => viewer.close());
  });
});
