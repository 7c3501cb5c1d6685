import type { DynamicModule, INestApplicationContext, Provider, Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { ComponentRegistry, ComponentsModule, LiveCaller, type CallerInit, type ComponentsOptions } from 'nest-live';
import { LifecycleRunner, StateCodec, StateStore } from 'nest-live/extend';

import { MountedComponent } from './mounted-component.js';

/** What the application under test consists of. */
export interface LiveTestOptions {
  /** Components and what they inject. */
  readonly providers?: readonly Provider[];
  readonly imports?: readonly (Type | DynamicModule)[];
  /** Options of `ComponentsModule.forRoot()`. */
  readonly options?: ComponentsOptions;
}

/**
 * Drives components through the real pipeline – guards, pipes, render, commit – without HTTP, sockets or a browser.
 * Everybody asks as an anonymous caller until `as(user)` says otherwise.
 */
export class LiveTest {
  /** A small application of its own: nothing is shared with another test. */
  static async create({ providers = [], imports = [], options }: LiveTestOptions = {}): Promise<LiveTest> {
    const module = await Test.createTestingModule({
      imports: [ComponentsModule.forRoot(options), ...imports],
      providers: [...providers],
    }).compile();
    return LiveTest.in(await module.init());
  }

  /** Inside an application the test has made itself, with `Test.createTestingModule` or by listening. */
  static in(app: INestApplicationContext | TestingModule): LiveTest {
    return new LiveTest(app, new LiveCaller({ sessionId: 'test' }));
  }

  private constructor(
    /** The application: `app.get(TaskRepository)`. */
    readonly app: INestApplicationContext,
    private readonly caller: LiveCaller,
  ) {}

  /** The same application, asked by another user; null is nobody. */
  as(user: unknown, init: Omit<CallerInit, 'user'> = {}): LiveTest {
    return new LiveTest(this.app, new LiveCaller({ sessionId: 'test', ...init, user }));
  }

  /**
   * Mounts a component as a page would and joins it as the browser client would.
   * @throws LiveError the refusal, if there is one
   */
  async mount<T extends object>(
    type: Type<T>,
    props: Readonly<Record<string, unknown>> = {},
  ): Promise<MountedComponent<T>> {
    const name = this.nameOf(type);
    return MountedComponent.mount<T>(
      {
        runner: this.app.get(LifecycleRunner, { strict: false }),
        store: this.app.get(StateStore, { strict: false }),
        codec: this.app.get(StateCodec, { strict: false }),
        caller: this.caller,
      },
      { name, props },
    );
  }

  close(): Promise<void> {
    return this.app.close();
  }

  private nameOf(type: Type<object>): string {
    const definitions = this.app.get(ComponentRegistry, { strict: false }).list();
    const definition = definitions.find((known) => known.type === type);
    if (!definition) {
      throw new TypeError(`${type.name} is no component of this application. Add it to providers: [${type.name}].`);
    }
    return definition.name;
  }
}
