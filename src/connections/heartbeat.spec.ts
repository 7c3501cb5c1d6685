import { setTimeout as wait } from 'node:timers/promises';

import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { Heartbeat } from './heartbeat.js';
import { MemoryConnectionRouter } from './memory.connection-router.js';
import { NodeIdentity } from './node-identity.js';

/** A router that can be out of reach. */
class FlakyConnectionRouter extends MemoryConnectionRouter {
  isDown = false;
  beats = 0;

  override announce(node: string): Promise<boolean> {
    this.beats += 1;
    return this.isDown ? Promise.reject(new Error('out of reach')) : super.announce(node);
  }
}

const until = async (isDone: () => boolean): Promise<void> => {
  while (!isDone()) await wait(1);
};

describe('heartbeat', () => {
  const node = new NodeIdentity('n');
  let heartbeat: Heartbeat;

  afterEach(() => heartbeat.stop());

  it('announces the node at once and again, and withdraws it at the end', async () => {
    const router = new FlakyConnectionRouter({ nodeTtlMs: 30 });
    heartbeat = new Heartbeat(router, node);
    await heartbeat.start();
    expect(await router.nodes()).toEqual([node.id]);
    await until(() => router.beats > 3);
    await heartbeat.stop();
    expect(await router.nodes()).toEqual([]);
    const { beats } = router;
    await wait(60);
    expect(router.beats).toBe(beats);
  });

  it('asks to claim again whenever the router may have forgotten', async () => {
    const router = new FlakyConnectionRouter({ nodeTtlMs: 30 });
    heartbeat = new Heartbeat(router, node);
    let asked = 0;
    const off = heartbeat.onForgotten(() => void (asked += 1));
    await heartbeat.start();
    expect(asked).toBe(1);
    await router.withdraw(node.id);
    await until(() => asked === 2);
    off();
    await router.withdraw(node.id);
    const { beats } = router;
    await until(() => router.beats > beats + 1);
    expect(asked).toBe(2);
  });

  it('asks once more when claiming again has failed', async () => {
    jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    heartbeat = new Heartbeat(new FlakyConnectionRouter({ nodeTtlMs: 15 }), node);
    let asked = 0;
    heartbeat.onForgotten(async () => {
      asked += 1;
      if (asked === 1) throw new Error('out of reach');
    });
    await heartbeat.start();
    await until(() => asked === 2);
    jest.restoreAllMocks();
  });

  it('goes on through an outage and logs it once', async () => {
    const router = new FlakyConnectionRouter({ nodeTtlMs: 15 });
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const log = jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    router.isDown = true;
    heartbeat = new Heartbeat(router, node);
    await heartbeat.start();
    await until(() => router.beats > 3);
    expect(error).toHaveBeenCalledTimes(1);
    router.isDown = false;
    await until(() => log.mock.calls.length > 0);
    expect(await router.nodes()).toEqual([node.id]);
    jest.restoreAllMocks();
  });
});
