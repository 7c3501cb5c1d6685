export {
  LiveCallbacks,
  type CallbackCounts,
  type CallbackStats,
  type Delivery,
  type LiveCallback,
  type LiveCallbackCall,
} from './callbacks/live.callbacks.js';
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
  Migrate,
  OnEvent,
  Secret,
  State,
  Temporary,
  type StateOptions,
} from './component/component.decorators.js';
export { InZone } from './component/zones.js';
export { ComponentRegistry } from './component/component.registry.js';
export type {
  ComponentDefinition,
  EventDefinition,
  LiveComponentOptions,
  Migration,
  StateFieldDefinition,
  StateHolding,
} from './component/definition.js';
export type {
  BeforeRender,
  FieldChange,
  OnDehydrate,
  OnDestroy,
  OnHydrate,
  OnMount,
  OnProps,
  OnUpdate,
} from './component/hooks.js';
export { Caller, Live, Payload, type PayloadOptions } from './component/parameter.decorators.js';
export type { StandardSchema } from './component/standard-schema.js';
export { CATALOGUE, type CatalogueEntry, type LiveErrorCode } from './errors/catalogue.js';
export type { OnMistakes } from './review/start.review.js';
export { LiveError, type LiveErrorDetails } from './errors/live-error.js';
export { LiveSetupError, type SetupErrorCode } from './errors/setup-error.js';
export { LivePublisher, type PushTarget } from './features/broadcasting/live.publisher.js';
export { OnTopic } from './features/broadcasting/on-topic.decorator.js';
export {
  CacheRender,
  InvalidatesCache,
  type CacheRenderOptions,
  type CacheTarget,
} from './features/cache/cache.decorators.js';
export { RenderCacheInvalidation } from './features/cache/render-cache.invalidation.js';
export { redirect } from './features/navigation/navigation.feature.js';
export { AllowAny, IsAuthenticated, IsStaff, IsSuperuser } from './features/permissions/access.guards.js';
export { Optimistic, type Prediction } from './features/optimistic/optimistic.decorator.js';
export { AccessControl } from './features/permissions/access-control.js';
export { ModelPermission } from './features/permissions/model-permission.guard.js';
export { RequirePermissionOn, RequirePermissions } from './features/permissions/permissions.decorators.js';
export { PermissionsGuard } from './features/permissions/permissions.guard.js';
export { DecidesAccess, type ResourceOf } from './features/permissions/permissions.metadata.js';
export { RateLimit } from './features/rate-limit/rate-limit.decorator.js';
export { RateLimitInterceptor } from './features/rate-limit/rate-limit.interceptor.js';
export type { RateKey, RateLimitOptions, RateLimitRule, RatePeriod } from './features/rate-limit/rate-limit.rule.js';
export { RateLimits } from './features/rate-limit/rate-limits.js';
export { Concurrency, type ConcurrencyMode } from './features/queue/concurrency.decorator.js';
export { Presence, type PresenceAsker } from './features/presence/presence.js';
export type { Person } from './features/presence/person.js';
export { Present, type PresentOptions } from './features/presence/present.decorator.js';
export { SessionBag } from './features/session-state/session-bag.js';
export { SessionData } from './features/session-state/session-data.js';
export { Session, type SessionFieldOptions } from './features/session-state/session.decorator.js';
export { Revocation } from './features/sessions/revocation.js';
export { SessionCallerResolver } from './features/sessions/session.caller-resolver.js';
export { SessionCookie } from './features/sessions/session.cookie.js';
export type { SessionOptions } from './features/sessions/session.options.js';
export { Sessions, type Login } from './features/sessions/sessions.js';
export { OnOutput, output, type Output } from './features/slots/output.js';
export { Upload, type UploadFieldOptions } from './features/uploads/upload.decorator.js';
export { Uploads, type UploadInfo } from './features/uploads/uploads.js';
export { Url, type UrlOptions, type UrlType } from './features/url-state/url.decorator.js';
export { LiveCaller, type CallerInit } from './lifecycle/caller/caller.js';
export type { CallerFields } from './lifecycle/caller/caller.view.js';
export { CallerResolver, RequestUserResolver, type CallerRequest } from './lifecycle/caller/caller-resolver.js';
export type { Principal } from './lifecycle/caller/connected-callers.js';
export { LIVE_CONTEXT, LiveExecutionContext } from './lifecycle/context/live-execution-context.js';
export { LiveContext } from './lifecycle/context/live.context.js';
export type { Entry, TransportName } from './lifecycle/context/live.context.init.js';
export type {
  EffectMap,
  ErrorReply,
  OkReply,
  PreviewFrame,
  Reply,
  UpdatePush,
  WireError,
} from './protocol/envelope.js';
export { AuditLog, LoggerAuditLog, type AuditEntry, type AuditKind } from './observability/audit-log.js';
export type { DrainOptions } from './observability/drain.js';
export type { LimitsOptions } from './protocol/limits.js';
export { PublicPath } from './protocol/public-path.js';
export { compose, type ComposeOptions } from './rendering/compose.js';
export { html } from './rendering/html-tag.js';
export type { Placement } from './rendering/placement.js';
export type { RenderingOptions } from './rendering/rendering.options.js';
export { SafeCode, trustCode } from './rendering/safe-code.js';
export { SafeHtml, trustHtml } from './rendering/safe-html.js';
export { DEFAULT_ROLES, type RoleMap } from './sessions/roles.js';
export type { KeyOption, KeysOption } from './state/keys.js';
export type { MemoryStateStoreOptions } from './state/memory.state-store.options.js';
export type { OriginOptions } from './transport/origin.policy.js';
export {
  ComponentsService,
  type Dispatch,
  type Dispatched,
  type HtmlWidgetOptions,
  type RenderFor,
  type WidgetUpdate,
} from './transport/page/components.service.js';
export type { UploadOptions } from './uploads/uploads.options.js';
export type { WidgetOptions } from './widgets/widget.options.js';
export type { WidgetChange } from './widgets/widget.runner.js';
export type { Widget, WidgetFilter, WidgetSummary } from './widgets/widgets.js';
