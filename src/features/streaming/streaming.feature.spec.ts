import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Injectable, Logger, UseInterceptors, type CallHandler, type NestInterceptor } from '@nestjs/common';
import { Live, LiveComponent, LiveContext, OnEvent, Payload, State, type BeforeRender } from 'nest-live';
import { LiveTest, type MountedComponent, type ShownFrame } from 'nest-live/testing';
import { timeout, type Observable } from 'rxjs';

import { FeatureHost } from '../../lifecycle/plan/feature-host.js';

const record: string[] = [];
let renders = 0;
let isPaused = true;

@Injectable()
class Impatient implements NestInterceptor {
  intercept(_context: unknown, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(timeout(40));
  }
}

@LiveComponent('kettle', { template: '<p>{{degrees}}</p>' })
class Kettle implements BeforeRender {
  @State() degrees = 20;
  @State() log: string[] = [];

  beforeRender(): void {
    renders += 1;
    if (this.degrees > 100) throw new Error('it boils over');
  }

  @OnEvent()
  async *heat(@Payload('by') by: number, @Live() { signal }: LiveContext): AsyncGenerator<void> {
    try {
      for (let step = 0; step < 3; step += 1) {
        this.degrees += by;
        yield;
        if (!isPaused) continue;
        record.push('waits');
        await wait(60_000, undefined, { signal }).catch(() => record.push(`stopped: ${String(signal.reason)}`));
      }
    } finally {
      record.push('closed');
    }
  }

  @OnEvent()
  async *spin(): AsyncGenerator<void> {
    for (let i = 0; i < 50; i += 1) yield;
  }

  @OnEvent()
  delegate(): AsyncGenerator<void> {
    return this.spin();
  }

  @OnEvent()
  @UseInterceptors(Impatient)
  async *doze(@Live() { signal }: LiveContext): AsyncGenerator<void> {
    yield;
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    record.push('woken');
  }

  @OnEvent()
  async *trip(@Live() { signal }: LiveContext): AsyncGenerator<void> {
    try {
      yield;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    } finally {
      // eslint-disable-next-line no-unsafe-finally -- an author may do it
      throw new Error('while cleaning up');
    }
  }
}

describe('a handler that is an async generator', () => {
  let live: LiveTest;
  let kettle: MountedComponent<Kettle>;

  const read = async (frames: AsyncIterable<ShownFrame>): Promise<string[]> => {
    const seen: string[] = [];
    for await (const { html, done } of frames) seen.push(`${/>(\d+)</.exec(html)?.[1]}${done ? '.' : ''}`);
    return seen;
  };

  beforeEach(async () => {
    record.length = 0;
    isPaused = false;
    live = await LiveTest.create({ providers: [Kettle, Impatient] });
    kettle = await live.mount(Kettle);
    renders = 0;
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await live.close();
  });

  it('gives the browser client the part that ends previews, without a live-cancel in any template', () => {
    expect(live.app.get(FeatureHost, { strict: false }).clientModules.has('streaming')).toBe(true);
  });

  it('shows the component at each yield and once more at the end, each rendered once', async () => {
    expect(await read(kettle.stream('heat', { by: 10 }))).toEqual(['30', '40', '50', '50.']);
    expect(renders).toBe(4);
    expect(kettle.version).toBe(1);
    expect(kettle.state.degrees).toBe(50);
  });

  it('renders nothing before the end where nobody looks', async () => {
    expect(await kettle.emit('heat', { by: 10 })).toMatchObject({ ok: true, done: true, version: 1 });
    expect(kettle.html).toContain('>50<');
    expect(renders).toBe(1);
  });

  it('is an ordinary event where it does not yield', async () => {
    expect(await kettle.emit('heat', { by: 0 })).toMatchObject({ ok: true, version: 1 });
  });

  it('may come from another method', async () => {
    expect(await read(kettle.stream('delegate'))).toHaveLength(51);
  });

  it('saves nothing when its client stops reading, and is told so', async () => {
    isPaused = true;
    for await (const { done } of kettle.stream('heat', { by: 10 })) {
      expect(done).toBe(false);
      while (record.length === 0) await turn();
      break;
    }
    expect(kettle.error).toMatchObject({ code: 'CANCELLED', consumed: true });
    expect(kettle.state.degrees).toBe(20);
    expect(kettle.html).toContain('>20<');
    await turn();
    expect(record).toEqual(['waits', 'stopped: LiveError: the client cancelled the event', 'closed']);
    isPaused = false;
    expect(await kettle.emit('heat', { by: 1 })).toMatchObject({ ok: true, version: 1 });
  });

  it('fails when a preview cannot be rendered, and is closed', async () => {
    expect(await read(kettle.stream('heat', { by: 50 }))).toEqual(['70', '20.']);
    expect(kettle.error?.code).toBe('HANDLER_ERROR');
    expect(kettle.state.degrees).toBe(20);
    await turn();
    expect(record).toEqual(['closed']);
  });

  it('lets others work between two yields, however busy it is', async () => {
    let turns = 0;
    const count = (): void => {
      turns += 1;
      if (turns < 1_000) setImmediate(count);
    };
    setImmediate(count);
    await kettle.emit('spin');
    expect(turns).toBeGreaterThan(40);
    turns = 1_000;
  });

  it('is stopped when an interceptor gives up on it', async () => {
    await read(kettle.stream('doze'));
    expect(kettle.error?.code).toBe('HANDLER_ERROR');
    await turn();
    expect(record).toEqual(['woken']);
  });

  it('fails into the log when it fails after it was stopped', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    for await (const _ of kettle.stream('trip')) break;
    await turn();
    expect(kettle.error?.code).toBe('CANCELLED');
    expect(warn.mock.calls.flat().join('\n')).toContain('"trip" of "kettle" failed after it had been stopped: while');
  });
});
