import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Computed, LiveComponent, LivePublisher, OnEvent, OnTopic, State } from 'nest-live';
import { ConnectionRouter, EventBus, NodeIdentity, StateStore } from 'nest-live/extend';

import { HINTS, REDRAWS, TOPICS } from '../../src/features/broadcasting/bus-message.js';
import { JoinedKeeper } from '../../src/transport/socket/joined.keeper.js';
import { HttpVisitor } from './http.visitor.js';
import type { SocketVisitor } from './socket.visitor.js';
import { TwoNodes, type Cluster, type TestNode } from './two-nodes.js';

/** How often the template of the reading component was rendered: data that no version tells of. */
let readings = 0;

@LiveComponent('tally', { template: '<p><output>{{count}}</output> heard {{heard}} read {{reading}}</p>' })
class Tally {
  @State() count = 0;
  @State() heard = 0;

  @Computed()
  get reading(): number {
    return readings;
  }

  @OnEvent()
  add(): void {
    this.count += 1;
  }

  @OnTopic('bells.*')
  hear(): void {
    this.heard += 1;
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

/** What several nodes over one backend do. A backend is a row. */
export const describeNodes = (name: string, makeCluster: () => Cluster | Promise<Cluster>): void => {
  describe(`two nodes over ${name}`, () => {
    let nodes: TwoNodes;

    const get = <T>({ running }: TestNode, token: abstract new (...args: never[]) => T): T =>
      running.app.get<T>(token, { strict: false });

    beforeAll(async () => {
      nodes = await TwoNodes.start(await makeCluster(), { providers: [Tally] });
    });

    afterAll(() => nodes.close());

    it('shows on one node what was done on the other, and serves events of one instance on both', async () => {
      const { here, there, id, seen } = await nodes.watch('tally');
      expect(await here.event(id, 'add', { seq: 1 })).toMatchObject({ ok: true, version: 1 });
      await shows(there, '<output>1</output>');
      expect(there.updates.at(-1)).toMatchObject({ component_id: id, h: seen.h, version: 1, epoch: seen.epoch });
      expect(await there.event(id, 'add', { seq: 1 })).toMatchObject({ ok: true, version: 2 });
      await shows(here, '<output>2</output>');
    });

    it('shows every viewer the last of many concurrent events, and nobody an older one after a newer', async () => {
      const { here, there, id } = await nodes.watch('tally');
      const events = Array.from({ length: 15 }, (_, index) => [
        here.event(id, 'add', { seq: index + 1 }),
        there.event(id, 'add', { seq: index + 1 }),
      ]).flat();
      const versions = (await Promise.all(events)).map((reply) => (reply.ok ? reply.version : reply.error.code));
      expect([...versions].sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
      for (const [visitor, offset] of [
        [here, 0],
        [there, 1],
      ] as const) {
        const answered = versions.filter((_, index) => index % 2 === offset).map(Number);
        await until(
          () => Math.max(...answered, ...visitor.updates.map(({ version }) => version)) === 30,
          'the last version',
        );
        const pushed = visitor.updates.map(({ version }) => version);
        expect(pushed).toEqual([...pushed].sort((a, b) => a - b));
      }
    });

    it('applies a message to a topic once, and shows it on both nodes', async () => {
      const { here, there, id } = await nodes.watch('tally');
      for (let n = 1; n <= 5; n += 1) {
        await get(n % 2 ? nodes.one : nodes.two, LivePublisher).broadcast('bells.noon', n);
        await shows(here, `heard ${n} `);
        await shows(there, `heard ${n} `);
      }
      expect(await get(nodes.one, StateStore).peek(id)).toMatchObject({ version: 5 });
      expect(await here.event(id, 'add', { seq: 1 })).toMatchObject({ ok: true, version: 6 });
    });

    it('heals a lost hint by the next sweep', async () => {
      const { here, there, id } = await nodes.watch('tally');
      nodes.two.backend.events.isDeaf = true;
      try {
        await here.event(id, 'add', { seq: 1 });
        await wait(100);
        expect(there.updates).toEqual([]);
        const lost = Date.now();
        await shows(there, '<output>1</output>');
        expect(Date.now() - lost).toBeLessThan(6_000);
      } finally {
        nodes.two.backend.events.isDeaf = false;
      }
    });

    it('pushes to an instance on the nodes that hold it, and on all when the router does not answer', async () => {
      const { here, there, id } = await nodes.watch('tally');
      const router = get(nodes.one, ConnectionRouter);
      const holders = [nodes.one, nodes.two].map((node) => get(node, NodeIdentity).id).sort();
      await until(async () => (await router.holders({ kind: 'instance', id })).length === 2, 'both claims');
      expect([...(await router.holders({ kind: 'instance', id }))].sort()).toEqual(holders);
      expect(await router.holders({ kind: 'connection', id: there.socket.id ?? '' })).toEqual([
        get(nodes.two, NodeIdentity).id,
      ]);

      const redraws: unknown[] = [];
      const unsubscribe = get(nodes.one, EventBus).subscribe(REDRAWS, (message) => void redraws.push(message));
      await unsubscribe.ready;
      readings = 1;
      await get(nodes.one, LivePublisher).push({ instance: id });
      await Promise.all([shows(here, 'read 1'), shows(there, 'read 1')]);
      expect(redraws).toEqual([]);

      nodes.one.backend.down.add('connections');
      readings = 2;
      await get(nodes.one, LivePublisher).push({ instance: id });
      await Promise.all([shows(here, 'read 2'), shows(there, 'read 2')]);
      nodes.one.backend.down.clear();
      await until(() => redraws.length === 1, 'the message to all');
      unsubscribe();

      await there.ok('leave', { component_id: id });
      await until(async () => (await router.holders({ kind: 'instance', id })).length === 1, 'the release');
    });

    it('tells a router that came back what it did not hear', async () => {
      nodes.two.backend.down.add('connections');
      const { there, id } = await nodes.watch('tally');
      const router = get(nodes.one, ConnectionRouter);
      await wait(50);
      expect(await router.holders({ kind: 'instance', id })).not.toContain(get(nodes.two, NodeIdentity).id);
      nodes.two.backend.down.clear();
      await get(nodes.two, JoinedKeeper).sweep();
      expect(await router.holders({ kind: 'instance', id })).toContain(get(nodes.two, NodeIdentity).id);
      expect(there.errors).toEqual([]);
    });

    it('ends nothing while the store does not answer', async () => {
      const { here, there, id } = await nodes.watch('tally');
      nodes.two.backend.down.add('state');
      await here.event(id, 'add', { seq: 1 });
      await get(nodes.two, JoinedKeeper).sweep();
      await get(nodes.two, LivePublisher).push({ instance: id });
      await wait(50);
      expect(there.errors).toEqual([]);
      nodes.two.backend.down.clear();
      await get(nodes.two, JoinedKeeper).sweep();
      await shows(there, '<output>1</output>');
      expect(there.errors).toEqual([]);
    });

    it('applies a message that came while the store did not answer', async () => {
      const { here, there } = await nodes.watch('tally');
      nodes.one.backend.down.add('state');
      nodes.two.backend.down.add('state');
      await get(nodes.one, LivePublisher).broadcast('bells.night');
      await wait(250);
      nodes.one.backend.down.clear();
      nodes.two.backend.down.clear();
      await Promise.all([shows(here, 'heard 1 '), shows(there, 'heard 1 ')]);
      expect([...here.errors, ...there.errors]).toEqual([]);
    });

    it('tells a viewer once that its instance is gone', async () => {
      const { here, there, id } = await nodes.watch('tally');
      await get(nodes.one, StateStore).end(id);
      await get(nodes.two, JoinedKeeper).sweep();
      expect(await there.refusedPush()).toMatchObject({ component_id: id, error: { code: 'INSTANCE_NOT_FOUND' } });
      await get(nodes.two, JoinedKeeper).sweep();
      await get(nodes.two, JoinedKeeper).touchAll();
      await wait(50);
      expect(there.errors).toHaveLength(1);
      expect(here.errors).toEqual([]);
    });

    it('takes an event in the compact form over HTTP on either node, whole where the other one has shown the last render', async () => {
      const [one, two] = [nodes.one, nodes.two].map(({ running }) => new HttpVisitor(running.url));
      const { state } = await one.mount('tally');
      const first = await one.ok('tally', { event: 'add', seq: 1, state, render: 0 });
      const { short, render } = first;
      const send = (node: HttpVisitor, body: unknown[]) => node.post('tally', JSON.stringify(body));
      const { reply: there } = await send(two, [[short, 1, render, 1], 2, 'add']);
      expect(there).toMatchObject({ ok: true, version: 2, html: expect.stringContaining('<output>2</output>') });
      const shown = there.ok ? there.render : 0;
      const { reply: again } = await send(two, [[short, 2, shown, 1], 3, 'add']);
      expect(again).toEqual([3, shown + 1, [2, [1, '3']]]);
      const { reply: back } = await send(one, [[short, 3, shown + 1, 1], 4, 'add']);
      expect(back).toMatchObject({ ok: true, version: 4, html: expect.stringContaining('<output>4</output>') });
      const { reply: repeated } = await send(two, [[short, 3, shown + 1, 1], 4, 'add']);
      expect(repeated).toMatchObject({ ok: true, version: 4, dup: true });
    });

    it('ignores what is no message of ours on the channels of the nodes', async () => {
      const { here, there, id } = await nodes.watch('tally');
      const bus = get(nodes.one, EventBus);
      const nonsense = [
        null,
        7,
        'x',
        [],
        {},
        { id: 7 },
        { id: [id], e: 1, v: 'x' },
        { topic: 7 },
        { id: 'x'.repeat(300) },
      ];
      for (const message of nonsense) {
        await bus.publish(HINTS, message);
        await bus.publish(REDRAWS, message);
        await bus.append(TOPICS, message);
      }
      await bus.publish(HINTS, { id, e: 'x', v: -1, node: 'n' });
      await here.event(id, 'add', { seq: 1 });
      await shows(there, '<output>1</output>');
      expect(there.updates).toHaveLength(1);
      expect([...here.errors, ...there.errors]).toEqual([]);
    });
  });
};
