import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Inject, Injectable, Render, Scope, UseGuards, type CanActivate } from '@nestjs/common';
import {
  ContextIdFactory,
  REQUEST,
  type ContextId,
  type ContextIdResolver,
  type ContextIdResolverFn,
  type ContextIdStrategy,
  type HostComponentInfo,
} from '@nestjs/core';
import { LiveComponent, OnEvent, OnTopic, LivePublisher, State } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { StreamVisitor } from '../e2e/stream.visitor.js';
import { WAYS } from '../e2e/two-ways.js';
import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';

interface Asked {
  readonly headers: Record<string, string | undefined>;
}

const tenantOf = ({ headers }: Asked): string => headers['x-tenant'] ?? 'nobody';

/** As Nest's own documentation has it: what is durable lives once for each tenant. */
class ByTenant implements ContextIdStrategy {
  private readonly trees = new Map<string, ContextId>();

  attach(contextId: ContextId, request: Asked): ContextIdResolver | ContextIdResolverFn {
    const tenantId = tenantOf(request);
    const tree = this.trees.get(tenantId) ?? { id: Math.random() };
    this.trees.set(tenantId, tree);
    return {
      resolve: ({ isTreeDurable }: HostComponentInfo) => (isTreeDurable ? tree : contextId),
      payload: { tenantId },
    };
  }
}

@Injectable({ scope: Scope.REQUEST, durable: true })
class Ledger {
  static made: string[] = [];
  readonly tenant: string;

  constructor(@Inject(REQUEST) { tenantId }: { readonly tenantId: string }) {
    this.tenant = tenantId;
    Ledger.made.push(tenantId);
  }
}

@Injectable({ scope: Scope.REQUEST })
class Visit {
  static made = 0;

  constructor(@Inject(REQUEST) readonly request: Asked & { readonly tenantId?: string }) {
    Visit.made += 1;
  }
}

@Injectable({ scope: Scope.REQUEST, durable: true })
class OpenLedger implements CanActivate {
  constructor(private readonly ledger: Ledger) {}

  canActivate(): boolean {
    return this.ledger.tenant !== 'nobody';
  }
}

/** All it needs is durable; it is nobody's but the interaction's. */
@UseGuards(OpenLedger)
@LiveComponent('book', { template: '<div>{{tenant}} {{count}} {{scratch}}</div>' })
class Book {
  @State() count = 0;
  private scratch = 0;

  constructor(private readonly ledger: Ledger) {}

  beforeRender(): object {
    this.scratch += 1;
    return { tenant: this.ledger.tenant, scratch: this.scratch };
  }

  @OnEvent()
  step(): void {
    this.count += 1;
  }

  @OnTopic('audit')
  audit(): void {
    this.count += 10;
  }
}

/** Some of what it needs is durable, and some is not. */
@LiveComponent('desk', { template: '<div>{{tenant}} {{name}} {{assigned}} {{count}}</div>' })
class Desk {
  @State() count = 0;

  constructor(
    private readonly ledger: Ledger,
    private readonly visit: Visit,
  ) {}

  beforeRender(): object {
    const { headers, tenantId } = this.visit.request;
    return { tenant: this.ledger.tenant, name: headers['x-user'], assigned: tenantId };
  }

  @OnEvent()
  step(): void {
    this.count += 1;
  }
}

@Controller()
class Pages {
  constructor(private readonly visit: Visit) {}

  @Get('desks')
  @Render('desks')
  desks(): object {
    return { who: this.visit.request.headers['x-user'] };
  }
}

