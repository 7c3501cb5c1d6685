import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';

import type { Route } from './connection-router.js';
import { Heartbeat } from './heartbeat.js';
import { MemoryConnectionRouter } from './memory.connection-router.js';
import { NodeIdentity } from './node-identity.js';
import { RouteClaims } from './route-claims.js';

/** Says what it was asked, answers when it is let, and can be out of order. */
class WatchedRouter extends MemoryConnectionRouter {
  readonly calls: string[] = [];
  isDown = false;
  /** Hears the call and loses the answer. */
  isMute = false;
  gate: Promise<void> = Promise.resolve();

  override async claim(node: string, routes: readonly Route[]): Promise<void> {
    await this.note('claim', routes, () => super.claim(node, routes));
  }

  override async release(node: string, routes: readonly Route[]): Promise<void> {
    await this.note('release', routes, () => super.release(node, routes));
  }

  private async note(call: string, routes: readonly Route[], run: () => Promise<void>): Promise<void> {
    this.calls.push(`${call} ${routes.map(({ id }) => id).join(' ')}`);
    await this.gate;
    if (this.isDown) throw new Error('down');
    await run();
    if (this.isMute) throw new Error('no answer');
  }
}

const route = (id: string): Route => ({ kind: 'instance', id });

describe('RouteClaims', () => {
  const node = new NodeIdentity('here');
  let router: WatchedRouter;
  let heartbeat: Heartbeat;
  let claims: RouteClaims;

  const holds = async (id: string): Promise<boolean> => (await router.holders(route(id))).includes(node.id);

  beforeEach(async () => {
    Logger.overrideLogger(false);
    router = new WatchedRouter();
    heartbeat = new Heartbeat(router, node);
    claims = new RouteClaims(router, node, heartbeat);
    await heartbeat.start();
  });

  afterEach(() => heartbeat.stop());

  it('tells what came and went in one turn in one call each, and what did both not at all', async () => {
    ['a', 'b', 'c'].forEach((id) => claims.hold(route(id)));
    claims.drop(route('c'));
    await claims.repair();
    claims.drop(route('a'));
    claims.hold(route('d'));
    claims.drop(route('b'));
    claims.hold(route('b'));
    await claims.repair();
    expect(router.calls).toEqual(['claim a b', 'claim d', 'release a']);
    expect(await Promise.all(['a', 'b', 'c', 'd'].map(holds))).toEqual([false, true, false, true]);
  });

  it('releases what was dropped while it was being claimed', async () => {
    let open: () => void = () => undefined;
    router.gate = new Promise((resolve) => (open = resolve));
    claims.hold(route('a'));
    const told = claims.repair();
    await new Promise((resolve) => setImmediate(resolve));
    expect(router.calls).toEqual(['claim a']);
    claims.drop(route('a'));
    open();
    await told;
    await claims.repair();
    expect(router.calls).toEqual(['claim a', 'release a']);
    expect(await holds('a')).toBe(false);
    expect(claims.size).toEqual({ held: 0, told: 0, waiting: 0 });
  });

  it('tells a router later what it did not hear, and takes back what it may have heard', async () => {
    router.isDown = true;
    claims.hold(route('a'));
    await claims.repair();
    expect(claims.size.waiting).toBe(1);
    router.isDown = false;
    router.isMute = true;
    claims.hold(route('b'));
    await claims.repair();
    router.isMute = false;
    claims.drop(route('b'));
    await claims.repair();
    expect(await Promise.all([holds('a'), holds('b')])).toEqual([true, false]);
    expect(claims.size).toEqual({ held: 1, told: 1, waiting: 0 });
  });

  it('claims everything again when the router has forgotten this node', async () => {
    claims.hold(route('a'));
    await claims.repair();
    await router.withdraw(node.id);
    await heartbeat.stop();
    await heartbeat.start();
    expect(await holds('a')).toBe(true);
  });
});
