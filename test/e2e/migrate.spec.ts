import { Module, type Type } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ComponentsModule, LiveComponent, Migrate, OnEvent, State, type StateHolding } from 'nest-live';
import { Backend, MemoryBackend } from 'nest-live/extend';

import { HttpVisitor } from './http.visitor.js';
import { RunningApp } from './running-app.js';

interface OldOrder {
  readonly placed: string;
  readonly items: number;
}

/** Three releases of one component. */
@LiveComponent('order', { shape: 1, template: '<p>{{items}}</p>' })
class FirstOrder {
  @State() placed = new Date(1_000);
  @State() items = 0;

  @OnEvent()
  add(): void {
    this.items += 1;
  }
}

@LiveComponent('order', { shape: 3, template: '<p>{{lines}} {{year}}</p>' })
class ThirdOrder {
  static readonly seen: unknown[] = [];

  @Migrate(1)
  static named({ items, ...rest }: OldOrder): object {
    return { ...rest, lines: items };
  }

  @Migrate(2)
  static dated({ placed, ...rest }: { placed: Date }): object {
    ThirdOrder.seen.push(placed);
    return { ...rest, year: placed.getUTCFullYear() };
  }

  @State() lines = 0;
  @State() year = 0;

  @OnEvent()
  add(): void {
    this.lines += 1;
  }
}

@LiveComponent('order', { shape: 3, template: '<p>{{lines}}</p>' })
class UnmigratedOrder {
  @State() lines = 0;

  @OnEvent()
  add(): void {
    this.lines += 1;
  }
}

@LiveComponent('order', { shape: 2, template: '<p>{{lines}}</p>' })
class FailingOrder {
  @Migrate(1)
  static never(): object {
    throw new Error('this one is beyond help');
  }

  @State() lines = 0;

  @OnEvent()
  add(): void {
    this.lines += 1;
  }
}

/** Releases that run side by side on one store, as nodes do while a deployment is under way. */
class Fleet {
  readonly backend = new MemoryBackend();
  private readonly nodes: RunningApp[] = [];

  async release(component: Type, state: StateHolding = 'server'): Promise<RunningApp> {
    const backend = { provide: Backend, useValue: this.backend };
    @Module({ providers: [backend], exports: [Backend] })
    class Shared {}
    const root = ComponentsModule.forRoot({ imports: [Shared], state });
    const node = await RunningApp.start({ root, providers: [component] });
    this.nodes.push(node);
    return node;
  }

  async end(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.close()));
  }
}

describe.each<StateHolding>(['server', 'client'])('a new release, with state that the %s holds', (holding) => {
  let fleet: Fleet;

  afterEach(() => fleet.end());

  /** A page of the first release, and the same person at another node. */
  const begin = async (events: number) => {
    fleet = new Fleet();
    const old = await fleet.release(FirstOrder, holding);
    const http = new HttpVisitor(old.url);
    const { component_id, ...mounted } = await http.mount('order');
    let { state } = mounted;
    for (let i = 0; i < events; i += 1) ({ state } = await http.ok('order', { state, event: 'add' }));
    const at = (node: RunningApp): HttpVisitor => {
      const visitor = new HttpVisitor(node.url, { cookie: http.cookie });
      return Object.assign(visitor, { page: http.page });
    };
    return { old, http, state, component_id, mounted, at };
  };

  it.each([0, 2])('goes on where the page was, after %i events', async (events) => {
    const { state, component_id, at } = await begin(events);
    ThirdOrder.seen.length = 0;
    const newer = at(await fleet.release(ThirdOrder, holding));
    const looked = await newer.ok('order', { state });
    const next = await newer.ok('order', { state: looked.state, event: 'add' });
    expect(next).toMatchObject({
      version: events + 1,
      html: expect.stringContaining(`>${events + 1} 1970<`),
    });
    expect(ThirdOrder.seen[0]).toEqual(new Date(1_000));
    const migrations = ThirdOrder.seen.length;
    const again = await newer.ok('order', { state: next.state, event: 'add' });
    expect(again.html).toContain(`>${events + 2} 1970<`);
    // Saved with the event in between: there is nothing left to migrate.
    expect(ThirdOrder.seen).toHaveLength(migrations);
    const stored = await fleet.backend.state.peek(component_id);
    expect(stored).toMatchObject({ shape: 3, version: events + 2 });
  });

  it('that cannot migrate says so, uses nothing of the state, and mounts again from the same page', async () => {
    const { state, mounted, at } = await begin(2);
    for (const release of [UnmigratedOrder, FailingOrder]) {
      const newer = at(await fleet.release(release, holding));
      const refused = await newer.refused('order', { state, event: 'add' });
      expect(refused).toMatchObject({ status: 409, error: { code: 'STATE_OUTDATED', consumed: false } });
      const fresh = await newer.ok('order', { ticket: mounted.state });
      expect((await newer.ok('order', { state: fresh.state, event: 'add' })).html).toContain('>1<');
    }
  });

  it('that is rolled back leaves the newer state alone, and whole', async () => {
    const { old, state, component_id, at } = await begin(1);
    const newer = at(await fleet.release(ThirdOrder, holding));
    const next = await newer.ok('order', { state, event: 'add' });
    const before = await fleet.backend.state.peek(component_id);
    const refused = await at(old).refused('order', { state: next.state, event: 'add' });
    expect(refused.error.code).toBe('STATE_OUTDATED');
    expect(await fleet.backend.state.peek(component_id)).toEqual(before);
    expect((await newer.ok('order', { state: next.state, event: 'add' })).html).toContain('>3 1970<');
  });
});
