import type { RenderCache } from '../caching/render-cache.js';
import type { ConnectionRouter } from '../connections/connection-router.js';
import type { EventBus } from '../events/event-bus.js';
import type { RateCounter } from '../rates/rate-counter.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { FormStore } from '../state/form-store.js';
import { MemoryFormStore } from '../state/memory.form-store.js';
import type { StateStore } from '../state/state-store.js';
import type { WidgetStore } from '../state/widget-store.js';

/** Injection token of the backend in use; `Backend` itself is what a backend's own module provides. */
export const BACKEND = Symbol('nest-live:backend');

/**
 * Everything that outlives a request, from one hand: a module that provides this class (`RedisModule`) is all it takes
 * to move an application from one process to many. Without one, this process's memory is used.
 */
export abstract class Backend {
  /** Said in health answers and at start-up: `memory`, `redis`. */
  abstract readonly name: string;
  /** Whether several nodes see the same data. */
  abstract readonly isShared: boolean;
  abstract readonly state: StateStore;
  abstract readonly widgets: WidgetStore;
  abstract readonly events: EventBus;
  abstract readonly connections: ConnectionRouter;
  abstract readonly sessions: SessionStore;
  abstract readonly rates: RateCounter;
  abstract readonly renders: RenderCache;
  /** @default in this process: what a form has left is then found by its own node alone */
  readonly forms: FormStore = new MemoryFormStore();

  /** What it holds at most, in bytes, where it says so. @default what a process may have on its heap */
  get roomBytes(): number | undefined {
    return undefined;
  }

  /**
   * Connects and looks whether the backend can keep its promises.
   *
   * @param appId whose backend it is: applications that share a server must not hear each other
   * @throws LiveSetupError when it cannot
   */
  abstract start(appId?: string): Promise<void>;

  /** Asks the backend for a sign of life, a write included. @throws whatever keeps it from answering */
  abstract check(): Promise<void>;

  /** Code of what was found wrong since the start though it answers; said in health answers. */
  get warning(): string | undefined {
    return undefined;
  }

  /** Closes every part. */
  abstract close(): Promise<void>;
}