describe.each(PLATFORMS)('durable providers on %s', (platform) => {
  const folder = new TemporaryFolder({
    'desks.hbs': `<main>{{who}}{{component 'book'}}{{component 'book'}}{{component 'desk'}}{{component 'desk'}}</main>`,
  });
  let running: RunningApp;

  beforeAll(async () => {
    ContextIdFactory.apply(new ByTenant());
    running = await RunningApp.start({
      platform,
      controllers: [Pages],
      providers: [Ledger, Visit, OpenLedger, Book, Desk],
      options: { rendering: { pages: [folder.path] } },
    });
  });

  beforeEach(() => {
    Ledger.made = [];
  });

  afterEach(() => {
    // Each tenant of these tests has a name of its own.
    expect(new Set(Ledger.made).size).toBe(Ledger.made.length);
  });

  afterAll(async () => {
    ContextIdFactory.apply(undefined as unknown as ContextIdStrategy);
    folder.remove();
    await running.close();
  });

  it.each(WAYS)(
    'live once for each tenant, and the component for each interaction, over $way',
    async ({ way, open }) => {
      const tenants = [`${way} a`, `${way} b`].map((name) => name.replaceAll(' ', '-'));
      for (const tenant of [...tenants, ...tenants]) {
        const driver = await open(running.url, 'book', { 'x-tenant': tenant });
        for (const count of [1, 2]) {
          const reply = await driver.send({ event: 'step' });
          expect(reply).toMatchObject({
            ok: true,
            html: expect.stringContaining(`>${tenant} ${count} 1</div>`) as unknown,
          });
        }
        driver.close();
      }
      expect(Ledger.made).toEqual(tenants);
      await expect(open(running.url, 'book')).rejects.toThrow('UNAUTHENTICATED');
      Ledger.made = [];
    },
  );

  it.each(WAYS)('stand beside what is of the request alone over $way', async ({ way, open }) => {
    const tenant = `beside-${way}`.replaceAll(' ', '-');
    Visit.made = 0;
    for (const user of ['ada', 'bob']) {
      const driver = await open(running.url, 'desk', { 'x-tenant': tenant, 'x-user': user });
      const made = Visit.made;
      const reply = await driver.send({ event: 'step' });
      expect(reply).toMatchObject({
        ok: true,
        html: expect.stringContaining(`>${tenant} ${user} ${tenant} 1<`) as unknown,
      });
      expect(Visit.made).toBe(made + 1);
      driver.close();
    }
    expect(Ledger.made).toEqual([tenant]);
  });

  it('are those of the tenant in a page, whose controller is of the request', async () => {
    const visitor = new HttpVisitor(running.url, { 'x-tenant': 'page', 'x-user': 'ada' });
    for (const _ of [1, 2]) {
      const { text } = await visitor.send('GET', '/desks');
      expect([...text.matchAll(/>(page [^<]*)<\/div>/g)].map(([, shown]) => shown)).toEqual([
        'page 0 1',
        'page 0 1',
        'page ada page 0',
        'page ada page 0',
      ]);
    }
    expect(Ledger.made).toEqual(['page']);
  });

  it('are those of the viewer in a push, on a socket and in a stream', async () => {
    const visitors = await Promise.all(
      ['push-a', 'push-b'].map((tenant) => SocketVisitor.connect(running.url, { headers: { 'x-tenant': tenant } })),
    );
    for (const visitor of visitors) await visitor.open('book');
    const reader = new HttpVisitor(running.url, { 'x-tenant': 'push-c' });
    const { state } = await reader.mount('book');
    const stream = await StreamVisitor.open({
      url: `${running.url}/components/-/pushes?sub=book:${state}&page=${reader.page}`,
      cookie: reader.cookie,
      headers: { 'x-tenant': 'push-c' },
    });
    await stream.got('joined');
    await running.app.get(LivePublisher).broadcast('audit');
    for (const [place, visitor] of visitors.entries()) {
      expect((await visitor.pushed()).html).toContain(`>push-${'ab'[place]} 10 1</div>`);
      visitor.close();
    }
    const { data } = await stream.got('component_update');
    expect(data).toMatchObject({ html: expect.stringContaining('>push-c 10 1</div>') as unknown });
    stream.close();
    expect(Ledger.made.sort()).toEqual(['push-a', 'push-b', 'push-c']);
  });
});
