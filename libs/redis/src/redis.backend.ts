import { Backend } from 'nest-live/extend';

import { EvictionWatch } from './eviction.watch.js';
import { RedisConnectionRouter } from './redis.connection-router.js';
import { RedisEventBus } from './redis.event-bus.js';
import { RedisFormStore } from './redis.form-store.js';
import { RedisLink } from './redis.link.js';
import type { RedisOptions } from './redis.options.js';
import { RedisRateCounter } from './redis.rate-counter.js';
import { RedisRenderCache } from './redis.render-cache.js';
import { RedisSessionStore } from './redis.session-store.js';
import { RedisStateStore } from './redis.state-store.js';
import { RedisWidgetStore } from './redis.widget-store.js';
import { StartFailure } from './start.failure.js';
import { StartProbe } from './start.probe.js';

/** Everything in one Redis: for several nodes, and for state that outlives a restart. */
export class RedisBackend extends Backend {
  readonly name = 'redis';
  readonly isShared = true;
  readonly link: RedisLink;
  readonly state: RedisStateStore;
  readonly widgets: RedisWidgetStore;
  readonly events: RedisEventBus;
  readonly connections: RedisConnectionRouter;
  readonly sessions: RedisSessionStore;
  readonly rates: RedisRateCounter;
  readonly renders: RedisRenderCache;
  override readonly forms: RedisFormStore;
  private maxMemory = Infinity;
  private readonly probe: StartProbe;
  private readonly eviction: EvictionWatch;

  /** @throws LiveSetupError when nothing says where Redis is */
  constructor(options: RedisOptions = {}) {
    super();
    this.link = new RedisLink(options);
    this.state = new RedisStateStore(this.link, options.state);
    this.widgets = new RedisWidgetStore(this.link);
    this.events = new RedisEventBus(this.link);
    this.connections = new RedisConnectionRouter(this.link);
    this.sessions = new RedisSessionStore(this.link);
    this.rates = new RedisRateCounter(this.link);
    this.renders = new RedisRenderCache(this.link);
    this.forms = new RedisFormStore(this.link);
    this.probe = new StartProbe(this.link);
    this.eviction = new EvictionWatch(this.link);
  }

  /** Without a `maxmemory` of its own a server is taken for as large as it has to be. */
  override get roomBytes(): number {
    return this.maxMemory;
  }

  async start(appId?: string): Promise<void> {
    try {
      const server = await this.link.connect(appId);
      server.verify();
      this.maxMemory = server.maxMemory ?? Infinity;
      await this.probe.run().catch((error: unknown) => {
        throw new StartFailure(error).toError(0);
      });
    } catch (error) {
      this.link.close();
      throw error;
    }
  }

  async check(): Promise<void> {
    await this.link.identified();
    await this.probe.touch();
    await this.eviction.look();
  }

  override get warning(): string | undefined {
    return this.eviction.isEvicting ? 'BACKEND_EVICTS' : undefined;
  }

  async close(): Promise<void> {
    const { events, connections, sessions, rates, renders, widgets, state } = this;
    await Promise.all([events, connections, sessions, rates, renders, widgets, state].map((part) => part.close()));
    this.link.close();
  }
}
