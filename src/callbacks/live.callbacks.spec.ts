import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { Heartbeat } from '../connections/heartbeat.js';
import { MemoryConnectionRouter } from '../connections/memory.connection-router.js';
import { NodeIdentity } from '../connections/node-identity.js';
import { RouteClaims } from '../connections/route-claims.js';
import { MemoryEventBus } from '../events/memory.event-bus.js';
import { REMOVED_CHANNEL } from '../lifecycle/instance/shared-instances.js';
import { resolveLimits } from '../protocol/limits.js';
import { callbackTopic } from './callback.message.js';
import { LiveCallbacks } from './live.callbacks.js';

const turn = (ms = 5): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('callbacks', () => {
  let bus: MemoryEventBus;
  let node: NodeIdentity;
  let callbacks: LiveCallbacks;
  let errors: string[];

  beforeEach(async () => {
    bus = new MemoryEventBus();
    node = new NodeIdentity('here');
    const router = new MemoryConnectionRouter();
    await router.announce(node.id);
    const routes = new RouteClaims(router, node, new Heartbeat(router, node));
    callbacks = new LiveCallbacks(bus, router, routes, node, resolveLimits({ handlerTimeoutMs: 30 }));
    callbacks.onModuleInit();
    errors = [];
    jest.spyOn(Logger.prototype, 'error').mockImplementation((...said: unknown[]) => void errors.push(said.join(' ')));
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  });

  afterEach(() => {
    callbacks.onModuleDestroy();
    jest.restoreAllMocks();
  });

  it('are called with the data of their instance and event only, until they are taken back', async () => {
    const heard: unknown[] = [];
    const off = callbacks.on('a', 'click', (data, call) => heard.push([data, call.instance, call.event]));
    callbacks.on('a', 'drag', () => heard.push('wrong'));
    callbacks.on('b', 'click', () => heard.push('wrong'));
    expect(await callbacks.emit('a', 'click', 1)).toEqual({ delivered: 1 });
    off();
    off();
    expect(await callbacks.emit('a', 'click', 2)).toEqual({ delivered: 0 });
    await turn();
    expect(heard).toEqual([[1, 'a', 'click']]);
    expect(callbacks.stats()).toMatchObject({ registered: 2, called: 1, failed: 0 });
  });

  it('of one instance run one after the other, those of two instances side by side', async () => {
    const steps: string[] = [];
    for (const instance of ['a', 'b']) {
      callbacks.on(instance, 'click', async (n) => {
        steps.push(`${instance}${String(n)} begins`);
        await turn();
        steps.push(`${instance}${String(n)} ends`);
      });
    }
    await Promise.all([
      callbacks.emit('a', 'click', 1),
      callbacks.emit('a', 'click', 2),
      callbacks.emit('b', 'click', 1),
    ]);
    await turn(30);
    const of = (instance: string) => steps.filter((step) => step.startsWith(instance));
    expect(of('a')).toEqual(['a1 begins', 'a1 ends', 'a2 begins', 'a2 ends']);
    expect(steps.indexOf('b1 begins')).toBeLessThan(steps.indexOf('a1 ends'));
  });

  it('that throw or take too long are logged with instance and event, counted, and hold up nobody', async () => {
    const heard: string[] = [];
    callbacks.on('a', 'click', () => {
      throw new Error('hunter2');
    });
    callbacks.on('a', 'click', () => new Promise(() => undefined));
    callbacks.on('a', 'click', () => heard.push('third'));
    expect(await callbacks.emit('a', 'click')).toEqual({ delivered: 3 });
    await turn(80);
    expect(heard).toEqual(['third']);
    expect(errors).toEqual([
      expect.stringMatching(/"a" for "click" failed.*hunter2/s),
      expect.stringMatching(/"a" for "click" failed.*longer than 30 ms/s),
    ]);
    expect(callbacks.stats()).toMatchObject({
      registered: 3,
      called: 1,
      failed: 2,
      events: { click: { called: 1, failed: 2 } },
    });
  });

  it('do not wait for themselves when one of them emits', async () => {
    const heard: unknown[] = [];
    callbacks.on('a', 'click', async () => {
      heard.push('click');
      await callbacks.emit('a', 'echo');
    });
    callbacks.on('a', 'echo', () => heard.push('echo'));
    await callbacks.emit('a', 'click');
    await turn();
    expect(heard).toEqual(['click', 'echo']);
    expect(callbacks.stats().failed).toBe(0);
  });

  it('are bounded, in number and in waiting calls', async () => {
    callbacks.on('slow', 'tick', () => new Promise(() => undefined));
    // One runs, 1,000 wait.
    for (let n = 0; n < 1_001; n += 1) {
      await callbacks.emit('slow', 'tick');
    }
    expect(await callbacks.emit('slow', 'tick')).toEqual({ delivered: 0 });
    expect(callbacks.stats().dropped).toBe(1);

    for (let n = 1; n < 10_000; n += 1) callbacks.on('many', 'tick', () => undefined);
    expect(() => callbacks.on('many', 'tick', () => undefined)).toThrow(
      expect.objectContaining({ code: 'TOO_MANY_SUBSCRIPTIONS' }),
    );
  });

  it('go with their instance, and ignore what is no message', async () => {
    callbacks.on('a', 'click', () => undefined);
    for (const message of [null, 1, 'x', {}, { id: 7 }]) await bus.publish(REMOVED_CHANNEL, message);
    for (const message of [null, { ref: 'r' }, { ref: 'r', from: 'x', instance: 'a' }]) {
      await bus.publish(callbackTopic(node.id), message);
    }
    await turn();
    expect(callbacks.stats()).toMatchObject({ registered: 1, called: 0 });
    await bus.publish(REMOVED_CHANNEL, { id: 'a' });
    await turn();
    expect(callbacks.stats().registered).toBe(0);
    expect(await callbacks.emit('a', 'click')).toEqual({ delivered: 0 });
  });
});
