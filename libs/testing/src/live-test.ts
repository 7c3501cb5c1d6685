import { randomBytes } from 'node:crypto';

import type { DynamicModule, INestApplication, INestApplicationContext, Provider, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { ComponentRegistry, ComponentsModule, LiveCaller, type CallerInit, type ComponentsOptions } from 'nest-live';
import {
  InstanceAccess,
  LifecycleRunner,
  Renderer,
  StateStore,
  TaggedTemplateRenderer,
  UploadReceiver,
} from 'nest-live/extend';

import type { PropsOf } from './component-types.js';
import type { FakeClock } from './fake-clock.js';
import { KnownCallers } from './known.callers.js';
import type { Site } from './line.js';
import { ListeningSite, type Transport } from './listening.site.js';
import { MountedComponent } from './mounted-component.js';
import { ProcessSite } from './process.site.js';

/** What the application under test consists of, and what stands in for the rest. */
export interface LiveTestOptions {
  /** Components and what they inject. */
  readonly providers?: readonly Provider[];
  readonly imports?: readonly (Type | DynamicModule)[];
  /** Options of `ComponentsModule.forRoot()`. */
  readonly options?: ComponentsOptions;
  /** In place of the state store: a `FaultyStateStore`, for example. */
  readonly store?: StateStore;
  /** In place of every renderer: a `MockRenderer`, for example. */
  readonly renderer?: Renderer;
  /** Stopped when the test closes. */
  readonly clock?: FakeClock;
}

/** How a listening application is reached. */
export interface ConnectOptions {
  /** @default 'socket' */
  readonly transport?: Transport;
  /** Where `ComponentsModule` serves. @default '/components' */
  readonly prefix?: string;
  /** Sent with every request: an API key of a gateway, for example. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Signs a user in and answers the headers it is known by, a cookie for example. `as(user)` needs it where only an
   * address is known; an application of this process takes the test's word for it.
   */
  readonly signIn?: (user: unknown) => SignedIn | Promise<SignedIn>;
}

/** Headers by which a server knows a user. */
export type SignedIn = Readonly<Record<string, string>>;

interface Stage {
  /** The application, where it is in this process. */
  readonly app?: INestApplicationContext;
  readonly site: (caller: CallerInit) => Site | Promise<Site>;
  readonly end: () => Promise<void>;
  /** Pages that are open. */
  readonly pages: Set<{ close(): void }>;
}

/**
 * Drives components as a page does: mount, join, events, pushes. Everybody asks as an anonymous caller until `as(user)`
 * says otherwise. The same calls work without a server (`create`), inside an application that the test has made (`from`)
 * and against one that listens (`connect`).
 */
export class LiveTest {
  /** A small application of its own, without HTTP or sockets: nothing is shared with another test. */
  static async create(options: LiveTestOptions = {}): Promise<LiveTest> {
    const { providers = [], imports = [], options: components, store, renderer, clock } = options;
    const builder = Test.createTestingModule({
      imports: [ComponentsModule.forRoot(components), ...imports],
      providers: [...providers],
    });
    if (store) {
      builder.overrideProvider(StateStore).useValue(store);
    }
    if (renderer) {
      builder.overrideProvider(Renderer).useValue(renderer);
      builder.overrideProvider(TaggedTemplateRenderer).useValue(renderer);
    }
    const app = await builder.compile();
    const end = async (): Promise<void> => {
      await app.close();
      clock?.stop();
    };
    try {
      await app.init();
    } catch (error) {
      await end();
      throw error;
    }
    return LiveTest.inside(app, end);
  }

  /**
   * Inside an application that the test has made, with `Test.createTestingModule` for example; it is initialised if it is
   * not. `close()` leaves it running: whoever made it ends it.
   */
  static async from(app: INestApplicationContext): Promise<LiveTest> {
    await app.init();
    return LiveTest.inside(app, () => Promise.resolve());
  }

  /**
   * Against an application that listens, over its own HTTP and sockets. Of one in this process (`await app.listen(0)`)
   * also the state can be looked at, and `as(user)` needs no login; of an address (`'http://localhost:3000'`) it shows
   * what a browser sees. `close()` leaves it running.
   */
  static async connect(to: string | INestApplication, options: ConnectOptions = {}): Promise<LiveTest> {
    const { transport = 'socket', prefix = '/components', headers = {}, signIn } = options;
    const url = (typeof to === 'string' ? to : await addressOf(to)).replace(/\/$/, '');
    const end = (): Promise<void> => Promise.resolve();
    if (typeof to !== 'string') {
      const interior = { runner: partOf(to, LifecycleRunner), access: partOf(to, InstanceAccess) };
      const known = KnownCallers.of(to);
      const site = (init: CallerInit): Site => {
        const caller = { sessionId: newSession(), ...init };
        const address = { url, prefix, headers: { ...headers, ...known.add(caller) } };
        return new ListeningSite(address, transport, { ...interior, caller });
      };
      return new LiveTest({ app: to, site, end, pages: new Set() }, {});
    }
    const site = async ({ user }: CallerInit): Promise<Site> => {
      const login = user === undefined || user === null ? {} : await loginOf(user, signIn);
      return new ListeningSite({ url, prefix, headers: { ...headers, ...login } }, transport);
    };
    return new LiveTest({ site, end, pages: new Set() }, {});
  }

  private static inside(app: INestApplicationContext, end: () => Promise<void>): LiveTest {
    const inside = { runner: partOf(app, LifecycleRunner), access: partOf(app, InstanceAccess) };
    const parts = { ...inside, uploads: partOf(app, UploadReceiver) };
    const site = (caller: CallerInit): Site => new ProcessSite(parts, new LiveCaller({ sessionId: 'test', ...caller }));
    return new LiveTest({ app, site, end, pages: new Set() }, {});
  }

  private site?: Promise<Site>;

  private constructor(
    private readonly stage: Stage,
    private readonly caller: CallerInit,
  ) {}

  /** The application: `live.app.get(TaskRepository)`. @throws TypeError where only an address is known */
  get app(): INestApplicationContext {
    const { app } = this.stage;
    if (!app) {
      throw new TypeError('Only the address of the application is known: connect(app) to reach into it.');
    }
    return app;
  }

  /** The same application, asked by another user; null is nobody. */
  as(user: unknown, init: Omit<CallerInit, 'user'> = {}): LiveTest {
    return new LiveTest(this.stage, { ...init, user });
  }

  /**
   * Mounts a component as a page would and joins it as the browser client would.
   * @param component the class, or its name
   * @param props any, where the application is in this process; else the component's `publicProps`
   * @throws LiveError the refusal, if there is one
   */
  async mount<T extends object>(component: Type<T> | string, props?: PropsOf<T>): Promise<MountedComponent<T>> {
    const name = this.nameOf(component);
    this.site ??= Promise.resolve(this.stage.site(this.caller));
    const around = { pages: this.stage.pages, nameOf: (known: Type<object> | string) => this.nameOf(known) };
    return MountedComponent.mount<T>(await this.site, { component: name, props: { ...props } }, around);
  }

  /** Closes every page, and the application if `create` has made it. */
  async close(): Promise<void> {
    this.stage.pages.forEach((page) => page.close());
    await this.stage.end();
  }

  private nameOf(component: Type<object> | string): string {
    if (typeof component === 'string') {
      return component;
    }
    const { app } = this.stage;
    if (!app) {
      throw new TypeError(`Only the address of the application is known: mount('name') instead of ${component.name}.`);
    }
    const definitions = app.get(ComponentRegistry, { strict: false }).list();
    const definition = definitions.find(({ type }) => type === component);
    if (definition) {
      return definition.name;
    }
    const known = definitions.map(({ name, type }) => `"${name}" (${type.name})`).join(', ') || 'none';
    const fix = `Add it to providers: [${component.name}].`;
    throw new TypeError(`${component.name} is no component of this application, which has: ${known}. ${fix}`);
  }
}

const newSession = (): string => `test-${randomBytes(12).toString('base64url')}`;

const partOf = <T>(app: INestApplicationContext, type: abstract new (...dependencies: never[]) => T): T => {
  try {
    return app.get<T>(type, { strict: false });
  } catch (cause) {
    throw new TypeError('The application does not import ComponentsModule.forRoot().', { cause });
  }
};

const addressOf = async (app: INestApplication): Promise<string> => {
  if ((app.getHttpServer() as { readonly listening?: boolean } | undefined)?.listening !== true) {
    throw new TypeError("The application does not listen: await app.listen(0, '127.0.0.1') before connect(app).");
  }
  const url = await app.getUrl();
  return url.replace('[::1]', 'localhost').replace('[::]', 'localhost');
};

const loginOf = async (user: unknown, signIn: ConnectOptions['signIn']): Promise<SignedIn> => {
  if (!signIn) {
    throw new TypeError(
      'A server of which only the address is known does not take our word for who is asking: give connect(url, { signIn: async (user) => ({ cookie }) }).',
    );
  }
  return signIn(user);
};
