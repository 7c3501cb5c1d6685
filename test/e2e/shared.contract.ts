import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ComponentsService, Live, LiveCallbacks, LiveComponent, LiveContext, OnEvent, Payload, State } from 'nest-live';
import { ConnectionRouter } from 'nest-live/extend';

import type { SocketVisitor } from './socket.visitor.js';
import { TwoNodes, type Cluster, type TestNode } from './two-nodes.js';

@LiveComponent('grid', { template: '<p><output>{{picked}}</output></p>' })
class Grid {
  @State() picked = '';

  constructor(private readonly callbacks: LiveCallbacks) {}

  @OnEvent()
  async pick(@Payload('row') row: string, @Live() live: LiveContext): Promise<void> {
    this.picked = row;
    await this.callbacks.emit(live.id, 'row:click', { row });
  }
}

const until = async (reached: () => boolean | Promise<boolean>, what: string): Promise<void> => {
  const end = Date.now() + 10_000;
  while (!(await reached())) {
    if (Date.now() > end) throw new Error(`waited for ${what} in vain`);
    await wait(10);
  }
};

const shows = (visitor: SocketVisitor, text: string): Promise<void> =>
  until(() => visitor.updates.at(-1)?.html.includes(text) === true, `a render with "${text}"`);

/** What instances and callbacks of the server do over two nodes. A backend is a row. */
export const describeSharedInstances = (name: string, makeCluster: () => Cluster | Promise<Cluster>): void => {
  describe(`shared instances of two nodes over ${name}`, () => {
    let nodes: TwoNodes;

    const get = <T>({ running }: TestNode, token: abstract new (...args: never[]) => T): T =>
      running.app.get<T>(token, { strict: false });
    const components = (node: TestNode): ComponentsService => get(node, ComponentsService);
    const callbacks = (node: TestNode): LiveCallbacks => get(node, LiveCallbacks);
    /** A registered callback is known to the other node from a moment later on. */
    const known = (id: string): Promise<void> =>
      until(
        async () => (await get(nodes.one, ConnectionRouter).holders({ kind: 'callback', id })).length > 0,
        'the router to know the callback',
      );

    beforeAll(async () => {
      nodes = await TwoNodes.start(await makeCluster(), { providers: [Grid] });
    });

    afterEach(async () => {
      for (const { id } of await components(nodes.one).list()) await components(nodes.one).remove(id);
    });

    afterAll(() => nodes.close());

    it('are made on one node, and found, shown, changed and removed on the other', async () => {
      const { id } = await components(nodes.one).mount('grid', { id: 'board', tags: ['lobby'] });
      expect(await components(nodes.two).get(id)).toMatchObject({ component: 'grid', fields: { picked: '' } });
      expect(await components(nodes.two).list({ tag: 'lobby' })).toHaveLength(1);
      expect(await components(nodes.two).mount('grid', { id })).toMatchObject({ id, version: 0 });
      expect(await components(nodes.two).show(id)).toContain('live-id="board"');

      const [here, there] = [await nodes.visit(nodes.one), await nodes.visit(nodes.two)];
      await here.ok('subscribe', { component_id: id });
      await there.ok('subscribe', { component_id: id });
      await components(nodes.two).update(id, { fields: { picked: 'two' } });
      await Promise.all([here, there].map((visitor) => shows(visitor, '<output>two</output>')));

      expect(await components(nodes.one).remove(id)).toBe(true);
      for (const visitor of [here, there]) {
        expect(await visitor.refusedPush()).toMatchObject({ component_id: id, error: { code: 'INSTANCE_NOT_FOUND' } });
      }
      expect(await components(nodes.two).count()).toBe(0);
      expect(await components(nodes.two).remove(id)).toBe(false);
    });

    it('are made once, however many nodes make them at once', async () => {
      const made = await Promise.all(
        Array.from({ length: 10 }, (_, n) => components(n % 2 ? nodes.one : nodes.two).mount('grid', { id: 'start' })),
      );
      expect(new Set(made.map(({ madeAt }) => madeAt.getTime())).size).toBe(1);
      expect(await components(nodes.one).count()).toBe(1);
    });

    it('reach their callbacks from the node of the click, wherever those are', async () => {
      const { id } = await components(nodes.one).mount('grid');
      const heard: string[] = [];
      const off = [
        callbacks(nodes.one).on(id, 'row:click', ({ row }: { row: string }) => heard.push(`one ${row}`)),
        callbacks(nodes.two).on(id, 'row:click', ({ row }: { row: string }) => heard.push(`two ${row}`)),
      ];
      await known(id);
      await until(
        async () => (await get(nodes.one, ConnectionRouter).holders({ kind: 'callback', id })).length === 2,
        'both nodes',
      );
      const there = await nodes.visit(nodes.two);
      await there.ok('subscribe', { component_id: id });
      await there.event(id, 'pick', { seq: 1, payload: { row: 'r7' } });
      await until(() => heard.length === 2, 'both callbacks');
      expect([...heard].sort()).toEqual(['one r7', 'two r7']);
      expect(await there.event(id, 'pick', { seq: 1, payload: { row: 'r7' } })).toMatchObject({ dup: true });
      expect(await callbacks(nodes.two).emit(id, 'row:click', { row: 'r8' })).toEqual({ delivered: 2 });
      expect(await callbacks(nodes.two).emit(id, 'row:drag')).toEqual({ delivered: 0 });
      off.forEach((end) => end());
      await until(
        async () => (await get(nodes.two, ConnectionRouter).holders({ kind: 'callback', id })).length === 0,
        'the router to forget',
      );
      expect(await callbacks(nodes.two).emit(id, 'row:click', { row: 'r9' })).toEqual({ delivered: 0 });
      expect(heard).toHaveLength(4);
    });

    it('may be changed by a callback whose event is still being handled on the other node', async () => {
      const { id } = await components(nodes.one).mount('grid');
      callbacks(nodes.one).on(id, 'row:click', ({ row }: { row: string }) =>
        components(nodes.one).update(id, { fields: { picked: `${row} seen` } }),
      );
      await known(id);
      const there = await nodes.visit(nodes.two);
      await there.ok('subscribe', { component_id: id });
      expect(await there.event(id, 'pick', { seq: 1, payload: { row: 'r1' } })).toMatchObject({ ok: true });
      // Either may be saved first: whichever is second is computed from the other's state.
      await until(async () => (await components(nodes.two).get(id))?.version === 2, 'both changes');
    });

    it('lose their callbacks on every node when they are removed', async () => {
      const { id } = await components(nodes.one).mount('grid');
      callbacks(nodes.one).on(id, 'row:click', () => undefined);
      callbacks(nodes.two).on(id, 'row:click', () => undefined);
      await components(nodes.two).remove(id);
      await until(
        () => callbacks(nodes.one).stats().registered + callbacks(nodes.two).stats().registered === 0,
        'no callback',
      );
    });
  });
};
