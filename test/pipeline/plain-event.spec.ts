import { createHook } from 'node:async_hooks';

import { afterEach, describe, expect, it } from '@jest/globals';
import { UseGuards, type CanActivate, type Provider, type Type } from '@nestjs/common';
import { LiveCaller, LiveComponent, OnEvent, State, type OkReply } from 'nest-live';
import { Feature, LifecycleRunner, type Answer, type Arrival, type LiveFeature } from 'nest-live/extend';

import { RunningApp } from '../e2e/running-app.js';

const TEMPLATE = '<p>{{count}}</p>';

@LiveComponent('counter', { template: TEMPLATE })
class Counter {
  @State() count = 0;

  onHydrate(): void {}

  beforeRender(): object {
    return {};
  }

  @OnEvent()
  increment(): void | Promise<void> {
    this.count += 1;
  }
}

@LiveComponent('counter', { template: TEMPLATE })
class Waiting extends Counter {
  @OnEvent()
  override async increment(): Promise<void> {
    await super.increment();
  }
}

class Open implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

@UseGuards(Open)
@LiveComponent('counter', { template: TEMPLATE })
class Guarded extends Counter {}

/** What crept in: it waits for nothing, and costs every event a turn of the loop. */
@Feature()
class Plumbing implements LiveFeature {
  async onDehydrate(): Promise<void> {}
}

/** What was made for a piece of work from its beginning to its answer. */
const promisesOf = async (work: () => Answer | Promise<Answer>): Promise<{ made: number; reply: OkReply }> => {
  let made = 0;
  const count = (_: number, type: string): void => void (made += type === 'PROMISE' ? 1 : 0);
  const hook = createHook({ init: count }).enable();
  try {
    const answer = work();
    if (!(answer instanceof Promise)) {
      hook.disable();
    }
    const { reply } = await answer;
    return { made, reply: reply as OkReply };
  } finally {
    hook.disable();
  }
};

describe('an event', () => {
  let running: RunningApp;
  let runner: LifecycleRunner;
  const asker = { caller: new LiveCaller({ sessionId: 'somebody' }), request: { headers: {} } };
  const page = 'p'.repeat(22);

  const start = async (type: Type, more: readonly Provider[] = []): Promise<void> => {
    running = await RunningApp.start({ providers: [type, ...more] });
    runner = running.app.get(LifecycleRunner, { strict: false });
  };

  afterEach(() => running.close());

  const mount = async (): Promise<string> => {
    const { reply } = await runner.run({
      kind: 'mount',
      envelope: { component: 'counter' },
      transport: 'http',
      ...asker,
    });
    return String((reply as OkReply).state);
  };

  /** The third event: what is made once is there. */
  const joined = async () => {
    const envelope = { component: 'counter', state: await mount(), page };
    const { held } = await runner.run({ kind: 'join', envelope, transport: 'socket', ...asker });
    const event = (seq: number): Arrival => ({
      kind: 'event',
      envelope: { event: 'increment', seq },
      held: held,
      transport: 'socket',
      ...asker,
    });
    await runner.run(event(1));
    await runner.run(event(2));
    return promisesOf(() => runner.run(event(3)));
  };

  const withToken = async () => {
    let state = await mount();
    const event = (seq: number): Arrival => ({
      kind: 'event',
      envelope: { component: 'counter', event: 'increment', seq, page, state },
      transport: 'http',
      ...asker,
    });
    for (const seq of [1, 2]) {
      const { reply } = await runner.run(event(seq));
      state = String((reply as OkReply).state);
    }
    return promisesOf(() => runner.run(event(3)));
  };

  it('with nothing asynchronous in it makes no promise on a joined handle', async () => {
    await start(Counter);
    const { made, reply } = await joined();
    expect(reply).toMatchObject({ ok: true, seq: 3, html: expect.stringContaining('>3</p>') });
    expect(made).toBe(0);
  });

  it('with nothing asynchronous in it makes no promise with a token', async () => {
    await start(Counter);
    const { made, reply } = await withToken();
    expect(reply).toMatchObject({ ok: true, seq: 3, html: expect.stringContaining('>3</p>') });
    expect(made).toBe(0);
  });

  it.each<[string, Type, readonly Provider[]]>([
    ['a handler that waits', Waiting, []],
    ['a guard before it', Guarded, []],
    ['a feature that waits for nothing', Counter, [Plumbing]],
  ])('with %s is counted', async (_, type, more) => {
    await start(type, more);
    const { made, reply } = await joined();
    expect(reply).toMatchObject({ ok: true, seq: 3, html: expect.stringContaining('>3</p>') });
    expect(made).toBeGreaterThan(0);
  });
});
