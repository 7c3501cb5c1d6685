import { Backend } from 'nest-live/extend';

import { RedisConnectionRouter } from './redis.connection-router.js';
import { RedisEventBus } from './redis.event-bus.js';
import { RedisLink } from './redis.link.js';
import type { RedisOptions } from './redis.options.js';
import { RedisRateCounter } from './redis.rate-counter.js';
import { RedisRenderCache } from './redis.render-cache.js';
import { RedisSessionStore } from './redis.session-store.js';
import { RedisStateStore } from './redis.state-store.js';
import { RedisWidgetStore } from './redis.widget-store.js';

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
  private maxMemory = Infinity;

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
  }

  /** Without a `maxmemory` of its own a server is taken for as large as it has to be. */
  override get roomBytes(): number {
    return this.maxMemory;
  }

  async start(): Promise<void> {
    try {
      const server = await this.link.connect();
      server.verify();
      this.maxMemory = server.maxMemory ?? Infinity;
    } catch (error) {
      this.link.close();
      throw error;
    }
  }

  async check(): Promise<void> {
    await this.link.identified();
    await this.link.commands.ping();
  }

  async close(): Promise<void> {
    const { events, connections, sessions, rates, renders, widgets, state } = this;
    await Promise.all([events, connections, sessions, rates, renders, widgets, state].map((part) => part.close()));
    this.link.close();
  }
}
