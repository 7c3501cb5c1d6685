import { setTimeout as wait } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UseGuards } from '@nestjs/common';
import {
  CallerResolver,
  IsAuthenticated,
  LiveComponent,
  Presence,
  Present,
  State,
  type CallerInit,
  type CallerRequest,
  type LiveCaller,
} from 'nest-live';
import { ConnectionRouter, EventBus, NodeIdentity } from 'nest-live/extend';

import { PresenceGossip } from '../../src/features/presence/presence.gossip.js';
import { PRESENCE } from '../../src/features/presence/presence-message.js';
import type { SocketVisitor } from './socket.visitor.js';
import { TwoNodes, type Cluster, type TestNode } from './two-nodes.js';

const template = '<p>{{#each present}}{{id}} {{/each}}of {{presentCount}}</p>';

@Present('lobby', { about: ({ id }) => ({ name: id.toUpperCase() }) })
@LiveComponent('lobby', { template })
class Lobby {
  @State() nothing = 0;
}

@Present(({ room }) => `room.${String(room)}`)
@LiveComponent('room', { template, publicProps: ['room'] })
class Room {
  @State() nothing = 0;
}

@Present('lobby', { counted: false })
@UseGuards(IsAuthenticated)
@LiveComponent('window', { template })
class Window {
  @State() nothing = 0;
}

class ByHeader extends CallerResolver {
  resolve({ headers }: CallerRequest): CallerInit {
    const id = headers['x-user'] as string | undefined;
    return id ? { user: { id }, sessionId: `of-${id}`, tenant: headers['x-tenant'] as string | undefined } : {};
  }

  override recheck(caller: LiveCaller): LiveCaller {
    return caller;
  }
}

const textOf = (html = ''): string => html.replace(/<[^>]*>/g, '');

const until = async (read: () => unknown, wanted: unknown): Promise<void> => {
  const end = Date.now() + 10_000;
  while (JSON.stringify(read()) !== JSON.stringify(wanted)) {
    if (Date.now() > end) expect(read()).toEqual(wanted);
    await wait(10);
  }
};

/** Who is where, over several nodes. A backend is a row. */
export const describePresence = (name: string, makeCluster: () => Cluster | Promise<Cluster>): void => {
  describe(`presence over ${name}`, () => {
    let nodes: TwoNodes;

    beforeEach(async () => {
      const options = { callerResolver: ByHeader };
      nodes = await TwoNodes.start(await makeCluster(), { providers: [Lobby, Room, Window], options });
    });

    afterEach(() => nodes.close());

    const get = <T>({ running }: TestNode, token: abstract new (...args: never[]) => T): T =>
      running.app.get<T>(token, { strict: false });

    const enter = async (node: TestNode, user?: string, component = 'lobby', params = {}): Promise<SocketVisitor> => {
      const visitor = await nodes.visit(node, { headers: user ? { 'x-user': user } : {} });
      await visitor.open(component, params);
      return visitor;
    };

    const here = (node: TestNode, topic = 'lobby'): readonly string[] =>
      get(node, Presence)
        .list(topic, 'server')
        .map(({ id }) => id);
    const shows = (visitor: SocketVisitor, text: string): Promise<void> =>
      until(() => textOf(visitor.updates.at(-1)?.html), text);

    it('is known on every node, and shown to those who look on when somebody comes and goes', async () => {
      const ada = await enter(nodes.one, 'ada');
      const bob = await enter(nodes.two, 'bob');
      await shows(ada, 'ada bob of 2');
      await shows(bob, 'ada bob of 2');
      expect(get(nodes.one, Presence).list('lobby', 'server')[1]).toEqual({
        id: 'bob',
        since: expect.any(Number),
        about: { name: 'BOB' },
      });
      bob.close();
      await shows(ada, 'ada of 1');
      expect([here(nodes.one), here(nodes.two)]).toEqual([['ada'], ['ada']]);
    });

    it('counts several tabs of one user once, on whatever node, until the last one is closed', async () => {
      const watcher = await enter(nodes.one, 'eve', 'window');
      const tabs = [await enter(nodes.one, 'ada'), await enter(nodes.one, 'ada'), await enter(nodes.two, 'ada')];
      await shows(watcher, 'ada of 1');
      await until(() => [here(nodes.one), here(nodes.two)], [['ada'], ['ada']]);
      tabs[0].close();
      tabs[1].close();
      await wait(150);
      expect([here(nodes.one), here(nodes.two)]).toEqual([['ada'], ['ada']]);
      tabs[2].close();
      await shows(watcher, 'of 0');
    });

    it('tells an anonymous visitor how many there are, and no name', async () => {
      await enter(nodes.one, 'ada');
      const nobody = await enter(nodes.two);
      await shows(nobody, 'of 2');
      const said = JSON.stringify([nobody.updates, await nobody.ok('mount', { component: 'lobby' })]);
      expect(said).not.toMatch(/ada/i);
      const anonymous = { isAuthenticated: false, tenant: undefined } as LiveCaller;
      expect(get(nodes.two, Presence).list('lobby', anonymous)).toEqual([]);
      expect(get(nodes.two, Presence).count('lobby', anonymous)).toBe(2);
      expect(await nobody.refused('mount', { component: 'window' })).toMatchObject({
        error: { code: 'UNAUTHENTICATED' },
      });
    });

    it('keeps topics and tenants apart', async () => {
      await enter(nodes.one, 'ada', 'room', { room: 7 });
      const bob = await enter(nodes.two, 'bob', 'room', { room: 8 });
      await shows(bob, 'bob of 1');
      const away = await nodes.visit(nodes.one, { headers: { 'x-user': 'zoe', 'x-tenant': 'other' } });
      await away.open('room', { room: 8 });
      await shows(away, 'zoe of 1');
      await until(() => here(nodes.two, 'room.8'), ['bob', 'zoe']);
      expect(textOf(bob.updates.at(-1)?.html)).toBe('bob of 1');
    });

    it('forgets the people of a node that is gone without a word', async () => {
      const ada = await enter(nodes.one, 'ada');
      await enter(nodes.two, 'bob');
      await shows(ada, 'ada bob of 2');
      // A killed node says nothing any more; the router forgets it when its time is over.
      get(nodes.two, PresenceGossip).stop();
      await get(nodes.two, ConnectionRouter).withdraw(get(nodes.two, NodeIdentity).id);
      await get(nodes.one, PresenceGossip).beat();
      await shows(ada, 'ada of 1');
    });

    it('finds out what it has missed', async () => {
      const ada = await enter(nodes.one, 'ada');
      const bus = get(nodes.two, EventBus);
      const { publish } = bus;
      bus.publish = (topic, message) => (topic === PRESENCE ? Promise.resolve() : publish.call(bus, topic, message));
      await enter(nodes.two, 'bob');
      await until(() => here(nodes.two), ['ada', 'bob']);
      expect(here(nodes.one)).toEqual(['ada']);
      bus.publish = publish;
      await get(nodes.two, PresenceGossip).beat();
      await shows(ada, 'ada bob of 2');
    });

    it('is not disturbed by what others write to the same channel', async () => {
      const bus = get(nodes.one, EventBus);
      const forged = [
        null,
        7,
        'ask',
        {},
        { kind: 'said', node: 'x', v: 1, topic: 'lobby', people: [{ who: 1 }] },
        { kind: 'begin', node: 'x', v: 'many', topics: [] },
      ];
      for (const message of forged) await bus.publish(PRESENCE, message);
      const ada = await enter(nodes.two, 'ada');
      await shows(ada, 'ada of 1');
    });
  });
};
