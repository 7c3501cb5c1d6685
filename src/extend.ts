export { EventBus, type Listener, type Unsubscribe } from './events/event-bus.js';
export { MemoryEventBus } from './events/memory.event-bus.js';
export { Feature, type Committed, type LiveFeature, type Next } from './lifecycle/live-feature.js';
export type { Answer, Arrival } from './lifecycle/interaction.js';
export { LifecycleRunner } from './lifecycle/lifecycle.runner.js';
export type { HeldInstance, Viewer } from './lifecycle/viewer.js';
export type { EffectName, Effects, Position, RequestEnvelope } from './protocol/envelope.js';
export { resolveLimits, type Limits } from './protocol/limits.js';
export { parseRequest } from './protocol/parse-request.js';
export { HandlebarsRenderer } from './rendering/handlebars.renderer.js';
export { Rendered, type Dynamic } from './rendering/rendered.js';
export { Renderer } from './rendering/renderer.js';
export { TaggedTemplateRenderer } from './rendering/tagged-template.renderer.js';
export type { ViewObject } from './rendering/view-object.js';
export { StateCodec } from './state/codec.js';
export type { StateCoder } from './state/coders.js';
export { MemoryStateStore } from './state/memory.state-store.js';
export {
  StateStore,
  type AdoptOutcome,
  type AdoptRequest,
  type CommitOutcome,
  type CommitRequest,
  type CreateOutcome,
  type CreateRequest,
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
