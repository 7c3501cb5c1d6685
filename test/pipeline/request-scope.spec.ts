import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Inject, Injectable, Scope, UseGuards, type CanActivate, type Provider } from '@nestjs/common';
import { APP_GUARD, REQUEST } from '@nestjs/core';
import { LiveComponent, OnEvent, OnTopic, LivePublisher, State } from 'nest-live';

import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { WAYS } from '../e2e/two-ways.js';
import { HeaderCaller } from './probe.component.js';

interface Asked {
  readonly headers: Record<string, string | undefined>;
}

@Injectable({ scope: Scope.REQUEST })
class Asker {
  static made = 0;

  constructor(@Inject(REQUEST) private readonly request: Asked) {
    Asker.made += 1;
  }

  get name(): string {
    return this.request.headers['x-user'] ?? 'nobody';
  }
}

@Injectable({ scope: Scope.REQUEST })
class NamedOnly implements CanActivate {
  constructor(private readonly asker: Asker) {}

  canActivate(): boolean {
    return this.asker.name === 'ada';
  }
}

@LiveComponent('greeting', { template: '<div>{{name}} {{count}}</div>' })
class Greeting {
  @State() count = 0;
  private seen: object[] = [];

  constructor(private readonly asker: Asker) {}

  beforeRender(): { name: string } {
    this.seen.push(this);
    return { name: this.asker.name };
  }

  @OnEvent()
  step(): void {
    this.count += 1;
  }

  @OnTopic('tick')
  tick(): void {
    this.count += 10;
  }
}

@UseGuards(NamedOnly)
@LiveComponent('guarded', { template: '<div>gold {{count}}</div>' })
class Guarded {
  @State() count = 0;

  @OnEvent()
  step(): void {
    this.count += 1;
  }
}

@LiveComponent('unscoped', { template: '<div>{{count}}</div>' })
class Unscoped {
  @State() count = 0;

  @OnEvent()
  step(): void {
    this.count += 1;
  }
}

const start = (platform: (typeof PLATFORMS)[number], more: readonly Provider[] = []): Promise<RunningApp> =>
  RunningApp.start({
    platform,
    providers: [Asker, Greeting, Guarded, Unscoped, NamedOnly, ...more],
    options: { callerResolver: HeaderCaller },
  });

const ADA = { 'x-user': 'ada' };

describe.each(PLATFORMS)('request scope on %s', (platform) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await start(platform);
  });

  afterAll(() => running.close());

  it.each(WAYS)('gives each interaction dependencies of its own over $way', async ({ open }) => {
    const driver = await open(running.url, 'greeting', ADA);
    Asker.made = 0;
    expect(await driver.send({ event: 'step' })).toMatchObject({ ok: true, html: expect.stringContaining('ada 1') });
    expect(await driver.send({ event: 'step' })).toMatchObject({ ok: true, html: expect.stringContaining('ada 2') });
    expect(Asker.made).toBe(2);
    driver.close();
  });

  it.each(WAYS)('lets a class guard inject over $way', async ({ open }) => {
    const driver = await open(running.url, 'guarded', ADA);
    expect(await driver.send({ event: 'step' })).toMatchObject({ ok: true, html: expect.stringContaining('gold 1') });
    driver.close();
    await expect(open(running.url, 'guarded', { 'x-user': 'bob' })).rejects.toThrow('FORBIDDEN');
  });

  it('renders a push with the dependencies of the viewer it is for', async () => {
    const ada = await SocketVisitor.connect(running.url, { headers: ADA });
    const { component_id } = await ada.open('greeting');
    await running.app.get(LivePublisher).broadcast('tick');
    expect(await ada.pushed()).toMatchObject({ component_id, html: expect.stringContaining('ada 10') });
    ada.close();
  });
});

describe.each(PLATFORMS)('a request-scoped global guard on %s', (platform) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await start(platform, [{ provide: APP_GUARD, useClass: NamedOnly, scope: Scope.REQUEST }]);
  });

  afterAll(() => running.close());

  it.each(WAYS)('stands in front of every component over $way', async ({ open }) => {
    const driver = await open(running.url, 'unscoped', ADA);
    expect(await driver.send({ event: 'step' })).toMatchObject({ ok: true, version: 1 });
    driver.close();
    await expect(open(running.url, 'unscoped', { 'x-user': 'bob' })).rejects.toThrow('FORBIDDEN');
    await expect(open(running.url, 'unscoped')).rejects.toThrow('UNAUTHENTICATED');
  });
});
