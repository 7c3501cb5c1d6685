import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { CacheRender, InvalidatesCache, LiveComponent, OnEvent, RenderCacheInvalidation, State } from 'nest-live';
import { RenderCache } from 'nest-live/extend';

import { HttpVisitor } from '../../../test/e2e/http.visitor.js';
import { RunningApp } from '../../../test/e2e/running-app.js';

let mounts = 0;

@CacheRender({ ttl: 60, public: true })
@LiveComponent('prices', { template: '<p>{{mount}}</p>' })
class Prices {
  @State() mount = 0;

  onMount(): void {
    this.mount = mounts += 1;
  }

  @OnEvent()
  @InvalidatesCache(Prices)
  raise(): void {}
}

describe('a render cache that does not answer', () => {
  let running: RunningApp;
  let visitor: HttpVisitor;
  let warn: jest.SpiedFunction<Logger['warn']>;

  const shown = async (): Promise<string> => (await visitor.mount('prices')).html ?? '';
  const warnings = (): number => warn.mock.calls.filter(([line]) => String(line).includes('render cache')).length;

  beforeEach(async () => {
    mounts = 0;
    warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    running = await RunningApp.start({ providers: [Prices] });
    visitor = new HttpVisitor(running.url);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await running.close();
  });

  it.each([
    ['fails', () => Promise.reject(new Error('gone'))],
    ['hangs', () => new Promise<never>(() => undefined)],
    [
      'throws',
      () => {
        throw new Error('gone');
      },
    ],
  ])('because it %s is done without, which is said once', async (_, answer) => {
    const cache = running.app.get(RenderCache);
    for (const method of ['get', 'set', 'invalidate'] as const) jest.spyOn(cache, method).mockImplementation(answer);
    expect(await shown()).toContain('>1</p>');
    expect(await shown()).toContain('>2</p>');
    const { state } = await visitor.mount('prices');
    expect(await visitor.ok('prices', { event: 'raise', state, seq: 1 })).toMatchObject({ ok: true });
    expect(warnings()).toBe(1);
    jest.restoreAllMocks();
    expect(await shown()).toBeTruthy();
    const before = mounts;
    await shown();
    expect(mounts).toBe(before);
  });

  it('is done without also when it answers reads alone', async () => {
    jest.spyOn(running.app.get(RenderCache), 'set').mockRejectedValue(new Error('full'));
    expect(await shown()).toContain('>1</p>');
    expect(await shown()).toContain('>2</p>');
  });

  it('says so to whoever asks it to throw renders away', async () => {
    jest.spyOn(running.app.get(RenderCache), 'invalidate').mockRejectedValue(new Error('gone'));
    await expect(running.app.get(RenderCacheInvalidation).invalidate(Prices)).rejects.toThrow('gone');
  });
});
