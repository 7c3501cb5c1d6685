/** Something that a request can make grow, as the reference shows it. */
export interface GrowingStructure {
  readonly what: string;
  readonly all: string;
  readonly caller: string;
  readonly time: string;
  readonly metric: string;
  /** Where in `src` it is held. */
  readonly files: readonly string[];
}

const row = (
  what: string,
  [all, caller, time, metric]: readonly [string, string, string, string],
  ...files: readonly string[]
): GrowingStructure => ({ what, all, caller, time, metric, files });

/** Instances joined, over connections: what is held for each of them. */
const JOINED = [
  '`maxConnections` × `maxInstances`',
  '`maxConnectionsPerCaller` × `maxInstances`',
  'the connection’s',
] as const;

export const GROWING: readonly GrowingStructure[] = [
  row(
    'instances, client sessions, replies',
    [
      '`maxStrangerBytes` 7/16; users’: `memory.maxBytes`',
      '`maxBytesPerStranger` or `maxBytesPerUser` 7/16',
      '`memory.ttlMs`; in Redis its own',
      '`live_kept_instances_*`',
    ],
    'state/memory.state-store.ts',
    'state/stored-instance.ts',
  ),
  row(
    'tombstones',
    ['`maxStrangerBytes` 2/16; `memory.tombstoneCap`', '2/16', '`tokens.mountMs`', '`live_kept_tombstones_*`'],
    'state/tombstones.ts',
  ),
  row(
    'sessions without a login, `persist: true`',
    ['`maxStrangerBytes` 3/16', '3/16; each `maxSessionBytes`', '24 hours', '`live_kept_sessions_*`'],
    'sessions/memory.session-store.ts',
  ),
  row(
    'cached renders and names of their tags',
    ['`maxStrangerBytes` 2/16; users’: 32 MiB', '2/16', 'the `ttl`; names 24 hours', '`live_kept_renders_*`'],
    'caching/memory.render-cache.ts',
  ),
  row(
    'what refused forms have left',
    [
      '`maxStrangerBytes` 1/16',
      '`maxBytesPerStranger` or `maxBytesPerUser` 1/16',
      '2 or 15 minutes',
      '`live_kept_forms_*`',
    ],
    'state/memory.form-store.ts',
  ),
  row(
    'pages that poll',
    ['`maxStrangerBytes` 1/16; users’: 10,000', '1/16', '30 seconds', '`live_kept_readers_*`'],
    'transport/http/polling.readers.ts',
  ),
  row(
    'the budgets’ own lists',
    ['in the budgets themselves', 'the same', 'of what they count', '`live_kept_*`'],
    'budgets/budget.ts',
  ),
  row(
    'files',
    [
      '`uploads.maxBytes`, `uploads.maxStrangerBytes`',
      '`uploads.maxBytesPerCaller`, 1,000 files',
      '`uploads.tokenTtlMs`, `uploads.keepMs`',
      '`live_uploads_total`',
    ],
    'uploads/disk.tally.ts',
  ),
  row(
    'bodies that arrive',
    ['open connections', 'one per file', '`uploads.idleMs`', '`live_running_uploads`'],
    'features/uploads/upload.receiver.ts',
    'features/uploads/upload.forms.ts',
    'transport/forms/form-files.intake.ts',
    'transport/forms/multipart.reader.ts',
    'transport/http/feature.endpoint.ts',
  ),
  row(
    'results of consumed files',
    ['1,000 events', '`maxInFlight`', 'one event', '`live_running_interactions`'],
    'features/uploads/uploads.ts',
  ),
  row(
    'connections',
    [
      '`maxConnections`',
      '`maxConnectionsPerCaller`, `maxConnectionsPerIp`',
      '`pingIntervalMs`, `pingTimeoutMs`',
      '`live_connections`',
    ],
    'transport/socket/connected.sockets.ts',
    'lifecycle/caller/connected-callers.ts',
  ),
  row(
    'connections of the HTTP server, and answers on their way',
    ['the system’s own, and what stands in front', 'the same', 'Node’s own', 'none'],
    'transport/http/server.connections.ts',
  ),
  row(
    'joined instances and who looks at them',
    [...JOINED, '`live_joined_instances`'],
    'transport/socket/live.connection.ts',
    'lifecycle/instance/viewer.ts',
    'lifecycle/run/viewer.refresher.ts',
    'features/session-state/session-state.feature.ts',
    'connections/route-claims.ts',
    'connections/memory.connection-router.ts',
    'events/memory.event-bus.ts',
    'features/broadcasting/broadcasting.feature.ts',
    'features/broadcasting/instance-topics.ts',
    'callbacks/live.callbacks.ts',
  ),
  row(
    'presence',
    [...JOINED, '`live_joined_instances`'],
    'features/presence/attendance.ts',
    'features/presence/presence.ts',
    'features/presence/pace.ts',
    'features/presence/presence.gossip.ts',
    'features/presence/presence.feature.ts',
  ),
  row(
    'frames that wait for a client',
    [
      '`maxConnections` × `bufferedHardBytes`',
      '`bufferedHardBytes` per connection',
      '`slowClientMs`',
      '`live_buffered_bytes`',
    ],
    'transport/socket/send-window.ts',
    'transport/socket/send-windows.ts',
  ),
  row(
    'what viewers are shown',
    ['`maxShownBytes`', '`maxConnectionShownBytes`', 'the connection’s', '`live_shown_bytes`'],
    'patch/shown-renders.ts',
    'state/state-memory.ts',
    'rendering/rows/row-memory.ts',
  ),
  row(
    'push streams',
    ['`maxConnections`', '`maxStreamsPerCaller`, `maxConnectionsPerIp`', 'the connection’s', '`live_streams`'],
    'transport/sse/push.streams.ts',
  ),
  row(
    'interactions that wait or run',
    [
      '`maxQueue` per instance',
      '`maxInFlight`, `eventsPerSecondPerCaller`',
      '`handlerTimeoutMs`',
      '`live_queue_depth`',
    ],
    'lifecycle/instance/instance.queue.ts',
    'lifecycle/run/deadlines.ts',
    'transport/socket/unanswered.messages.ts',
    'features/cache/flights.ts',
    'features/session-state/session-bag.ts',
    'lifecycle/context/response-facade.ts',
    'transport/forms/page.visit.ts',
    'transport/http/joint.endpoint.ts',
  ),
  row(
    'event rates of callers',
    ['callers of the last nine seconds', 'one', 'until it is full again', '`live_refusals_total`'],
    'transport/caller.buckets.ts',
  ),
  row(
    'counts of `@RateLimit()`',
    ['100,000 keys', 'one per rule and event', 'the rule’s window', '`live_refusals_total`'],
    'rates/memory.rate-counter.ts',
  ),
  row(
    'tokens and principals known to be good',
    [
      '1,000 tokens, 4 MiB; 10,000 principals; 1,000 cookies',
      'in it',
      'until newer ones come',
      'none: they cost nobody anything',
    ],
    'state/token-sealer.ts',
    'state/issued.tokens.ts',
    'state/signed-value.ts',
    'transport/nameless.callers.ts',
  ),
  row(
    'repeated log and audit lines',
    ['1,000 kinds', 'in it', '`logRepeatMs`', '`live_refusals_total`'],
    'observability/repeats.ts',
  ),
  row(
    'labels of metrics',
    ['5,000', 'none of a request’s own', 'the process’', 'they themselves'],
    'observability/metric.ts',
  ),
  row(
    'paths that others have mounted us under',
    ['16', 'in it', 'the process’', 'none'],
    'transport/http/front.paths.ts',
  ),
  row(
    'messages of the control channel',
    ['those of the last minutes', 'the server’s own', 'a few minutes', 'none'],
    'features/sessions/control-message.ts',
  ),
  row(
    'widgets',
    ['`maxWidgets` 10,000', 'the server’s own', 'their `ttlMs`', 'none'],
    'state/memory.widget-store.ts',
    'widgets/widget.keeper.ts',
  ),
];

/** Written at start-up, or for one template or one render: no request can make them grow. */
export const FIXED: readonly string[] = [
  'component/component.factory.ts',
  'component/component.registry.ts',
  'connections/heartbeat.ts',
  'features/cache/cache.feature.ts',
  'features/cache/cache.plans.ts',
  'features/slots/slots.feature.ts',
  'features/uploads/upload.fields.ts',
  'features/url-state/url-state.feature.ts',
  'lifecycle/plan/feature-host.ts',
  'lifecycle/plan/invoker.ts',
  'lifecycle/instance/state-holders.ts',
  'patch/element-reader.ts',
  'rendering/guarded-values.ts',
  'rendering/handlebars.renderer.ts',
  'rendering/renderer.selector.ts',
  'rendering/rows/row-reads.ts',
  'rendering/tagged-template.renderer.ts',
  'rendering/template-fields.ts',
  'rendering/template-library.ts',
  'rendering/template-safety.ts',
  'review/written-files.ts',
  'state/codec.ts',
  'transport/page/page.agreement.ts',
];
