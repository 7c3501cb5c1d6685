import {
  Inject,
  Module,
  type DynamicModule,
  type InjectionToken,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
  type Provider,
  type Type,
} from '@nestjs/common';
import { DiscoveryModule, HttpAdapterHost, ModuleRef } from '@nestjs/core';

import { BACKEND, Backend } from './backend/backend.js';
import { MemoryBackend } from './backend/memory.backend.js';
import { RenderCache } from './caching/render-cache.js';
import { ComponentExplorer } from './component/component.explorer.js';
import { ComponentFactory } from './component/component.factory.js';
import { ComponentRegistry } from './component/component.registry.js';
import {
  COMPONENTS_OPTIONS,
  resolveComponents,
  type ComponentsAsyncOptions,
  type ComponentsRootOptions,
  type ResolvedComponents,
} from './components.options.js';
import { ConnectionRouter } from './connections/connection-router.js';
import { NodeIdentity } from './connections/node-identity.js';
import { EventBus } from './events/event-bus.js';
import { BroadcastingFeature } from './features/broadcasting/broadcasting.feature.js';
import { LivePublisher } from './features/broadcasting/live.publisher.js';
import { NavigationFeature } from './features/navigation/navigation.feature.js';
import { CallerResolver } from './lifecycle/caller-resolver.js';
import { Deadlines } from './lifecycle/deadlines.js';
import { FeatureHost } from './lifecycle/feature-host.js';
import { InstanceQueue } from './lifecycle/instance.queue.js';
import { Invoker } from './lifecycle/invoker.js';
import { LifecycleRunner } from './lifecycle/lifecycle.runner.js';
import { PushRunner } from './lifecycle/push.runner.js';
import { Seal } from './lifecycle/seal.js';
import { AnswerStage } from './lifecycle/stages/answer.stage.js';
import { CommitStage } from './lifecycle/stages/commit.stage.js';
import { EventStage } from './lifecycle/stages/event.stage.js';
import { HydrateStage } from './lifecycle/stages/hydrate.stage.js';
import { OpenStage } from './lifecycle/stages/open.stage.js';
import { RenderStage } from './lifecycle/stages/render.stage.js';
import { ViewerRegistry } from './lifecycle/viewer.js';
import { LiveLog } from './observability/live.log.js';
import { LIMITS } from './protocol/limits.js';
import { RateCounter } from './rates/rate-counter.js';
import { PageAssets } from './rendering/page-assets.js';
import { PageMounter } from './rendering/page-mounter.js';
import { PageRenderer } from './rendering/page.renderer.js';
import { Renderer } from './rendering/renderer.js';
import { RendererSelector } from './rendering/renderer.selector.js';
import { RENDERING } from './rendering/rendering.options.js';
import { TaggedTemplateRenderer } from './rendering/tagged-template.renderer.js';
import { installViewEngine } from './rendering/view-engine.js';
import { SessionStore } from './sessions/session-store.js';
import { StateCodec } from './state/codec.js';
import { KeyRing, resolveKeyRing } from './state/keys.js';
import { SignedValues } from './state/signed-value.js';
import { StateStore } from './state/state-store.js';
import { TokenSealer } from './state/token-sealer.js';
import { CallerIntake } from './transport/caller.intake.js';
import { ClientAsset } from './transport/http/client.asset.js';
import { HttpBinding } from './transport/http/http.binding.js';
import { LiveEndpoint } from './transport/http/live.endpoint.js';
import { OriginPolicy } from './transport/origin.policy.js';
import { ComponentsService } from './transport/page/components.service.js';
import { JoinedKeeper } from './transport/socket/joined.keeper.js';
import { LiveGateway, PREFIX } from './transport/socket/live.gateway.js';
import { SocketDispatcher } from './transport/socket/socket.dispatcher.js';

/** A provider whose value is made from the resolved options. */
const fromOptions = <T>(provide: InjectionToken<T>, make: (options: ResolvedComponents) => T): Provider => ({
  provide,
  inject: [COMPONENTS_OPTIONS],
  useFactory: make,
});

/** A port of the backend, under its own name: what needs one of them asks for nothing else. */
const part = <T>(provide: InjectionToken<T>, of: (backend: Backend) => T): Provider => ({
  provide,
  inject: [BACKEND],
  useFactory: of,
});

/** An instance of a class that the options choose, made by Nest so that it may inject. */
const chosen = <T extends object>(
  provide: InjectionToken<T>,
  choose: (options: ResolvedComponents) => Type<T>,
): Provider => ({
  provide,
  inject: [ModuleRef, COMPONENTS_OPTIONS],
  useFactory: (moduleRef: ModuleRef, options: ResolvedComponents) => moduleRef.create(choose(options)),
});

