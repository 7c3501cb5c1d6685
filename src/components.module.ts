import type { Server } from 'node:http';

import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Provider,
  type Type,
} from '@nestjs/common';
import { DiscoveryModule, HttpAdapterHost } from '@nestjs/core';

import { BACKEND, Backend } from './backend/backend.js';
import { ComponentExplorer } from './component/component.explorer.js';
import { ComponentRegistry } from './component/component.registry.js';
import {
  COMPONENTS_OPTIONS,
  resolveComponents,
  type ComponentsAsyncOptions,
  type ComponentsRootOptions,
  type ResolvedComponents,
} from './components.options.js';
import { Heartbeat } from './connections/heartbeat.js';
import { FeatureHost } from './lifecycle/plan/feature-host.js';
import { StateHolders } from './lifecycle/instance/state-holders.js';
import { Drain } from './observability/drain.js';
import { Operations, OPERATIONS } from './operations.js';
import { PageRenderer } from './rendering/page.renderer.js';
import { RendererSelector } from './rendering/renderer.selector.js';
import { StartReview } from './review/start.review.js';
import { installViewEngine } from './rendering/view-engine.js';
import { HttpBinding } from './transport/http/http.binding.js';
import { ServerConnections } from './transport/http/server.connections.js';
import { JoinedKeeper } from './transport/socket/joined.keeper.js';
import { LiveGateway } from './transport/socket/live.gateway.js';
import { DEFAULT_POLICY, FEATURES } from './components.features.js';
import { EXPORTS, ROOMS } from './components.providers.js';

/** Live components for a Nest application: import `ComponentsModule.forRoot()` once, list components as providers. */
@Module({})
export class ComponentsModule
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  /** Options known where the module is imported. */
  static forRoot({ imports = [], ...options }: ComponentsRootOptions = {}): DynamicModule {
    const resolved = { provide: COMPONENTS_OPTIONS, useFactory: () => resolveComponents(options) };
    return this.assemble(options.defaultPolicy ? [resolved, DEFAULT_POLICY] : [resolved], imports);
  }

  /** Options from a factory with injected dependencies. */
  static forRootAsync({ imports = [], inject = [], useFactory }: ComponentsAsyncOptions): DynamicModule {
    const resolved = async (...dependencies: unknown[]): Promise<ResolvedComponents> =>
      resolveComponents(await useFactory(...dependencies));
    return this.assemble([{ provide: COMPONENTS_OPTIONS, inject, useFactory: resolved }, DEFAULT_POLICY], imports);
  }

  /** Provides and exports components; the same as listing them in a module's own providers. */
  static forFeature(components: readonly Type<object>[]): DynamicModule {
    return { module: LiveComponentsFeature, providers: [...components], exports: [...components] };
  }

  private static assemble(options: readonly Provider[], imports: NonNullable<DynamicModule['imports']>): DynamicModule {
    // One class per call: gateway metadata is static, and two applications in one process must not share it.
    class Gateway extends LiveGateway {}
    return {
      module: ComponentsModule,
      global: true,
      imports: [DiscoveryModule, ...imports],
      providers: [...options, ...ROOMS, ...OPERATIONS, ...FEATURES, { provide: LiveGateway, useClass: Gateway }],
      exports: EXPORTS,
    };
  }

  constructor(
    @Inject(COMPONENTS_OPTIONS) private readonly options: ResolvedComponents,
    private readonly adapterHost: HttpAdapterHost,
    private readonly explorer: ComponentExplorer,
    private readonly registry: ComponentRegistry,
    private readonly holders: StateHolders,
    private readonly renderers: RendererSelector,
    private readonly features: FeatureHost,
    private readonly binding: HttpBinding,
    private readonly pages: PageRenderer,
    @Inject(BACKEND) private readonly backend: Backend,
    private readonly keeper: JoinedKeeper,
    private readonly heartbeat: Heartbeat,
    private readonly operations: Operations,
    private readonly drain: Drain,
    private readonly review: StartReview,
    private readonly connections: ServerConnections,
  ) {}

  /** Routes: after the application's middleware and controllers, before its not-found answer. */
  onModuleInit(): void {
    const { prefix, publicPath = '', limits, viewEngine } = this.options;
    const adapter = this.adapterHost.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    if (!adapter || !['express', 'fastify'].includes(adapter.getType())) {
      return;
    }
    // A proxy may take the public path away, or leave it.
    this.binding.bind([...new Set([prefix, publicPath + prefix])], limits.maxFrameBytes);
    this.connections.attach(adapter.getHttpServer() as Server);
    if (viewEngine) {
      installViewEngine(adapter, this.pages);
    }
  }

  /** Components: when every provider exists and every global enhancer is known. */
  async onApplicationBootstrap(): Promise<void> {
    await this.explorer.explore();
    const definitions = this.registry.list();
    for (const definition of definitions) {
      this.holders.of(definition);
      await this.operations.auditing(() => this.renderers.prepare(definition));
    }
    this.features.start(definitions);
    await this.review.run();
    await this.heartbeat.start();
    this.keeper.start();
    this.operations.start();
  }

  /** Clients leave and what has begun is answered while everything still works. */
  async beforeApplicationShutdown(signal?: string): Promise<void> {
    await this.drain.run(signal);
    this.connections.end();
    this.keeper.stop();
    await this.heartbeat.stop();
  }

  /** The servers are closed: nobody asks the backend any more. */
  async onApplicationShutdown(): Promise<void> {
    this.connections.stop();
    await this.backend.close();
    this.operations.stop();
  }
}

/** Carries the components of `forFeature`. */
@Module({})
class LiveComponentsFeature {}
