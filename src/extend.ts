export { Backend } from './backend/backend.js';
export { MemoryBackend } from './backend/memory.backend.js';
export { applicationRuns } from './component/application-code.js';
export {
  BEFORE_MOUNT,
  ON_DEFINE,
  TAKES_ZONES,
  TEMPLATE_HELPERS,
  type TemplateCall,
  type TemplateHelper,
} from './component/base-class.js';
export { requireRules } from './component/declared-rules.js';
export { sketchOf, type SchemaSketch } from './component/schema-sketch.js';
export { checkSchema, schemaOf } from './component/standard-schema.js';
export { shownBy, UTC_CLOCK, type Clock } from './component/clock.js';
export { browserValue, type ControlLike } from './component/control-value.js';
export { dateOf } from './component/date-text.js';
export {
  temporalClock,
  temporalKind,
  temporalKindOf,
  temporalName,
  temporalOf,
  type TemporalClass,
  type TemporalKind,
} from './component/temporal.js';
export { clockFor, UTC_ZONES, zoneOf, type Zones } from './component/zones.js';
export { holdsDigits, numberOf } from './component/number-text.js';
export { checkInto, refuseFields, type CheckOptions, type Checked } from './component/validation.js';
export { MemoryRenderCache } from './caching/memory.render-cache.js';
export { RenderCache, type CachedRender } from './caching/render-cache.js';
export { FormStore } from './state/form-store.js';
export { MemoryFormStore } from './state/memory.form-store.js';
export {
  ConnectionRouter,
  type ConnectionRouterOptions,
  type Route,
  type RouteKind,
} from './connections/connection-router.js';
export { Heartbeat } from './connections/heartbeat.js';
export { MemoryConnectionRouter } from './connections/memory.connection-router.js';
export { NodeIdentity } from './connections/node-identity.js';
export {
  EventBus,
  type EventBusOptions,
  type FeedEntry,
  type FeedListener,
  type Listener,
  type SubscribeOptions,
  type Subscription,
  type Unsubscribe,
} from './events/event-bus.js';
export { MemoryEventBus } from './events/memory.event-bus.js';
export { MessageQueue } from './events/message-queue.js';
export { packMessage, unpackMessage } from './events/packed-message.js';
export { subscription } from './events/subscription.js';
export { topicMatches } from './events/topic-pattern.js';
export { UploadReceiver, type Arriving } from './features/uploads/upload.receiver.js';
export { Cancellation } from './lifecycle/context/cancellation.js';
export { ConnectedCallers, type Connected } from './lifecycle/caller/connected-callers.js';
export {
  Feature,
  type ClientNeeds,
  type Destination,
  type Committed,
  type FeatureOptions,
  type LiveFeature,
  type Next,
  type Seam,
} from './lifecycle/context/live-feature.js';
export type { Soon } from './protocol/soon.js';
export type { ArrivingFile, AskedEvent, FilesByField, FormFile, FormFiles } from './lifecycle/context/form-files.js';
export type { OwnAnswer, OwnEndpoint, OwnExchange } from './lifecycle/context/own-exchange.js';
export type { Answer, Arrival } from './lifecycle/run/interaction.js';
export { InstanceAccess, type AccessedInstance, type FieldValues } from './lifecycle/run/instance-access.js';
export { LifecycleRunner } from './lifecycle/run/lifecycle.runner.js';
export type { HeldInstance, Viewer } from './lifecycle/instance/viewer.js';
export { Drain, type Draining } from './observability/drain.js';
export { Metrics } from './observability/metrics.js';
export type { EffectName, Effects, Position, RequestEnvelope } from './protocol/envelope.js';
export { resolveLimits, type Limits } from './protocol/limits.js';
export { parseRequest } from './protocol/parse-request.js';
export { MemoryRateCounter, type MemoryRateCounterOptions } from './rates/memory.rate-counter.js';
export { bucketOf, RateCounter, type RateOutcome, type RateRule } from './rates/rate-counter.js';
export { HandlebarsRenderer } from './rendering/handlebars.renderer.js';
export type { Piece } from './rendering/placement.js';
export { Rendered, type Dynamic } from './rendering/rendered.js';
export type { TokenPlace } from './rendering/token-place.js';
export { Renderer } from './rendering/renderer.js';
export { TaggedTemplateRenderer } from './rendering/tagged-template.renderer.js';
export type { ViewObject } from './rendering/view-object.js';
export { MemorySessionStore } from './sessions/memory.session-store.js';
export { Roles, covers } from './sessions/roles.js';
export {
  resolveSessionStore,
  sessionLifeOf,
  SessionStore,
  type CreateSession,
  type ResourceGrant,
  type SessionChange,
  type SessionRecord,
  type SessionStoreOptions,
} from './sessions/session-store.js';
export { StateCodec } from './state/codec.js';
export type { StateCoder } from './state/coders.js';
export { MemoryStateStore } from './state/memory.state-store.js';
export { MemoryWidgetStore } from './state/memory.widget-store.js';
export {
  StateStore,
  type AdoptOutcome,
  type AdoptRequest,
  type CommitOutcome,
  type CommitRequest,
  type Conflict,
  type CreateOutcome,
  type CreateRequest,
  type Forgotten,
  type JoinOutcome,
  type JoinRequest,
  type LeaveOutcome,
  type Opened,
  type OpenOutcome,
  type OpenRequest,
  type StateChange,
  type StateStoreOptions,
  type StoredState,
} from './state/state-store.js';
export {
  lifeOf,
  WidgetStore,
  type ClaimOutcome,
  type WidgetRecord,
  type WidgetStoreOptions,
} from './state/widget-store.js';
export { DiskUploadStore, type DiskUploadStoreOptions } from './uploads/disk.upload-store.js';
export {
  UploadStore,
  type ClaimUploadOutcome,
  type CreateUploadOutcome,
  type UploadBytes,
  type UploadDraft,
  type UploadPlan,
  type UploadRecord,
} from './uploads/upload-store.js';