const ROOMS: Provider[] = [
  fromOptions(LIMITS, ({ limits }) => limits),
  fromOptions(PREFIX, ({ prefix }) => prefix),
  fromOptions(RENDERING, ({ rendering }) => rendering),
  fromOptions(KeyRing, ({ keys, appId, production }) => resolveKeyRing({ keys, appId, production })),
  fromOptions(StateCodec, ({ coders }) => new StateCodec(coders)),
  fromOptions(OriginPolicy, ({ origins }) => new OriginPolicy(origins)),
  fromOptions(ClientAsset, ({ prefix }) => new ClientAsset(prefix)),
  fromOptions(NodeIdentity, ({ node }) => new NodeIdentity(node)),
  {
    provide: BACKEND,
    inject: [COMPONENTS_OPTIONS, { token: Backend, optional: true }],
    useFactory: ({ memory }: ResolvedComponents, backend?: Backend) => backend ?? new MemoryBackend(memory),
  },
  part(StateStore, ({ state }) => state),
  part(EventBus, ({ events }) => events),
  part(ConnectionRouter, ({ connections }) => connections),
  part(SessionStore, ({ sessions }) => sessions),
  part(RateCounter, ({ rates }) => rates),
  part(RenderCache, ({ renders }) => renders),
  {
    provide: TokenSealer,
    inject: [KeyRing, COMPONENTS_OPTIONS],
    useFactory: (keys: KeyRing, { limits: { maxTokenChars } }: ResolvedComponents) =>
      new TokenSealer(keys, { maxTokenChars }),
  },
  { provide: SignedValues, inject: [KeyRing], useFactory: (keys: KeyRing) => new SignedValues(keys) },
  {
    provide: Seal,
    inject: [TokenSealer, SignedValues, StateCodec, StateStore, COMPONENTS_OPTIONS],
    useFactory: (
      sealer: TokenSealer,
      values: SignedValues,
      codec: StateCodec,
      store: StateStore,
      { tokens }: ResolvedComponents,
    ) => new Seal({ sealer, values, codec, store }, tokens),
  },
  chosen<Renderer>(Renderer, ({ renderer }) => renderer),
  chosen<CallerResolver>(CallerResolver, ({ callerResolver }) => callerResolver),
  { provide: PageAssets, useExisting: ClientAsset },
  { provide: PageMounter, useExisting: ComponentsService },
  ComponentRegistry,
  ComponentFactory,
  ComponentExplorer,
  FeatureHost,
  InstanceQueue,
  Deadlines,
  Invoker,
  OpenStage,
  HydrateStage,
  EventStage,
  RenderStage,
  CommitStage,
  AnswerStage,
  LifecycleRunner,
  PushRunner,
  ViewerRegistry,
  LiveLog,
  RendererSelector,
  TaggedTemplateRenderer,
  PageRenderer,
  ComponentsService,
  CallerIntake,
  LiveEndpoint,
  HttpBinding,
  SocketDispatcher,
  JoinedKeeper,
];

const FEATURES: Provider[] = [BroadcastingFeature, NavigationFeature, LivePublisher];

const EXPORTS = [
  ComponentRegistry,
  ComponentsService,
  LivePublisher,
  LifecycleRunner,
  NodeIdentity,
  StateStore,
  EventBus,
  ConnectionRouter,
  SessionStore,
  RateCounter,
  RenderCache,
];

/** Live components for a Nest application: import `ComponentsModule.forRoot()` once, list components as providers. */
@Module({})
export class ComponentsModule implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  /** Options known where the module is imported. */
  static forRoot({ imports = [], ...options }: ComponentsRootOptions = {}): DynamicModule {
    return this.assemble({ provide: COMPONENTS_OPTIONS, useFactory: () => resolveComponents(options) }, imports);
  }

  /** Options from a factory with injected dependencies. */
  static forRootAsync({ imports = [], inject = [], useFactory }: ComponentsAsyncOptions): DynamicModule {
    const resolved = async (...dependencies: unknown[]): Promise<ResolvedComponents> =>
      resolveComponents(await useFactory(...dependencies));
    return this.assemble({ provide: COMPONENTS_OPTIONS, inject, useFactory: resolved }, imports);
  }

  /** Provides and exports components; the same as listing them in a module's own providers. */
  static forFeature(components: readonly Type<object>[]): DynamicModule {
    return { module: LiveComponentsFeature, providers: [...components], exports: [...components] };
  }

  private static assemble(options: Provider, imports: NonNullable<DynamicModule['imports']>): DynamicModule {
    // One class per call: gateway metadata is static, and two applications in one process must not share it.
    class Gateway extends LiveGateway {}
    return {
      module: ComponentsModule,
      global: true,
      imports: [DiscoveryModule, ...imports],
      providers: [options, ...ROOMS, ...FEATURES, { provide: LiveGateway, useClass: Gateway }],
      exports: EXPORTS,
    };
  }

  constructor(
    @Inject(COMPONENTS_OPTIONS) private readonly options: ResolvedComponents,
    private readonly adapterHost: HttpAdapterHost,
    private readonly explorer: ComponentExplorer,
    private readonly registry: ComponentRegistry,
    private readonly renderers: RendererSelector,
    private readonly features: FeatureHost,
    private readonly binding: HttpBinding,
    private readonly pages: PageRenderer,
    @Inject(BACKEND) private readonly backend: Backend,
    private readonly keeper: JoinedKeeper,
  ) {}

  /** Routes: after the application's middleware and controllers, before its not-found answer. */
  onModuleInit(): void {
    const { prefix, limits, viewEngine } = this.options;
    const adapter = this.adapterHost.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    if (!adapter || !['express', 'fastify'].includes(adapter.getType())) {
      return;
    }
    this.binding.bind(prefix, limits.maxFrameBytes);
    if (viewEngine) {
      installViewEngine(adapter, this.pages);
    }
  }

  /** Components: when every provider exists and every global enhancer is known. */
  async onApplicationBootstrap(): Promise<void> {
    await this.explorer.explore();
    const definitions = this.registry.list();
    for (const definition of definitions) {
      await this.renderers.prepare(definition);
    }
    this.features.start(definitions);
    await this.backend.start();
    this.keeper.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.keeper.stop();
    await this.backend.close();
  }
}

/** Carries the components of `forFeature`. */
@Module({})
class LiveComponentsFeature {}
