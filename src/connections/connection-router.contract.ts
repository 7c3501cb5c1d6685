import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { ConnectionRouter, ConnectionRouterOptions, Route } from './connection-router.js';

/** A router of one node, and another node's of the same backend. */
export interface RouterRow {
  readonly routers: readonly [ConnectionRouter, ConnectionRouter];
  /** Entries the backend holds for routes and nodes, living or not. */
  count(): Promise<number>;
}

export type MakeRouters = (options: ConnectionRouterOptions) => Promise<RouterRow>;

const TTL = 1_000;
const instance = (id: string): Route => ({ kind: 'instance', id });
const connection = (id: string): Route => ({ kind: 'connection', id });

/** What every adapter of the port keeps. */
export const describeConnectionRouter = (name: string, make: MakeRouters): void => {
  describe(`${name} connection router`, () => {
    let time: number;
    let row: RouterRow;
    let router: ConnectionRouter;
    let other: ConnectionRouter;

    beforeEach(async () => {
      time = 1_000_000;
      row = await make({ nodeTtlMs: TTL, now: () => time });
      [router, other] = row.routers;
    });

    afterEach(async () => {
      await router.close();
      await other.close();
    });

    it('says for how long it believes in a node', () => {
      expect(router.nodeTtlMs).toBe(TTL);
    });

    it('knows the holders of a route on all nodes, in a stable order', async () => {
      await router.announce('b');
      await other.announce('a');
      await router.claim('b', [instance('i'), connection('c')]);
      await other.claim('a', [instance('i')]);
      expect(await router.holders(instance('i'))).toEqual(['a', 'b']);
      expect(await other.holders(instance('i'))).toEqual(['a', 'b']);
      expect(await other.holders(connection('c'))).toEqual(['b']);
      expect(await other.holders(instance('c'))).toEqual([]);
      expect(await other.nodes()).toEqual(['a', 'b']);
    });

    it('counts a claim and a release once, however often they are said', async () => {
      await router.announce('a');
      await router.claim('a', [instance('i'), instance('i')]);
      await router.claim('a', [instance('i')]);
      expect(await router.holders(instance('i'))).toEqual(['a']);
      await router.release('a', [instance('i')]);
      await router.release('a', [instance('i')]);
      expect(await router.holders(instance('i'))).toEqual([]);
    });

    it('names living nodes only, and a node lives for as long as it is announced', async () => {
      await router.announce('a');
      await router.announce('b');
      for (const node of ['a', 'b']) await router.claim(node, [instance('i')]);
      time += TTL - 1;
      await router.announce('a');
      expect(await router.holders(instance('i'))).toEqual(['a', 'b']);
      time += 1;
      expect(await router.holders(instance('i'))).toEqual(['a']);
      expect(await router.nodes()).toEqual(['a']);
    });

    it('says whether a node was alive all along', async () => {
      expect(await router.announce('a')).toBe(false);
      time += TTL - 1;
      expect(await router.announce('a')).toBe(true);
      time += TTL;
      expect(await router.announce('a')).toBe(false);
      await router.withdraw('a');
      expect(await router.announce('a')).toBe(false);
    });

    it('counts what a node claims before it is announced, from then on', async () => {
      await router.claim('a', [instance('i')]);
      expect(await router.holders(instance('i'))).toEqual([]);
      expect(await router.nodes()).toEqual([]);
      expect(await router.announce('a')).toBe(false);
      expect(await router.holders(instance('i'))).toEqual(['a']);
    });

    it('forgets all of a node that withdraws, and nothing of another', async () => {
      const many = Array.from({ length: 1_300 }, (_, index) => connection(`c${index}`));
      for (const node of ['a', 'b']) {
        await router.announce(node);
        await router.claim(node, [...many, instance('i')]);
      }
      await router.withdraw('a');
      expect(await router.holders(instance('i'))).toEqual(['b']);
      expect(await router.holders(many[1_299])).toEqual(['b']);
      expect(await router.nodes()).toEqual(['b']);
      await router.withdraw('b');
      expect(await row.count()).toBe(0);
    });

    it('does not keep what dead nodes left behind', async () => {
      await router.announce('dead');
      await router.claim('dead', [instance('i'), ...Array.from({ length: 1_300 }, (_, i) => connection(`c${i}`))]);
      await router.claim('never announced', [instance('i')]);
      time += TTL;
      for (let beat = 0; beat < 5; beat += 1) await other.announce('a');
      await other.withdraw('a');
      expect(await row.count()).toBe(0);
    });

    it('keeps nothing of what was released', async () => {
      await router.announce('a');
      const empty = await row.count();
      await router.claim('a', [instance('i'), connection('c')]);
      await router.release('a', [instance('i'), connection('c')]);
      expect(await row.count()).toBe(empty);
    });

    it('does not mix up routes and nodes of any name', async () => {
      const names = ['x', 'x:y', 'instance:x', '*', '', 'é\n'];
      await router.announce('n:*');
      await router.claim('n:*', names.map(instance));
      for (const id of names) expect(await router.holders(instance(id))).toEqual(['n:*']);
      expect(await router.holders(connection('x'))).toEqual([]);
      await router.release('n:*', [instance('x')]);
      expect(await router.holders(instance('instance:x'))).toEqual(['n:*']);
    });
  });
};
