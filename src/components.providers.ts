import { Logger, type InjectionToken, type Provider, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';

import { BACKEND, Backend } from './backend/backend.js';
import { verifyDeployment } from './backend/deployment.js';
import { MemoryBackend } from './backend/memory.backend.js';
import { Budgets } from './budgets/budgets.js';
import { LiveCallbacks } from './callbacks/live.callbacks.js';
import { RenderCache } from './caching/render-cache.js';
import { ComponentExplorer } from './component/component.explorer.js';
import { ComponentFactory } from './component/component.factory.js';
import { ComponentRegistry } from './component/component.registry.js';
import { FEATURE_EXPORTS } from './components.features.js';
import { COMPONENTS_OPTIONS, type ResolvedComponents } from './components.options.js';
import { ConnectionRouter } from './connections/connection-router.js';
import { Heartbeat } from './connections/heartbeat.js';
import { NodeIdentity } from './connections/node-identity.js';
import { RouteClaims } from './connections/route-claims.js';
import { EventBus } from './events/event-bus.js';
import { SESSION_SETTINGS } from './features/sessions/session.options.js';
import { CallerResolver } from './lifecycle/caller/caller-resolver.js';
import { ConnectedCallers } from './lifecycle/caller/connected-callers.js';
import { CallerView } from './lifecycle/caller/caller.view.js';
import { Attempts } from './lifecycle/run/attempts.js';
import { Deadlines } from './lifecycle/run/deadlines.js';
import { Entrance } from './lifecycle/run/entrance.js';
import { EventRunner } from './lifecycle/run/event.runner.js';
import { FeatureHost } from './lifecycle/plan/feature-host.js';
import { InstanceAccess } from './lifecycle/run/instance-access.js';
import { InstanceQueue } from './lifecycle/instance/instance.queue.js';
import { Invoker } from './lifecycle/plan/invoker.js';
import { LifecycleRunner } from './lifecycle/run/lifecycle.runner.js';
import { Previews } from './lifecycle/run/previews.js';
import { PushRunner } from './lifecycle/run/push.runner.js';
import { Seal } from './lifecycle/instance/seal.js';
import { SharedInstances } from './lifecycle/instance/shared-instances.js';
import { AnswerStage } from './lifecycle/run/stages/answer.stage.js';
import { CommitStage } from './lifecycle/run/stages/commit.stage.js';
import { EventStage } from './lifecycle/run/stages/event.stage.js';
import { HydrateStage } from './lifecycle/run/stages/hydrate.stage.js';
import { OpenStage } from './lifecycle/run/stages/open.stage.js';
import { RenderStage } from './lifecycle/run/stages/render.stage.js';
import { STATE_HOLDING, StateHolders } from './lifecycle/instance/state-holders.js';
import { ViewerRefresher } from './lifecycle/run/viewer.refresher.js';
import { ViewerRegistry } from './lifecycle/instance/viewer.js';
import { LIMITS } from './protocol/limits.js';
import { PublicPath } from './protocol/public-path.js';
import { REVIEW_SETTINGS, StartReview } from './review/start.review.js';
import { RateCounter } from './rates/rate-counter.js';
import { PageAssets } from './rendering/page-assets.js';
import { PageMounter } from './rendering/page-mounter.js';
import { PageRenderer } from './rendering/page.renderer.js';
import { Renderer } from './rendering/renderer.js';
import { RendererSelector } from './rendering/renderer.selector.js';
import { RENDERING } from './rendering/rendering.options.js';
import { TaggedTemplateRenderer } from './rendering/tagged-template.renderer.js';
import { Roles } from './sessions/roles.js';
import { SessionStore } from './sessions/session-store.js';
import { BudgetedStateStore } from './state/budgeted.state-store.js';
import { FormStore } from './state/form-store.js';
import { StateCodec } from './state/codec.js';
import { KeyRing, resolveKeyRing } from './state/keys.js';
import { SignedValues } from './state/signed-value.js';
import { StateStore } from './state/state-store.js';
import { WidgetStore } from './state/widget-store.js';
import { TokenSealer } from './state/token-sealer.js';
import { CallerIntake } from './transport/caller.intake.js';
import { ClientAsset } from './transport/http/client.asset.js';
import { ClientParts } from './transport/http/client.parts.js';
import { FormFilesIntake } from './transport/forms/form-files.intake.js';
import { FormEndpoint } from './transport/forms/form.endpoint.js';
import { PageForms } from './transport/forms/page.forms.js';
import { PageMemory } from './transport/forms/page.memory.js';
import { PageVisits } from './transport/forms/page.visit.js';
import { FeatureRoutes } from './transport/http/feature.routes.js';
import { FrontPaths } from './transport/http/front.paths.js';
import { HandshakePassage } from './transport/http/handshake.passage.js';
import { HttpBinding } from './transport/http/http.binding.js';
import { RequestReader } from './transport/http/request.reader.js';
import { JointEndpoint } from './transport/http/joint.endpoint.js';
import { LiveEndpoint } from './transport/http/live.endpoint.js';
import { PollingReaders } from './transport/http/polling.readers.js';
import { OriginPolicy } from './transport/origin.policy.js';
import { PageAgreement } from './transport/page/page.agreement.js';
import { PageAsker } from './transport/page/page.asker.js';
import { ComponentsService } from './transport/page/components.service.js';
import { EventEndpoint } from './transport/sse/event.endpoint.js';
import { PushEndpoint } from './transport/sse/push.endpoint.js';
import { JoinedKeeper } from './transport/socket/joined.keeper.js';
import { PREFIX } from './transport/prefix.js';
import { SocketLogins } from './transport/socket/socket.logins.js';
import { SocketEvents } from './transport/socket/socket.events.js';
import { SocketDispatcher } from './transport/socket/socket.dispatcher.js';
import { DiskUploadStore } from './uploads/disk.upload-store.js';
import { UploadStore } from './uploads/upload-store.js';
import { UPLOAD_SETTINGS, type UploadSettings } from './uploads/uploads.options.js';
import { HtmlWidget } from './widgets/html.widget.js';
import { WidgetKeeper } from './widgets/widget.keeper.js';
import { WidgetRunner } from './widgets/widget.runner.js';
import { Widgets } from './widgets/widgets.js';

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
const chosen = <T extends object>(provide: InjectionToken<T>, of: (all: ResolvedComponents) => Type<T>): Provider => ({
  provide,
  inject: [ModuleRef, COMPONENTS_OPTIONS],
  useFactory: (moduleRef: ModuleRef, options: ResolvedComponents) => moduleRef.create(of(options)),
});

/** Every room, in the order of the architecture's picture. */
export const ROOMS: Provider[] = [
  fromOptions(LIMITS, ({ limits }) => limits),
  fromOptions(STATE_HOLDING, ({ state }) => state),
  fromOptions(CallerView, ({ callerFields }) => new CallerView(callerFields)),
  fromOptions(PREFIX, ({ prefix }) => prefix),
  fromOptions(REVIEW_SETTINGS, ({ mistakes, production }) => ({ mistakes, production })),
  fromOptions(RENDERING, ({ rendering }) => rendering),
  fromOptions(KeyRing, ({ keys, appId, production }) => resolveKeyRing({ keys, appId, production })),
  fromOptions(StateCodec, ({ coders }) => new StateCodec(coders)),
  fromOptions(PublicPath, ({ publicPath: path, origins: { trustProxy } }) => {
    return new PublicPath({ path, trustProxy, tell: (text) => new Logger('Live').warn(text) });
  }),
  fromOptions(OriginPolicy, ({ origins }) => new OriginPolicy(origins)),
  {
    provide: ClientAsset,
    inject: [COMPONENTS_OPTIONS, PublicPath, ComponentRegistry, RendererSelector, FeatureHost],
    useFactory: (
      { prefix, clientModules: always, rendering: { development } }: ResolvedComponents,
      path: PublicPath,
      registry: ComponentRegistry,
      renderers: RendererSelector,
      features: FeatureHost,
    ) => new ClientAsset(prefix, path, new ClientParts({ registry, renderers, features }, { always, development })),
  },
  fromOptions(Roles, ({ roles }) => new Roles(roles)),
  fromOptions(SESSION_SETTINGS, ({ sessions, origins: { trustProxy = false } }) => ({ ...sessions, trustProxy })),
  fromOptions(NodeIdentity, ({ node }) => new NodeIdentity(node)),
  {
    provide: BACKEND,
    inject: [COMPONENTS_OPTIONS, { token: Backend, optional: true }],
    // Connected before anything else begins: whatever an application does in its own hooks finds it ready.
    useFactory: async ({ memory, nodes, appId }: ResolvedComponents, given?: Backend): Promise<Backend> => {
      const backend = given ?? new MemoryBackend(memory);
      verifyDeployment({ nodes, backend: process.env.NEST_LIVE_BACKEND }, backend);
      await backend.start(appId);
      return backend;
    },
  },
  {
    provide: Budgets,
    inject: [COMPONENTS_OPTIONS, BACKEND],
    useFactory: ({ limits, nodes }: ResolvedComponents, { roomBytes, state }: Backend) =>
      new Budgets({ ...limits, roomBytes, maxInstances: state.maxInstances, nodes }),
  },
  part(StateStore, ({ state }) => state),
  {
    provide: BudgetedStateStore,
    inject: [StateStore, Budgets],
    useFactory: (store: StateStore, budgets: Budgets) => new BudgetedStateStore(store, budgets),
  },
  part(WidgetStore, ({ widgets }) => widgets),
  part(EventBus, ({ events }) => events),
  part(ConnectionRouter, ({ connections }) => connections),
  part(SessionStore, ({ sessions }) => sessions),
  part(RateCounter, ({ rates }) => rates),
  part(RenderCache, ({ renders }) => renders),
  part(FormStore, ({ forms }) => forms),
  {
    provide: UPLOAD_SETTINGS,
    inject: [COMPONENTS_OPTIONS, BACKEND],
    useFactory: ({ uploads, prefix }: ResolvedComponents, { isShared: manyNodes }: Backend): UploadSettings => ({
      ...uploads,
      prefix,
      manyNodes,
    }),
  },
  {
    provide: UploadStore,
    inject: [ModuleRef, COMPONENTS_OPTIONS],
    useFactory: (moduleRef: ModuleRef, { uploads }: ResolvedComponents) =>
      uploads.store ? moduleRef.create(uploads.store) : new DiskUploadStore({ ...uploads, isShared: uploads.shared }),
  },
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
  Heartbeat,
  RouteClaims,
  Deadlines,
  Invoker,
  StateHolders,
  SharedInstances,
  OpenStage,
  HydrateStage,
  EventStage,
  RenderStage,
  CommitStage,
  AnswerStage,
  Entrance,
  Attempts,
  Previews,
  EventRunner,
  LifecycleRunner,
  PushRunner,
  ViewerRegistry,
  ConnectedCallers,
  ViewerRefresher,
  InstanceAccess,
  RendererSelector,
  StartReview,
  TaggedTemplateRenderer,
  PageRenderer,
  PageAgreement,
  PageAsker,
  ComponentsService,
  HtmlWidget,
  WidgetRunner,
  Widgets,
  WidgetKeeper,
  LiveCallbacks,
  CallerIntake,
  PollingReaders,
  RequestReader,
  PageMemory,
  PageVisits,
  PageForms,
  FormEndpoint,
  FormFilesIntake,
  LiveEndpoint,
  JointEndpoint,
  EventEndpoint,
  FeatureRoutes,
  FrontPaths,
  HandshakePassage,
  HttpBinding,
  PushEndpoint,
  SocketLogins,
  SocketEvents,
  SocketDispatcher,
  JoinedKeeper,
];

/** What an application may inject. */
export const EXPORTS = [
  ...FEATURE_EXPORTS,
  ConnectedCallers,
  ComponentRegistry,
  ComponentsService,
  LiveCallbacks,
  LifecycleRunner,
  InstanceAccess,
  Heartbeat,
  NodeIdentity,
  PublicPath,
  StateStore,
  WidgetStore,
  EventBus,
  ConnectionRouter,
  SessionStore,
  RateCounter,
  RenderCache,
  UploadStore,
];
