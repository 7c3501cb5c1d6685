import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { CacheRender, InvalidatesCache, LiveComponent, OnEvent, RenderCacheInvalidation, State } from 'nest-live';
import { RedisBackend, RedisModule } from 'nest-live/redis';

import { describeRenderCaching } from '../e2e/cache.contract.js';
import { HttpVisitor } from '../e2e/http.visitor.js';
import { RunningApp } from '../e2e/running-app.js';
import { RedisServer } from './redis.server.js';

describeRenderCaching('one Redis', async () => {
  const server = await RedisServer.start();
  return { join: () => new RedisBackend({ url: server.url }), stop: () => server.stop() };
});

let mounts = 0;

@CacheRender({ ttl: 60, public: true })
@LiveComponent('noted', { template: '<p>{{mount}}</p>', state: { held: 'client', replay: 'allow' } })
class Noted {
  @State() mount = 0;

  onMount(): void {
    this.mount = mounts += 1;
  }

  @OnEvent()
  @InvalidatesCache(Noted)
  spoil(): void {}
}

describe('renders cached in a Redis that is lost', () => {
  let server: RedisServer;
  let running: RunningApp;
  let visitor: HttpVisitor;

  const shown = async (): Promise<string> => (await visitor.mount('noted')).html ?? '';
  /** Whether two mounts show one render. */
  const isCached = async (): Promise<boolean> => {
    await shown();
    const before = mounts;
    await shown();
    return mounts === before;
  };

  beforeAll(async () => {
    server = await RedisServer.start();
    running = await RunningApp.start({
      providers: [Noted],
      imports: [RedisModule.forRoot({ url: server.url, commandTimeoutMs: 300 })],
    });
    visitor = new HttpVisitor(running.url);
  });

  afterAll(async () => {
    jest.restoreAllMocks();
    await running.close();
    await server.stop();
  });

  it.each([
    [
      'does not answer',
      () => Promise.resolve(server.signal('SIGSTOP')),
      () => Promise.resolve(server.signal('SIGCONT')),
    ],
    ['is gone', () => server.down('SIGKILL'), () => server.up()],
  ])('are made anew while it %s, events go on, and they are cached again when it is back', async (_, lose, find) => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    expect(await isCached()).toBe(true);
    await lose();
    const before = mounts;
    expect(await shown()).toContain(`>${before + 1}</p>`);
    const { state } = await visitor.mount('noted');
    expect(await visitor.ok('noted', { event: 'spoil', state, seq: 1 })).toMatchObject({ ok: true });
    await expect(running.app.get(RenderCacheInvalidation).invalidate(Noted)).rejects.toThrow();
    await find();
    while (!(await isCached())) await new Promise(setImmediate);
    expect(warn.mock.calls.filter(([line]) => String(line).includes('render cache'))).not.toHaveLength(0);
  });
});
