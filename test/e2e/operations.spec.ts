import { afterEach, describe, expect, it } from '@jest/globals';
import type { ComponentsOptions } from 'nest-live';
import { Backend, MemoryBackend } from 'nest-live/extend';

import { Counter } from './counter.component.js';
import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

const visitors: SocketVisitor[] = [];
let running: RunningApp;

afterEach(async () => {
  visitors.splice(0).forEach((visitor) => visitor.close());
  await running.close();
});

describe.each(PLATFORMS)('who runs the application on %s', (platform) => {
  const start = async (options: ComponentsOptions = {}): Promise<HttpVisitor> => {
    running = await RunningApp.start({ platform, providers: [Counter], options });
    return new HttpVisitor(running.url);
  };

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${running.url}/components/-/${path}`, { headers });
    return { status: response.status, text: await response.text(), type: response.headers.get('content-type') };
  };

  it('hears that the process lives and is ready, and where it stands', async () => {
    await start({ node: 'blue' });
    for (const probe of ['live', 'ready']) {
      const { status, text, type } = await get(`health/${probe}`);
      expect([status, type]).toEqual([200, 'application/json; charset=utf-8']);
      expect(JSON.parse(text)).toEqual({ status: 'ok', node: expect.stringMatching(/^blue-/), backend: 'memory' });
    }
    expect((await get('health/other')).status).toBe(404);
  });

  it('gets no metrics unless they are turned on', async () => {
    await start();
    expect((await get('metrics')).status).toBe(404);
  });

  it('gets metrics only with the token where there is one', async () => {
    await start({ metrics: { token: 'abc' } });
    expect((await get('metrics')).status).toBe(401);
    expect((await get('metrics', { authorization: 'Bearer ab' })).status).toBe(401);
    expect((await get('metrics', { authorization: 'Bearer abc' })).status).toBe(200);
  });

  it('sees what was asked and how it ended', async () => {
    const visitor = await start({ metrics: true });
    const { state } = await visitor.mount('counter');
    const first = { state, event: 'increment', seq: 1 };
    await visitor.ok('counter', first);
    await visitor.ok('counter', first);
    await visitor.refused('counter', { state, event: 'nothing-like-it', seq: 2 });
    await visitor.refused('counter', { state: 'lc1.made.up.token', event: 'increment' });
    await visitor.post('no-such-thing', {});
    const socket = await SocketVisitor.connect(running.url);
    visitors.push(socket);
    await socket.open('counter');

    const { text, type } = await get('metrics');
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'live_events_total{component="counter",event="increment",code="OK"} 2',
        'live_events_total{component="counter",event="unknown",code="UNKNOWN_EVENT"} 1',
        'live_events_total{component="counter",event="increment",code="STATE_INVALID"} 1',
        'live_interactions_total{component="unknown",kind="mount",code="UNKNOWN_COMPONENT"} 1',
        'live_refusals_total{transport="http",code="STATE_INVALID"} 1',
        'live_duplicate_acks_total 1',
        'live_state_invalid_total 1',
        'live_running_interactions 0',
        'live_queue_depth 0',
        // One over a socket, and one of a page that asks over HTTP.
        'live_joined_instances 2',
        'live_connections 1',
        'live_commit_conflicts_total 0',
      ]),
    );
    expect(text).not.toMatch(/nothing-like-it|no-such-thing/);
    expect(text).toMatch(/^live_interaction_seconds_count\{component="counter"\} \d+$/m);
    expect(text).toMatch(/^live_loop_lag_seconds [\d.]+$/m);
  });
});

describe('a node whose backend is lost', () => {
  it('says so to the load balancer after five seconds', async () => {
    class Silent extends MemoryBackend {
      override check(): Promise<void> {
        return Promise.reject(new Error('no answer'));
      }
    }
    const backend = new Silent();
    running = await RunningApp.start({
      imports: [
        {
          module: class Store {},
          global: true,
          providers: [{ provide: Backend, useValue: backend }],
          exports: [Backend],
        },
      ],
    });
    const ready = () => fetch(`${running.url}/components/-/health/ready`);
    expect((await ready()).status).toBe(200);
    while ((await ready()).status === 200) await new Promise((resolve) => setTimeout(resolve, 250));
    expect(await (await ready()).json()).toMatchObject({ status: 'store-lost' });
    expect((await fetch(`${running.url}/components/-/health/live`)).status).toBe(200);
  });
});
