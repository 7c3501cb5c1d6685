import { afterEach, describe, expect, it } from '@jest/globals';
import { Injectable, Module, type Type } from '@nestjs/common';
import {
  ComponentRegistry,
  ComponentsModule,
  LiveComponent,
  LivePublisher,
  LiveSetupError,
  OnEvent,
  OnTopic,
  State,
} from 'nest-live';

import { Counter } from './counter.component.js';
import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp, type AppPlan } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

@LiveComponent('counter', { template: '<div>other</div>' })
class OtherCounter {}

@LiveComponent('Bad Name', { template: '<div></div>' })
class BadName {}

@LiveComponent('', { template: '<div></div>' })
class Nameless {}

@LiveComponent('twice', { template: '<div></div>' })
class TwoHandlers {
  @OnEvent('go')
  first(): void {}

  @OnEvent('go')
  second(): void {}
}

@Injectable()
class Shelf {
  readonly name = 'the shelf of its own module';
}

@LiveComponent('shelf', { template: '<div>{{label}}</div>' })
class ShelfView {
  @State() label = '';

  constructor(private readonly shelf: Shelf) {}

  onMount(): void {
    this.label = this.shelf.name;
  }
}

@Module({ providers: [Shelf, ShelfView] })
class ShelfModule {}

@LiveComponent('listener', { template: '<div>{{heard}}</div>' })
class Listener {
  @State() heard = 0;

  @OnTopic('news')
  hear(): void {
    this.heard += 1;
  }
}

const running: RunningApp[] = [];

const start = async (plan: AppPlan): Promise<RunningApp> => {
  const app = await RunningApp.start(plan);
  running.push(app);
  return app;
};

afterEach(() => Promise.all(running.splice(0).map((app) => app.close())));

describe('finding components', () => {
  it('looks at the providers of every module, with their own dependencies', async () => {
    const { app, url } = await start({ imports: [ShelfModule], providers: [Counter] });
    const registry = app.get(ComponentRegistry);
    expect(
      registry
        .list()
        .map(({ name }) => name)
        .sort(),
      // The module's own component, for HTML of the server's making, is in it too.
    ).toEqual(['counter', 'html-widget', 'shelf']);
    expect(registry.has('shelf')).toBe(true);
    expect(registry.get('shelf')?.type).toBe(ShelfView);
    expect((await new HttpVisitor(url).mount('shelf')).html).toContain('the shelf of its own module');
  });

  it('takes one class in two modules and in forFeature', async () => {
    @Module({ providers: [Counter] })
    class Again {}
    const { app, url } = await start({
      imports: [Again, ComponentsModule.forFeature([Counter])],
      providers: [Counter],
    });
    expect(
      app
        .get(ComponentRegistry)
        .list()
        .map(({ name }) => name),
    ).toEqual(['counter', 'html-widget']);
    expect((await new HttpVisitor(url).mount('counter')).html).toContain('<output>0</output>');
  });

  it.each<[string, Type[], string, RegExp]>([
    ['two classes of one name', [Counter, OtherCounter], 'COMPONENT_NAME_TAKEN', /Counter.*OtherCounter/],
    ['a name of wrong form', [BadName], 'COMPONENT_NAME_INVALID', /BadName.*'bad-name'/],
    ['no name', [Nameless], 'COMPONENT_NAME_INVALID', /Nameless/],
    ['two handlers of one event', [TwoHandlers], 'EVENT_NAME_TAKEN', /TwoHandlers\.(first|second)/],
  ])('refuses %s at start-up', async (_what, providers, code, message) => {
    const failed = await start({ providers }).then(
      () => undefined,
      (error: unknown) => error as LiveSetupError,
    );
    expect(failed).toBeInstanceOf(LiveSetupError);
    expect(failed?.code).toBe(code);
    expect(failed?.message).toMatch(message);
  });

  it('refuses a component that Nest cannot make anew for each interaction', async () => {
    const providers = [{ provide: 'COUNTER', useValue: new Counter() }];
    await expect(start({ providers })).rejects.toMatchObject({ code: 'COMPONENT_NOT_A_CLASS' });
    const made = [{ provide: Counter, useFactory: () => new Counter() }];
    await expect(start({ providers: made })).rejects.toMatchObject({ code: 'COMPONENT_NOT_A_CLASS' });
  });
});

describe('options from a factory', () => {
  @Injectable()
  class Settings {
    readonly prefix = '/from-settings';
  }

  @Module({ providers: [Settings], exports: [Settings] })
  class SettingsModule {}

  it.each(PLATFORMS)('are injected and awaited on %s', async (platform) => {
    const root = ComponentsModule.forRootAsync({
      imports: [SettingsModule],
      inject: [Settings],
      useFactory: async ({ prefix }: Settings) => {
        await Promise.resolve();
        return { prefix };
      },
    });
    const { url } = await start({ platform, root, providers: [Counter] });
    expect((await new HttpVisitor(url).send('GET', '/from-settings/counter')).reply.ok).toBe(true);
  });

  it('that are wrong stop the start', async () => {
    await expect(start({ options: { prefix: 'components' } })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    await expect(start({ options: { keys: [{ kid: 'k', secret: 'short' }] } })).rejects.toMatchObject({
      code: 'KEYS_WEAK',
    });
  });
});

describe('two applications in one process', () => {
  it('share nothing', async () => {
    const one = await start({ providers: [Counter, Listener], options: { appId: 'one' } });
    const two = await start({ platform: 'fastify', providers: [Counter, Listener] });
    const three = await start({ providers: [Counter, Listener] });

    const visitor = new HttpVisitor(two.url);
    const { state } = await visitor.mount('counter');
    for (const [app, code] of [
      [one, 'STATE_INVALID'],
      [three, 'STATE_EXPIRED'],
    ] as const) {
      const stranger = new HttpVisitor(app.url, { cookie: visitor.cookie });
      const refused = await stranger.refused('counter', { state, event: 'increment', seq: 1 });
      expect(refused.error.code).toBe(code);
    }
    expect(await visitor.ok('counter', { state, event: 'increment', seq: 1 })).toMatchObject({ version: 1 });

    const sockets = await Promise.all([two, three].map(({ url }) => SocketVisitor.connect(url)));
    await Promise.all(sockets.map((socket) => socket.open('listener')));
    await two.app.get(LivePublisher).broadcast('news');
    await sockets[0].pushed();
    await sockets[1].ok('mount', { component: 'counter' });
    expect(sockets[1].updates).toEqual([]);
    sockets.forEach((socket) => socket.close());
  });

  it('end apart from each other', async () => {
    const one = await RunningApp.start({ providers: [Counter] });
    const two = await start({ providers: [Counter] });
    await one.close();
    expect((await new HttpVisitor(two.url).mount('counter')).html).toContain('<output>0</output>');
  });
});
