import type { Provider } from '@nestjs/common';
import { APP_GUARD, ModuleRef } from '@nestjs/core';

import { COMPONENTS_OPTIONS, type ResolvedComponents } from './components.options.js';
import { AccessControl } from './features/permissions/access-control.js';
import { BroadcastingFeature } from './features/broadcasting/broadcasting.feature.js';
import { CacheFeature } from './features/cache/cache.feature.js';
import { CachePlans } from './features/cache/cache.plans.js';
import { ChildRunner } from './features/slots/child.runner.js';
import { DefaultPolicyGuard } from './features/permissions/default-policy.guard.js';
import { Families } from './features/slots/families.js';
import { LivePublisher } from './features/broadcasting/live.publisher.js';
import { NavigationFeature } from './features/navigation/navigation.feature.js';
import { Nursery } from './features/slots/nursery.js';
import { OptimisticFeature } from './features/optimistic/optimistic.feature.js';
import { OutputDelivery } from './features/slots/output.delivery.js';
import { PatientCache } from './features/cache/patient.cache.js';
import { PersistenceFeature } from './features/session-state/persistence.feature.js';
import { Presence } from './features/presence/presence.js';
import { PresenceFeature } from './features/presence/presence.feature.js';
import { PresenceGossip } from './features/presence/presence.gossip.js';
import { QueueFeature } from './features/queue/queue.feature.js';
import { RateLimitFeature } from './features/rate-limit/rate-limit.feature.js';
import { RateLimits } from './features/rate-limit/rate-limits.js';
import { RenderCacheInvalidation } from './features/cache/render-cache.invalidation.js';
import { Revocation } from './features/sessions/revocation.js';
import { SessionCookie } from './features/sessions/session.cookie.js';
import { SessionData } from './features/session-state/session-data.js';
import { SessionRecords } from './features/session-state/session-records.js';
import { SessionStateFeature } from './features/session-state/session-state.feature.js';
import { Sessions } from './features/sessions/sessions.js';
import { SlotMarks } from './features/slots/slot-marks.js';
import { SlotsFeature } from './features/slots/slots.feature.js';
import { StreamingFeature } from './features/streaming/streaming.feature.js';
import { UploadEndpoint } from './features/uploads/upload.endpoint.js';
import { UploadFields } from './features/uploads/upload.fields.js';
import { UploadForms } from './features/uploads/upload.forms.js';
import { UploadReceiver } from './features/uploads/upload.receiver.js';
import { UploadTickets } from './features/uploads/upload.tickets.js';
import { Uploads } from './features/uploads/uploads.js';
import { UploadsFeature } from './features/uploads/uploads.feature.js';
import { UrlStateFeature } from './features/url-state/url-state.feature.js';
import { ZONE } from './features/zones/zone.option.js';
import { ZonesFeature } from './features/zones/zones.feature.js';

/** What stands on the seams of `lifecycle/context/live-feature.ts`; nothing else knows these by name. */
export const FEATURES: Provider[] = [
  { provide: ZONE, inject: [COMPONENTS_OPTIONS], useFactory: ({ zone }: ResolvedComponents) => zone },
  ZonesFeature,
  BroadcastingFeature,
  NavigationFeature,
  RateLimitFeature,
  RateLimits,
  UrlStateFeature,
  OptimisticFeature,
  QueueFeature,
  SessionRecords,
  SessionData,
  SessionStateFeature,
  Presence,
  PresenceGossip,
  PresenceFeature,
  PersistenceFeature,
  PatientCache,
  RenderCacheInvalidation,
  CachePlans,
  CacheFeature,
  StreamingFeature,
  LivePublisher,
  AccessControl,
  SessionCookie,
  Revocation,
  Sessions,
  SlotsFeature,
  SlotMarks,
  Families,
  Nursery,
  ChildRunner,
  OutputDelivery,
  UploadTickets,
  UploadFields,
  UploadForms,
  UploadReceiver,
  UploadEndpoint,
  Uploads,
  UploadsFeature,
];

/** A global guard, so only where the options may name a policy: it would be asked of every controller, too. */
export const DEFAULT_POLICY: Provider = {
  provide: APP_GUARD,
  inject: [ModuleRef, COMPONENTS_OPTIONS],
  useFactory: async (moduleRef: ModuleRef, { defaultPolicy }: ResolvedComponents) =>
    new DefaultPolicyGuard(await Promise.all(defaultPolicy.map((guard) => moduleRef.create(guard)))),
};

/** What of them an application may inject. */
export const FEATURE_EXPORTS = [
  AccessControl,
  RateLimits,
  Sessions,
  SessionData,
  Presence,
  Revocation,
  LivePublisher,
  RenderCacheInvalidation,
  Uploads,
];
