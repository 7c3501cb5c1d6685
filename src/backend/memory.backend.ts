import { MemoryRenderCache } from '../caching/memory.render-cache.js';
import { MemoryConnectionRouter } from '../connections/memory.connection-router.js';
import { MemoryEventBus } from '../events/memory.event-bus.js';
import { MemoryRateCounter } from '../rates/memory.rate-counter.js';
import { MemorySessionStore } from '../sessions/memory.session-store.js';
import { MemoryStateStore } from '../state/memory.state-store.js';
import type { MemoryStateStoreOptions } from '../state/memory.state-store.options.js';
import { MemoryWidgetStore } from '../state/memory.widget-store.js';
import { Backend } from './backend.js';

/** Everything in this process: for one node, for development and for tests. */
export class MemoryBackend extends Backend {
  readonly name = 'memory';
  readonly isShared = false;
  readonly state: MemoryStateStore;
  readonly widgets = new MemoryWidgetStore();
  readonly events = new MemoryEventBus();
  readonly connections = new MemoryConnectionRouter();
  readonly sessions = new MemorySessionStore();
  readonly rates = new MemoryRateCounter();
  readonly renders = new MemoryRenderCache();

  constructor(options: MemoryStateStoreOptions = {}) {
    super();
    this.state = new MemoryStateStore(options);
  }

  start(): Promise<void> {
    this.state.start();
    return Promise.resolve();
  }

  check(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    const { events, connections, sessions, rates, renders, widgets, forms, state } = this;
    const parts = [events, connections, sessions, rates, renders, widgets, forms, state];
    await Promise.all(parts.map((part) => part.close()));
  }
}
