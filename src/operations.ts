import { Inject, Injectable, type Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';

import { BACKEND, type Backend } from './backend/backend.js';
import { Budgets } from './budgets/budgets.js';
import { COMPONENTS_OPTIONS, type ResolvedComponents } from './components.options.js';
import { NodeIdentity } from './connections/node-identity.js';
import { LiveSetupError } from './errors/setup-error.js';
import { InstanceQueue } from './lifecycle/instance/instance.queue.js';
import { ViewerRegistry } from './lifecycle/instance/viewer.js';
import { AuditLog } from './observability/audit-log.js';
import { Drain } from './observability/drain.js';
import { Health } from './observability/health.js';
import { LiveLog } from './observability/live.log.js';
import { LoopLag } from './observability/loop-lag.js';
import { Metrics } from './observability/metrics.js';
import { ClientAddress } from './protocol/client-address.js';
import { LIMITS, resolveLimits, type Limits } from './protocol/limits.js';
import { Admission } from './transport/admission.js';
import { FeatureEndpoint } from './transport/http/feature.endpoint.js';
import { OperationsEndpoint } from './transport/http/operations.endpoint.js';
import { ServerConnections } from './transport/http/server.connections.js';
import { ConnectedSockets } from './transport/socket/connected.sockets.js';
import { PollingReaders } from './transport/http/polling.readers.js';
import { SendWindows } from './transport/socket/send-windows.js';
import { PushStreams } from './transport/sse/push.streams.js';

/** How a node is run: what it counts and tells, how it begins and how it ends. */
@Injectable()
export class Operations {
  constructor(
    private readonly health: Health,
    private readonly lag: LoopLag,
    private readonly drain: Drain,
    private readonly log: LiveLog,
    private readonly metrics: Metrics,
    private readonly sockets: ConnectedSockets,
    private readonly windows: SendWindows,
    private readonly readers: PollingReaders,
    private readonly streams: PushStreams,
    private readonly transfers: FeatureEndpoint,
    private readonly queue: InstanceQueue,
    private readonly viewers: ViewerRegistry,
    private readonly budgets: Budgets,
    @Inject(COMPONENTS_OPTIONS) private readonly options: ResolvedComponents,
  ) {}

  /** Runs what may refuse a template; the audit hears of it. */
  async auditing(prepare: () => Promise<void>): Promise<void> {
    try {
      await prepare();
    } catch (error) {
      if (error instanceof LiveSetupError && error.code.startsWith('TEMPLATE_')) {
        this.log.noted('template-refused', error.message);
      }
      throw error;
    }
  }

  /** Everything has started. @throws LiveSetupError when the socket adapter has undone what this module relies on */
  start(): void {
    this.sockets.check();
    this.drain.register(this.sockets);
    this.drain.register(this.streams);
    this.drain.register(this.transfers);
    this.drain.awaits(() => this.transfers.size);
    // What runs mostly stands in a queue, too; pushes only there, mounts only here.
    this.drain.awaits(() => Math.max(this.metrics.running, this.queue.depth));
    this.metrics.gauge('live_queue_depth', 'Interactions that wait or run.', () => this.queue.depth);
    this.metrics.gauge(
      'live_joined_instances',
      'Instances that somebody looks at on this node.',
      () => this.viewers.size,
    );
    this.metrics.gauge('live_connections', 'Open sockets.', () => this.sockets.size);
    this.metrics.gauge('live_streams', 'Open push streams.', () => this.streams.size);
    this.metrics.gauge('live_buffered_bytes', 'Bytes that clients have not taken.', () => this.sockets.bufferedBytes);
    this.metrics.gauge('live_unacked_renders', 'Renders that no client has confirmed.', () => this.windows.unacked);
    this.metrics.gauge(
      'live_waiting_viewers',
      'Viewers that wait for room on their connection.',
      () => this.windows.waiting,
    );
    this.metrics.gauge(
      'live_shown_bytes',
      'Remembered of what viewers are shown.',
      () => this.windows.shownBytes + this.readers.shownBytes,
    );
    this.metrics.gauge(
      'live_coalesced_renders',
      'Renders left out because a newer one stood for them.',
      () => this.windows.coalesced,
    );
    this.metrics.gauge('live_loop_lag_seconds', 'Longest event-loop delay since the last reading.', () =>
      this.lag.takeMax(),
    );
    for (const budget of this.budgets.all) {
      const name = `live_kept_${budget.name}`;
      this.metrics.gauge(`${name}_strangers_bytes`, 'Kept for callers without a login.', () => budget.bytes.strangers);
      this.metrics.gauge(`${name}_users_bytes`, 'Kept for users.', () => budget.bytes.users);
      this.metrics.gauge(`${name}_refused`, 'How often there was no room.', () => budget.refused);
    }
    this.health.start();
    this.lag.start();
    const loosened = loosenings(this.options);
    if (loosened.length > 0) {
      this.log.noted('config-override', loosened.join(', '));
    }
  }

  stop(): void {
    this.health.stop();
    this.lag.stop();
    this.log.close();
    this.drain.finish();
  }
}

/** Options that make a node believe or bear more than it would by default. */
const loosenings = ({ origins, production, limits }: ResolvedComponents): readonly string[] => {
  const defaults = resolveLimits();
  const raised = (Object.keys(defaults) as (keyof Limits)[]).filter(
    (name) => limits[name] > defaults[name] || (limits[name] === 0 && defaults[name] !== 0),
  );
  return [
    ...(origins.origins?.length ? [`origins: ${origins.origins.join(' ')}`] : []),
    ...(origins.trustProxy ? ['trustProxy: true'] : []),
    ...(!production && process.env.NODE_ENV === 'production' ? ['production: false'] : []),
    ...raised.map((name) => `${name}: ${limits[name]}`),
  ];
};

export const OPERATIONS: Provider[] = [
  Operations,
  Metrics,
  Admission,
  ConnectedSockets,
  ServerConnections,
  FeatureEndpoint,
  PushStreams,
  SendWindows,
  {
    provide: AuditLog,
    inject: [ModuleRef, COMPONENTS_OPTIONS],
    useFactory: (moduleRef: ModuleRef, { audit }: ResolvedComponents) => moduleRef.create(audit),
  },
  {
    provide: ClientAddress,
    inject: [COMPONENTS_OPTIONS],
    useFactory: ({ origins }: ResolvedComponents) => new ClientAddress(origins.trustProxy ?? false),
  },
  {
    provide: LiveLog,
    inject: [Metrics, AuditLog, NodeIdentity, ClientAddress, COMPONENTS_OPTIONS],
    useFactory: (
      metrics: Metrics,
      audit: AuditLog,
      { id: node }: NodeIdentity,
      address: ClientAddress,
      { logRepeatMs: repeatMs, reasons: tellsReasons }: ResolvedComponents,
    ) => new LiveLog(metrics, audit, { node, repeatMs, address, tellsReasons }),
  },
  {
    provide: Drain,
    inject: [COMPONENTS_OPTIONS],
    useFactory: ({ drain }: ResolvedComponents) => new Drain(drain),
  },
  {
    provide: LoopLag,
    inject: [LIMITS],
    useFactory: ({ maxLoopLagMs: maxLagMs, shedAfterMs: forMs }: Limits) => new LoopLag({ maxLagMs, forMs }),
  },
  {
    provide: Health,
    inject: [NodeIdentity, BACKEND, Drain],
    useFactory: ({ id: node }: NodeIdentity, backend: Backend, drain: Drain) =>
      new Health({ node, backend: backend.name, check: () => backend.check(), warning: () => backend.warning }, drain),
  },
  {
    provide: OperationsEndpoint,
    inject: [Health, Metrics, COMPONENTS_OPTIONS],
    useFactory: (health: Health, metrics: Metrics, { metrics: shown }: ResolvedComponents) =>
      new OperationsEndpoint(health, metrics, { metrics: shown }),
  },
];
