export { ComponentsModule } from './components.module.js';
export type {
  ComponentsAsyncOptions,
  ComponentsOptions,
  ComponentsRootOptions,
  TokenOptions,
} from './components.options.js';
export {
  Computed,
  LiveComponent,
  OnEvent,
  Secret,
  State,
  Temporary,
  type StateOptions,
} from './component/component.decorators.js';
export { ComponentRegistry } from './component/component.registry.js';
export type {
  ComponentDefinition,
  EventDefinition,
  LiveComponentOptions,
  StateFieldDefinition,
} from './component/definition.js';
export type {
  BeforeRender,
  FieldChange,
  OnDehydrate,
  OnDestroy,
  OnHydrate,
  OnMount,
  OnUpdate,
} from './component/hooks.js';
export { Caller, Live, Payload } from './component/parameter.decorators.js';
export { CATALOGUE, type CatalogueEntry, type LiveErrorCode } from './errors/catalogue.js';
export { LiveError, type LiveErrorDetails } from './errors/live-error.js';
export { LiveSetupError, type SetupErrorCode } from './errors/setup-error.js';
export { LivePublisher, type PushTarget } from './features/broadcasting/live.publisher.js';
export { OnTopic } from './features/broadcasting/on-topic.decorator.js';
export { redirect } from './features/navigation/navigation.feature.js';
export { AllowAny, IsAuthenticated } from './features/permissions/access.guards.js';
export { RequirePermissions } from './features/permissions/permissions.decorators.js';
export { PermissionsGuard } from './features/permissions/permissions.guard.js';
export { LiveCaller, type CallerInit } from './lifecycle/caller.js';
export { CallerResolver, RequestUserResolver, type CallerRequest } from './lifecycle/caller-resolver.js';
export { LIVE_CONTEXT, LiveExecutionContext } from './lifecycle/live-execution-context.js';
export { LiveContext, type Entry, type TransportName } from './lifecycle/live.context.js';
export type { EffectMap, ErrorReply, OkReply, Reply, UpdatePush, WireError } from './protocol/envelope.js';
export type { LimitsOptions } from './protocol/limits.js';
export { html } from './rendering/html-tag.js';
export type { RenderingOptions } from './rendering/rendering.options.js';
export { SafeHtml, trustHtml } from './rendering/safe-html.js';
export type { KeyOption, KeysOption } from './state/keys.js';
export type { MemoryStateStoreOptions } from './state/memory.state-store.js';
export type { OriginOptions } from './transport/origin.policy.js';
export {
  ComponentsService,
  type Dispatch,
  type Dispatched,
  type RenderFor,
} from './transport/page/components.service.js';
